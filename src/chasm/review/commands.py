"""Lines that are no Python: what the shell or the notebook itself is told to do.

No package holds them, and yet a result may depend on them: on the file that is fetched, on the
release that is installed, on the script that is run.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chasm.read.secrets import masked
from chasm.read.shell import FETCHES, is_install
from chasm.review.align import Alignment
from chasm.review.lines import Line, line_place
from chasm.review.model import Change, Delta, How, Part, Place, Version

#: Continued lines belong to the one that they continue.
CONTINUED = "\\"


@dataclass(frozen=True, slots=True)
class Command:
    """A line with its sign, ``!`` or ``%``; ``part`` says what depends on it."""

    cell: int
    text: str
    part: Part
    place: Place

    @property
    def word(self) -> str:
        """What is called: ``!pip``."""
        return self.text.split()[0] if self.text.split() else ""


def changed_commands(
    found: Alignment, old: Version, new: Version, cells: dict[int, int]
) -> list[Change]:
    """Commands that came, went or are others now; those inside a told statement are told there."""
    gone = commands_of(old, _told(found.old, [*found.removed, *found.changed]))
    come = commands_of(new, _told(found.new, [*found.added, *found.changed.values()]))
    _paired(gone, come, lambda a: a.text, lambda b: b.text)
    changes = [
        _change(b.part, How.CHANGED, a, b)
        for a, b in _paired(
            gone, come, lambda a: (cells.get(a.cell), a.word), lambda b: (b.cell, b.word)
        )
    ]
    changes += [_change(one.part, How.REMOVED, one, None) for one in gone]
    return changes + [_change(one.part, How.ADDED, None, one) for one in come]


def commands_of(version: Version, told: frozenset[tuple[int, int]]) -> list[Command]:
    """The commands of a version but those on lines that are ``told``."""
    notebook = version.facts.notebook
    raw = {cell.index: cell.raw.split("\n") for cell in notebook.cells}
    noted = {(f.cell, f.line) for f in notebook.findings}
    found = []
    for cell, line, _ in notebook.dropped_lines:
        if (cell, line) in told:
            continue
        last = line
        while last < len(raw[cell]) and raw[cell][last - 1].endswith(CONTINUED):
            last += 1
        text = masked("\n".join(raw[cell][line - 1 : last]).strip())
        part = _part(text, (cell, line) in noted)
        found.append(Command(cell, text, part, line_place(version, cell, line, last)))
    return found


def _part(text: str, noted: bool) -> Part:
    if FETCHES.match(text):
        return Part.INPUT
    # What is left out without a word is plumbing: no result depends on it.
    return Part.COMMAND if noted or is_install(text.lstrip("!% ")) else Part.REPORT


def _told(lines: Sequence[Line], numbers: Sequence[int]) -> frozenset[tuple[int, int]]:
    spans = [lines[n].statement for n in numbers]
    return frozenset((s.cell, line) for s in spans for line in range(s.line, s.end_line + 1))


def _paired(
    gone: list[Command],
    come: list[Command],
    before: Callable[[Command], object],
    after: Callable[[Command], object],
) -> list[tuple[Command, Command]]:
    """Take out of both lists what has the same key, in the order of the notebook."""
    waiting: dict[object, list[Command]] = {}
    for one in come:
        waiting.setdefault(after(one), []).append(one)
    found = []
    for one in list(gone):
        if others := waiting.get(before(one)):
            found.append((one, others.pop(0)))
            gone.remove(one)
            come.remove(found[-1][1])
    return found


def _change(part: Part, how: How, old: Command | None, new: Command | None) -> Change:
    one = new or old
    assert one is not None
    deltas = _words(old.text, new.text) if old and new else ()
    return Change(
        part, how, one.word, old.text if old else "", new.text if new else "", deltas,
        old.place if old else None, new.place if new else None,
    )  # fmt: skip


def _words(old: str, new: str) -> tuple[Delta, ...]:
    """The words that are others, where the rest of the command is as it was."""
    before, after = old.split(), new.split()
    if len(before) != len(after):
        return ()
    return tuple(Delta("", a, b) for a, b in zip(before, after, strict=True) if a != b)
