"""The facts of the normal form of a notebook, told by the cells and lines of the notebook."""

from dataclasses import replace

from chasm.analyse import analyse
from chasm.model import Facts
from chasm.plan.split.derive import Split
from chasm.plan.split.rounds import Rounds
from chasm.rulebook import Rulebook


class Unreadable(Exception):
    """A cell of the normal form is no Python any more."""


def in_notebook(split: Split, rounds: Rounds) -> Split:
    """The split with the lines of the notebook itself in what it tells."""
    stops = (replace(stop, line=rounds.line(stop.cell, stop.line)) for stop in split.stops)
    leaks = ((cell, rounds.line(cell, line)) for cell, line in split.leaks)
    origins = {at: (cell, rounds.line(cell, line)) for at, (cell, line) in split.origins.items()}
    return replace(split, stops=tuple(stops), leaks=tuple(leaks), origins=origins)


def facts_of(split: Split, facts: Facts, book: Rulebook) -> Facts:
    """The facts of the normal form; raises :class:`Unreadable`, for no statement may be lost."""
    found = analyse(split.notebook, book)
    unread = [{f.cell for f in one.findings if f.code == "CH003"} for one in (found, facts)]
    if unread[0] - unread[1]:
        raise Unreadable(split.end)
    return _at_home(replace(found, findings=facts.findings), split)


def _at_home(facts: Facts, split: Split) -> Facts:
    """The facts of the normal form, where each statement knows the cell that it is from."""
    homes = {place: cell for place, (cell, _) in split.origins.items() if cell != place[0]}
    moved = (replace(s, home=homes.get((s.cell, s.nth))) for s in facts.statements)
    return replace(facts, statements=tuple(moved)) if homes else facts
