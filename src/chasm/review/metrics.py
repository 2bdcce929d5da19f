"""Numbers that a notebook had stored for its metrics, old and new."""

import re
from collections.abc import Sequence

from chasm.model import Cell, Facts, Statement
from chasm.read.secrets import masked
from chasm.review.model import Metric, Version

NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?%?")
MAX_METRICS = 40
MAX_NAME = 60


def metrics_of(old: Version, new: Version, cells: dict[int, int]) -> tuple[Metric, ...]:
    """Stored figures that are others now, by the cells that show them."""
    if not has_outputs(new) or not has_outputs(old):
        return ()
    before, after = _telling(old.facts), _telling(new.facts)
    mine = {c.index: c for c in old.facts.notebook.cells}
    home = {b: a for a, b in cells.items()}
    found: list[Metric] = []
    for cell in new.facts.notebook.cells:
        if cell.index not in after:
            continue
        earlier = mine.get(home.get(cell.index, 0))
        known = _lines(earlier, before) if earlier is not None else []
        found += _compared(known, _lines(cell, after), cell.index)
    return tuple(found[:MAX_METRICS])


def has_outputs(version: Version) -> bool:
    """Whether anything that a run printed is stored."""
    return any(cell.printed for cell in version.facts.notebook.cells)


def _telling(facts: Facts) -> dict[int, str]:
    """Cells that show metrics, with what stands for a number that they show without a word."""
    names: set[str] = set()
    found: dict[int, str] = {}
    for s in facts.statements:
        asks = s.effects.metric
        if asks:
            names |= s.binds
        told = s.effects.prints or s.shown is not None
        if told and (asks or names & s.reads):
            found[s.cell] = _label(s)
    return found


def _label(s: Statement) -> str:
    return s.call.rpartition(".")[2] if s.call else ", ".join(s.ordered[:2])


def _lines(cell: Cell, labels: dict[int, str]) -> list[tuple[str, str]]:
    """Name and numbers of each printed line that has any."""
    found = []
    for line in cell.printed:
        numbers = NUMBER.findall(line)
        if numbers:
            text = " ".join(NUMBER.sub(" ", masked(line)).split())
            name = text.strip(" :=,()[]{}|'\"") or labels.get(cell.index, "")
            found.append((name[:MAX_NAME], " ".join(numbers)))
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
