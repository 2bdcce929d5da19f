"""Numbers that a notebook had stored for its metrics, old and new."""

import re
from collections.abc import Sequence

from chasm.model import Cell, Statement
from chasm.read.secrets import masked
from chasm.review.model import Metric, Version

NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?%?")
#: An object's address, an array or the log of a training, a time.
NO_FIGURE = re.compile(r"^<.*>$| at 0x[0-9A-Fa-f]|^\[|\d:\d\d:\d\d")
#: A row of a table of figures begins with what it is about; arrays have brackets.
ROW = re.compile(r"\d+(?:\s+[\d.]+){3,5}")
MAX_METRICS = 40
MAX_NAME = 60


def metrics_of(old: Version, new: Version, cells: dict[int, int]) -> tuple[Metric, ...]:
    """Stored figures that are others now, by the cells that show them."""
    if not has_outputs(new) or not has_outputs(old):
        return ()
    before, after = _telling(old), _telling(new)
    mine = {c.index: c for c in old.facts.notebook.cells}
    home = {b: a for a, b in cells.items()}
    found: list[Metric] = []
    for cell in new.facts.notebook.cells:
        if cell.index not in after:
            continue
        earlier = mine.get(home.get(cell.index, 0))
        told = earlier is not None and earlier.index in before
        known = _lines(earlier, before) if told and earlier is not None else []
        found += _compared(known, _lines(cell, after), cell.index)
    return tuple(found[:MAX_METRICS])


def has_outputs(version: Version) -> bool:
    """Whether anything that a run printed is stored."""
    return any(cell.printed for cell in version.facts.notebook.cells)


def _telling(version: Version) -> dict[int, str]:
    """Cells that show metrics, with what stands for a number that they show without a word."""
    names: set[str] = set()
    found: dict[int, str] = {}
    for s in version.facts.statements:
        asks = s.effects.metric
        if asks:
            names |= s.binds
        told = s.effects.prints or s.shown is not None
        if told and (asks or names & s.reads):
            shown = _label(version, s) if asks else ", ".join(sorted(names & s.reads))
            found.setdefault(s.cell, shown)
    return found


def _label(version: Version, s: Statement) -> str:
    """The metric that a statement asks for."""
    entries = version.trees[s.id].entries.values()
    asked = [name.rpartition(".")[2] for name, entry in entries if entry.metric]
    return asked[0] if asked else ""


def _lines(cell: Cell, labels: dict[int, str]) -> list[tuple[str, str]]:
    """Name and value of each printed line that has numbers."""
    found = []
    for printed in cell.printed:
        line = masked(printed).strip()
        numbers = NUMBER.findall(line)
        if not numbers or NO_FIGURE.search(line):
            continue
        name, sign, value = line.partition(":")
        if not (sign and NUMBER.search(value)):
            name, value = NUMBER.sub(" ", line), " ".join(numbers)
        name = " ".join(name.split()).strip(" :=,()[]{}|'\"")
        if not name and len(numbers) > 2:
            if not ROW.fullmatch(line):
                continue
            name, value = f"row {numbers[0]}", " ".join(numbers[1:])
        value = " ".join(value.split())
        found.append(((name or labels[cell.index])[:MAX_NAME], value[:MAX_NAME]))
    return found


def _compared(
    old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]], cell: int
) -> list[Metric]:
    """Lines of one name belong together in their order."""
    waiting: dict[str, list[str]] = {}
    for name, numbers in old:
        waiting.setdefault(name, []).append(numbers)
    found = []
    for name, numbers in new:
        before = waiting[name].pop(0) if waiting.get(name) else ""
        if before != numbers:
            found.append(Metric(name, before, numbers, cell))
    gone = [(name, one) for name, left in waiting.items() for one in left]
    return found + [Metric(name, one, "", cell) for name, one in gone]
