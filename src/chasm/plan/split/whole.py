"""A model that is fitted straight to a part of a data set: the part gets a name of its own.

``tree.fit(iris.data, iris.target)`` becomes ``X = iris.data; tree.fit(X, iris.target)``, so that
the table of the records has a name.
"""

from __future__ import annotations

import ast

from chasm.analyse.statements import Tree
from chasm.model import Facts
from chasm.plan.graph import build_graph
from chasm.plan.split.context import taken_names
from chasm.plan.split.model import Edit, Names
from chasm.plan.split.rounds import Rounds, changed, on_own_lines
from chasm.plan.split.served import choose_served
from chasm.plan.split.source import Source, apply, encoded
from chasm.rulebook import Rulebook

#: The kind of a data set with its target beside it.
DATA_SET = "bunch"


def with_named_inputs(
    facts: Facts, trees: list[Tree], book: Rulebook, rounds: Rounds, wanted: str | None
) -> Rounds | None:
    """The notebook with a name for such inputs of the served model; None where there are none."""
    served = choose_served(facts, trees, build_graph(facts), book, wanted)
    if served is None:
        return None
    s = facts.statements[served.fit.statement]
    node, inputs = trees[s.id].node, served.fit.inputs
    if s.id not in on_own_lines(facts) or not _is_part(trees[s.id], inputs):
        return None
    if isinstance(node, (ast.For, ast.While, ast.If, ast.With, ast.Try)):
        # A part that is taken in a round need not be there before it.
        return None
    cell = next(c for c in facts.notebook.cells if c.index == s.cell)
    source = Source(encoded(cell.source))
    name = Names(taken_names(facts.statements)).unique("X")
    start, end = source.span(facts.nodes[s.id])
    code = apply(source.text, [Edit(*source.span(inputs), name)], start, end)
    lines = [(f"{name} = {source.of(inputs)}", s.line), (code, s.line)]
    return changed(facts, rounds, {s.cell: [(s, lines, None)]})


def _is_part(tree: Tree, node: ast.expr) -> bool:
    """Whether ``node`` is a part of a data set, by its name or its key."""
    base = node
    while isinstance(base, (ast.Attribute, ast.Subscript)):
        base = base.value
    value = tree.values.get(id(base))
    return base is not node and value is not None and value.kind == DATA_SET
