"""Encoders that each round of a loop fits anew, made in the round.

``for c in columns: train[c] = le.fit_transform(train[c]); test[c] = le.transform(test[c])`` has an
encoder for each column, whichever name they share.
"""

from __future__ import annotations

import ast

from chasm.model import Facts, Statement
from chasm.plan.graph import Graph, build_graph
from chasm.plan.split.rounds import Change, Rounds, changed, on_own_lines, rounds_apart

FITS = ("fit", "fit_transform")
ENCODERS = ("transformer", "vectorizer")


def with_own_encoders(facts: Facts, rounds: Rounds) -> Rounds | None:
    """The notebook with such encoders made in the rounds; None when it has none."""
    graph, apart = build_graph(facts), on_own_lines(facts)
    sources = {cell.index: cell.source.split("\n") for cell in facts.notebook.cells}
    changes: dict[int, list[Change]] = {}
    for s in facts.statements:
        node = facts.nodes[s.id]
        if not isinstance(node, ast.For) or s.id not in apart:
            continue
        if node.orelse or not rounds_apart(node.iter, node.body):
            continue
        makers = [
            made for name in sorted(s.mutates & s.named) if (made := _maker(facts, graph, s, name))
        ]
        if makers:
            rows = sources[s.cell][s.line - 1 : s.end_line]
            lines = [(row, s.line + place) for place, row in enumerate(rows)]
            first = node.body[0].lineno - s.line
            indent = " " * node.body[0].col_offset
            lines[first:first] = [(indent + made, s.line + first) for made in makers]
            changes.setdefault(s.cell, []).append((s, lines, None))
    return changed(facts, rounds, changes) if changes else None


def _maker(facts: Facts, graph: Graph, s: Statement, name: str) -> str | None:
    """What makes the encoder ``name``, if rounds of the loop ``s`` may begin with it."""
    node = facts.nodes[s.id]
    assert isinstance(node, ast.For)
    version = graph.reads[s.id].get(name)
    if version is None or name not in facts.statements[version].binds or s.mutates - s.named:
        # It was changed since it was made, or has another name.
        return None
    made, value = facts.nodes[version], facts.statements[version].values.get(name)
    match made:
        case ast.Assign(
            targets=[ast.Name()], value=ast.Call(func=maker, args=args, keywords=named)
        ):
            given = [*args, *(k.value for k in named)]
        case _:
            return None
    known = value is not None and value.kind in ENCODERS
    if not known or not all(isinstance(one, ast.Constant) for one in given):
        return None
    if graph.users.get((name, s.id)) or not _fits_first(node, name):
        return None
    called = {n.id for n in ast.walk(maker) if isinstance(n, ast.Name)}
    between = facts.statements[version + 1 : s.id + 1]
    return None if any(called & other.binds for other in between) else ast.unparse(made)


def _fits_first(node: ast.For, name: str) -> bool:
    """Whether each round fits ``name`` before it asks it once more, and binds it nowhere."""
    uses = [n for part in node.body for n in ast.walk(part) if isinstance(n, ast.Name)]
    uses = sorted((n for n in uses if n.id == name), key=lambda n: (n.lineno, n.col_offset))
    if len(uses) < 2 or any(not isinstance(use.ctx, ast.Load) for use in uses):
        return False
    for part in node.body:
        inside = [n for n in ast.walk(part) if isinstance(n, ast.Name) and n.id == name]
        if not inside:
            continue
        match part:
            case ast.Assign(
                value=ast.Call(func=ast.Attribute(value=ast.Name(id=first), attr=attr))
            ) | ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=first), attr=attr))):
                return first == name and attr in FITS and len(inside) == 1
        return False
    return False
