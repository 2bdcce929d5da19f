"""Loops over several tables, written out: ``for df in [train, test]`` is one round a table.

The way of a record goes through the round of its own table alone, so each needs statements
of its own.
"""

from __future__ import annotations

import ast

from chasm.analyse.nodes import has_long_text
from chasm.model import Facts, Statement
from chasm.plan.graph import Graph, build_graph
from chasm.plan.split.callee import hides
from chasm.plan.split.model import Edit
from chasm.plan.split.rounds import Change, Rounds, changed
from chasm.plan.split.source import Source, apply, dedented, encoded

#: What the elements of such a list may be known to be.
TABLES = ("frame", "series", "array", "table")
MOST = 4


def without_table_loops(facts: Facts) -> Rounds | None:
    """The notebook with its loops over tables written out; None when it has none."""
    graph = build_graph(facts)
    sources = {cell.index: cell.source for cell in facts.notebook.cells}
    secret = {cell for cell, _, _ in facts.notebook.secrets}
    changes: dict[int, list[Change]] = {}
    for s in facts.statements:
        if s.syntax == "For" and s.cell not in secret:
            tables = _tables(facts, graph, s)
            if tables and _writes_out(facts, graph, s):
                rounds = _rounds(sources[s.cell], facts.nodes[s.id], tables)
                changes.setdefault(s.cell, []).extend((s, lines, "") for lines in rounds)
    return changed(facts, Rounds(facts.notebook), changes) if changes else None


def _tables(facts: Facts, graph: Graph, s: Statement) -> list[str]:
    """The names of the tables that the rounds of a loop go over, one each; empty if unknown."""
    node = facts.nodes[s.id]
    assert isinstance(node, ast.For)
    source, made = node.iter, s.id
    if isinstance(source, ast.Name):
        versions = graph.back(source.id, graph.reads[s.id].get(source.id))
        version = next((v for v in versions if source.id in facts.statements[v].binds), None)
        bound = facts.nodes[version] if version is not None else None
        if version is None or not isinstance(bound, ast.Assign) or len(bound.targets) != 1:
            return []
        if not isinstance(bound.targets[0], ast.Name):
            return []
        source, made = bound.value, version
    if not isinstance(source, (ast.List, ast.Tuple)) or not 1 < len(source.elts) <= MOST:
        return []
    names = [e.id for e in source.elts if isinstance(e, ast.Name)]
    if len(set(names)) != len(source.elts):
        return []
    between = facts.statements[made + 1 : s.id]
    if any(set(names) & other.binds for other in between):
        return []
    known = [_kind(facts, graph, name, s.id) for name in names]
    return names if all(known) else []


def _kind(facts: Facts, graph: Graph, name: str, at: int) -> bool:
    """Whether ``name`` is a table, as far as statement ``at`` knows it."""
    start = graph.reads[at].get(name, graph.before[at].get(name))
    if start is None:
        # The loop names the list alone; its elements are what they were in the list.
        made = [s.id for s in facts.statements[:at] if name in s.binds | s.mutates]
        start = made[-1] if made else None
    for version in graph.back(name, start):
        value = facts.statements[version].values.get(name)
        if value is not None and value.kind is not None:
            return value.kind in TABLES
    return False


def _writes_out(facts: Facts, graph: Graph, s: Statement) -> bool:
    """Whether a round is the loop's body with the table's name for the loop's own."""
    node = facts.nodes[s.id]
    assert isinstance(node, ast.For)
    if not isinstance(node.target, ast.Name) or node.orelse:
        return False
    variable = node.target.id
    if graph.users.get((variable, s.id)):
        return False
    for part in (n for child in node.body for n in ast.walk(child)):
        match part:
            case ast.Break() | ast.Continue() | ast.Return() | ast.Await():
                return False
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) if name == variable:
                return False
    return not hides(node.body, {variable}) and not any(map(has_long_text, node.body))


def _rounds(text: str, node: ast.stmt, tables: list[str]) -> list[list[tuple[str, int]]]:
    """The lines of each round, each with the line that it stands on in the notebook."""
    source, rows = Source(encoded(text)), text.split("\n")
    rounds = [_round(source, rows, node, table) for table in tables]
    if not "".join(rows[node.end_lineno or 0 :]).strip() and _ends_in_value(node):
        # A loop shows no value at the end of its cell.
        row, line = rounds[-1][-1]
        rounds[-1][-1] = (f"{row};", line)
    return rounds


def _ends_in_value(node: ast.stmt) -> bool:
    return isinstance(node, ast.For) and isinstance(node.body[-1], ast.Expr)


def _round(source: Source, rows: list[str], node: ast.stmt, table: str) -> list[tuple[str, int]]:
    """The body of the loop with the name of a table for the loop's own."""
    assert isinstance(node, ast.For)
    assert isinstance(node.target, ast.Name)
    variable = node.target.id
    edits = []
    for child in node.body:
        for n in ast.walk(child):
            if isinstance(n, ast.Name) and n.id == variable:
                start, end = source.span(n)
                edits.append(Edit(start, end, table))
    first, last = node.body[0], node.body[-1].end_lineno or node.lineno
    end = source.line_start(last) + len(encoded(rows[last - 1]))
    if first.lineno == node.lineno:
        start = source.span(first)[0]
        body = apply(source.text, edits, start, end)
        return [(row, node.lineno + i) for i, row in enumerate(body.split("\n"))]
    line = (node.iter.end_lineno or node.lineno) + 1
    start = source.line_start(line)
    body = apply(source.text, edits, start, end)
    return [(row, line + i) for i, row in enumerate(dedented(body, first.col_offset))]
