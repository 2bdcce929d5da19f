"""Loops over several tables, written out: ``for df in [train, test]`` is one round a table.

The way of a record goes through the round of its own table alone, so each needs statements
of its own.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace

from chasm.model import Facts, Notebook, Statement
from chasm.plan.graph import Graph, build_graph
from chasm.plan.split.model import Edit
from chasm.plan.split.source import Source, apply, encoded

#: What the elements of such a list may be known to be.
TABLES = ("frame", "series", "array", "table")
MOST = 4

#: For each cell, the line of the notebook that each of its lines was made of.
Lines = dict[int, list[int]]


@dataclass(frozen=True, slots=True)
class Span:
    """Lines of a cell that stand together; ``name`` is what their author called them."""

    cell: int
    first: int
    last: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Rounds:
    """A notebook whose loops over tables are written out; ``spans`` are the rounds."""

    notebook: Notebook
    lines: Lines = field(default_factory=dict, hash=False)
    spans: tuple[Span, ...] = ()

    def line(self, cell: int, line: int) -> int:
        """The line of the notebook itself that ``line`` of a cell was made of."""
        return self.lines[cell][line - 1] if cell in self.lines else line


def without_table_loops(facts: Facts) -> Rounds | None:
    """The notebook with its loops over tables written out; None when it has none."""
    graph = build_graph(facts)
    found: dict[int, list[tuple[Statement, list[str]]]] = {}
    secret = {cell for cell, _, _ in facts.notebook.secrets}
    for s in facts.statements:
        if s.syntax == "For" and s.cell not in secret:
            tables = _tables(facts, graph, s)
            if tables and _writes_out(facts, graph, s):
                found.setdefault(s.cell, []).append((s, tables))
    if not found:
        return None
    lines: Lines = {}
    spans: list[Span] = []
    cells = []
    for cell in facts.notebook.cells:
        if cell.index in found:
            text, lines[cell.index], inside = _written_out(cell.source, facts, found[cell.index])
            spans += (Span(cell.index, first, last) for first, last in inside)
            cell = replace(cell, source=text)
        cells.append(cell)
    return Rounds(replace(facts.notebook, cells=tuple(cells)), lines, tuple(spans))


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
            case ast.Lambda() | ast.FunctionDef() if _hides(part, variable):
                return False
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) if name == variable:
                return False
            case ast.JoinedStr() if any(
                isinstance(n, ast.Name) and n.id == variable for n in ast.walk(part)
            ):
                # Python 3.11 does not tell where a name stands in a formatted text.
                return False
            case ast.Constant(value=str()) | ast.JoinedStr() if part.lineno != part.end_lineno:
                return False
    return True


def _hides(node: ast.Lambda | ast.FunctionDef, variable: str) -> bool:
    a = node.args
    return variable in {one.arg for one in (*a.posonlyargs, *a.args, *a.kwonlyargs)}


def _written_out(
    text: str, facts: Facts, loops: list[tuple[Statement, list[str]]]
) -> tuple[str, list[int], list[tuple[int, int]]]:
    """A cell's text with its loops written out, the line that each line is from, the rounds."""
    source = Source(encoded(text))
    rows = text.split("\n")
    made: list[str] = []
    lines: list[int] = []
    spans: list[tuple[int, int]] = []
    at = 1
    for s, tables in loops:
        made += rows[at - 1 : s.line - 1]
        lines += range(at, s.line)
        for table in tables:
            body = _round(source, rows, facts.nodes[s.id], table)
            spans.append((len(made) + 1, len(made) + len(body)))
            made += [row for row, _ in body]
            lines += [line for _, line in body]
        at = s.end_line + 1
        if not "".join(rows[at - 1 :]).strip() and _ends_in_value(facts.nodes[s.id]):
            # A loop shows no value at the end of its cell.
            made[-1] += ";"
    made += rows[at - 1 :]
    lines += range(at, len(rows) + 1)
    return "\n".join(made), lines, spans


def _ends_in_value(node: ast.stmt) -> bool:
    return isinstance(node, ast.For) and isinstance(node.body[-1], ast.Expr)


def _round(source: Source, rows: list[str], node: ast.stmt, table: str) -> list[tuple[str, int]]:
    """The lines of one round, each with the line that it stands on in the notebook."""
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
    indent = first.col_offset
    return [
        (row[min(indent, len(row) - len(row.lstrip())) :], line + i)
        for i, row in enumerate(body.split("\n"))
    ]
