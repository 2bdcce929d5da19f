"""Compares printed lines: as they are, then with figures within the tolerance."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable

from chasm.verify.values import same

NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w])")
#: Of so many digits a figure is no whole number that Python reads.
LONG = 4000
#: How alike two lines must be for the one to stand for the other.
ALIKE = 0.6


class Lines:
    """The lines that a package printed, each of which answers for one line of the notebook."""

    def __init__(self, lines: Iterable[str], logged: Iterable[str] = ()) -> None:
        printed = list(lines)
        self._lines = [*printed, *logged]
        self._printed = len(printed)
        self._free = [True] * len(self._lines)
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._masked: dict[str, list[int]] = defaultdict(list)
        for number, line in enumerate(self._lines):
            self._exact[line].append(number)
            self._masked[NUMBER.sub("#", line)].append(number)

    def take(self, line: str) -> bool:
        """Whether the line was printed and not yet taken; it is taken now."""
        for number in self._exact[line]:
            if self._free[number]:
                self._free[number] = False
                return True
        for number in self._masked[NUMBER.sub("#", line)]:
            if self._free[number] and same_figures(line, self._lines[number]):
                self._free[number] = False
                return True
        return False

    def take_text(self, text: str) -> bool:
        """Whether all lines of a text were printed; the first may follow a name and a colon."""
        lines = [line.rstrip() for line in text.splitlines() if line.strip()]
        if not lines:
            return False
        free = list(self._free)
        first = next(
            (
                number
                for number, line in enumerate(self._lines)
                if self._free[number] and (line == lines[0] or line.endswith(f": {lines[0]}"))
            ),
            None,
        )
        if first is None:
            return False
        self._free[first] = False
        if all(self.take(line) for line in lines[1:]):
            return True
        self._free = free
        return False

    def take_alike(self, line: str) -> str | None:
        """A free line that says the same of other figures, or nearly the same; it is taken."""
        for number in self._masked[NUMBER.sub("#", line)]:
            if self._free[number]:
                self._free[number] = False
                return self._lines[number]
        best, found = ALIKE, None
        matcher = difflib.SequenceMatcher(b=line, autojunk=False)
        for number, other in enumerate(self._lines):
            if not self._free[number]:
                continue
            matcher.set_seq1(other)
            if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best:
                ratio = matcher.ratio()
                if ratio > best:
                    best, found = ratio, number
        if found is None:
            return None
        self._free[found] = False
        return self._lines[found]

    def left(self) -> list[str]:
        """The printed lines that answer for none of the notebook's."""
        return [self._lines[number] for number in range(self._printed) if self._free[number]]


def same_figures(line: str, other: str) -> bool:
    """Whether two lines with the same words have the same figures, within the tolerance."""
    one, two = NUMBER.findall(line), NUMBER.findall(other)
    return len(one) == len(two) and all(
        same(_figure(a), _figure(b)) for a, b in zip(one, two, strict=True)
    )


def _figure(text: str) -> float:
    """A figure as a whole number where it is written as one; Python refuses very long ones."""
    digits = text.removeprefix("-").removeprefix("+")
    return int(text) if digits.isdecimal() and len(digits) < LONG else float(text)
