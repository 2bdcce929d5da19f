"""The entrance: a normal form whose split comes before what is learned of its rows.

The notebook's own call of the split divides the positions of the rows, above the first
statement that is mended. Each of those then learns of the rows at the training positions, and
where the notebook divided the rows they are taken by their positions: the same ones, since
nothing in between chooses or moves rows.
"""

from __future__ import annotations

from dataclasses import replace

from chasm.analyse import analyse
from chasm.analyse.statements import Tree
from chasm.model import Notebook
from chasm.plan.leakage.model import Leakage, Learning
from chasm.plan.leakage.moving import Moving
from chasm.plan.leakage.telling import stored_metrics
from chasm.plan.leakage.way import Way
from chasm.plan.split.derive import Split
from chasm.rulebook import Rulebook

STOPS = "the way of a record is lost here, and what was learned before was not looked at"
TWICE = "the rows are divided more than once on the way to the model"


def mended(split: Split, book: Rulebook, notebook: Notebook) -> tuple[Split, Leakage]:
    """The split with its leaks mended as far as that can be, and what became of each.

    ``notebook`` is the one that the normal form was made of.
    """
    trees: list[Tree] = []
    facts = analyse(split.notebook, book, trees)
    way = Way(split, facts, trees, book)
    divided = way.splits()
    stops = tuple(Learning(one.cell, one.line, one.statement, STOPS) for one in split.stops)
    if not divided and stops:
        return split, Leakage(stops)
    if not divided:
        return split, Leakage(nothing="no split holds out rows of what the served model learns")
    reasons: dict[int, str] = dict.fromkeys(way.learns(divided[-1]), "")
    moving = Moving(way, divided[0])
    stands = TWICE if len(divided) > 1 else moving.hindrance()
    reasons = {n: stands or moving.hindrance_of(n) for n in reasons}
    moved = [n for n, reason in reasons.items() if not reason]
    if moved:
        split = moving.moved(moved)
    found: dict[tuple[int, int], str] = {}
    for number, reason in reasons.items():
        place = way.place(number)
        found[place] = found.get(place) or reason
    learnings = tuple(
        Learning(cell, line, _text(notebook, cell, line), reason)
        for (cell, line), reason in sorted(found.items())
    )
    others = {s.cell for s in facts.statements if s.stage == "split" and s.id not in divided} - {
        facts.statements[n].cell for n in divided
    }
    learnings = (*stops, *learnings)
    split = replace(split, leaks=tuple((one.cell, one.line) for one in learnings if one.reason))
    if not moved:
        return split, Leakage(learnings)
    drawn = bool(facts.statements[divided[0]].effects.random)
    at = way.place(divided[0])
    return split, Leakage(learnings, at, drawn, tuple(sorted(others)), stored=stored_metrics(facts))


def _text(notebook: Notebook, cell: int, line: int) -> str:
    source = next((c.source for c in notebook.cells if c.index == cell), "").split("\n")
    return source[line - 1].strip()[:120] if 0 < line <= len(source) else ""
