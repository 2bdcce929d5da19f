"""Compares printed lines: as they are, then with figures within the tolerance."""

import difflib
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator

from chasm.verify.model import ABSOLUTE, RELATIVE
from chasm.verify.values import same

NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w])")
#: Of so many digits a figure is none that can be compared with a tolerance.
LONG = 300
#: How alike two lines must be for the one to stand for the other.
ALIKE = 0.6
#: So many pairs of lines are looked at for being alike; that is slow, and helps a reader only.
LOOKS = 300_000


class Lines:
    """The lines that a package printed, each of which answers for one line of the notebook."""

    def __init__(self, lines: Iterable[str], logged: Iterable[str] = ()) -> None:
        printed = list(lines)
        self._lines = [*printed, *logged]
        self._printed = len(printed)
        self._free = [True] * len(self._lines)
        self._looks = LOOKS
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._masked: dict[str, list[int]] = defaultdict(list)
        #: The same by their first figure, for lines of which there are many.
        self._figures: dict[str, list[tuple[float, int]]] = defaultdict(list)
        for number, line in enumerate(self._lines):
            words = words_of(line)
            self._exact[line].append(number)
            self._masked[words].append(number)
            if figures := figures_of(line):
                self._figures[words].append((figures[0], number))
        for pairs in self._figures.values():
            pairs.sort()

    def take(self, line: str) -> bool:
        """Whether the line was printed and not yet taken; it is taken now."""
        number = next((n for n in self._same(line) if self._free[n]), None)
        if number is not None:
            self._free[number] = False
        return number is not None

    def _same(self, line: str) -> Iterator[int]:
        """The lines that are the same, first those that are it to the letter."""
        yield from self._exact.get(line, ())
        figures = figures_of(line)
        pairs = self._figures.get(words_of(line), ())
        if not figures or not pairs:
            return
        near = abs(figures[0]) * 2 * RELATIVE + 2 * ABSOLUTE
        start = bisect_left(pairs, (figures[0] - near, -1))
        for first, number in pairs[
            start : bisect_left(pairs, (figures[0] + near, len(self._lines)))
        ]:
            if same(first, figures[0]) and same_line(line, self._lines[number]):
                yield number

    def as_printed(self, lines: list[str]) -> list[str]:
        """Lines with the same words in the order in which they were printed, if all of them were.

        What else was printed does not count: where they came one after another, nothing changes.
        """
        printed = iter(self._masked.get(words_of(lines[0]), ()))
        if all(any(same_line(line, self._lines[n]) for n in printed) for line in lines):
            return lines
        places: set[int] = set()
        for line in lines:
            number = next((n for n in self._same(line) if n not in places), None)
            if number is None:
                return lines
            places.add(number)
        return [self._lines[number] for number in sorted(places)]

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
                if self._free[number] and _tells(line, lines[0])
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
        # What is taken here is not given back: with many lines it would be looked at over and over.
        waiting = self._masked.get(words_of(line), [])
        for place, number in enumerate(waiting):
            if self._free[number]:
                del waiting[: place + 1]
                self._free[number] = False
                return self._lines[number]
        best, found = ALIKE, None
        matcher = difflib.SequenceMatcher(b=line, autojunk=False)
        for number, other in enumerate(self._lines):
            if not self._free[number]:
                continue
            self._looks -= 1
            if self._looks < 0:
                break
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


def words_of(line: str) -> str:
    """A line without its figures."""
    return NUMBER.sub("#", line)


def _tells(line: str, text: str) -> bool:
    """Whether a line is a text, or a name, a colon and that text, but for the last digits."""
    if line == text or line.endswith(f": {text}"):
        return True
    words, wanted = words_of(line), words_of(text)
    if words != wanted and not words.endswith(f": {wanted}"):
        return False
    figures = figures_of(text)
    told = figures_of(line)[-len(figures) :]
    pairs = zip(figures, told, strict=False)
    return 0 < len(figures) == len(told) and all(same(a, b) for a, b in pairs)


def same_line(line: str, other: str) -> bool:
    """Whether two lines have the same words and figures."""
    return line == other or words_of(line) == words_of(other) and same_figures(line, other)


def same_figures(line: str, other: str) -> bool:
    """Whether two lines with the same words have the same figures, within the tolerance.

    A whole number and one with a point were two types of number.
    """
    one, two = figures_of(line), figures_of(other)
    return list(map(type, one)) == list(map(type, two)) and all(map(same, one, two))


def figures_of(line: str) -> list[float]:
    """The figures of a line: whole numbers where they are written so."""
    return [
        int(text) if text.lstrip("+-").isdecimal() and len(text) < LONG else float(text)
        for text in NUMBER.findall(line)
    ]
