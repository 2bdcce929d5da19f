"""Own functions that are applied to each column, written where they are: ``lambda x: x / x.max()``.

What such a function learns of a column can then be kept under the column's name.
"""

from __future__ import annotations

import ast
from dataclasses import replace

from chasm.model import Facts, Statement, WrittenOut
from chasm.plan.split.callee import callee_of
from chasm.plan.split.model import Edit
from chasm.plan.split.rounds import Change, Rounds, changed
from chasm.plan.split.source import Source, apply, encoded


def with_applied(facts: Facts, rounds: Rounds, wanted: set[str]) -> Rounds | None:
    """The notebook with functions of ``wanted`` written where they are applied; None without any.

    ``rounds`` is what ``facts`` is the analysis of. Only what is nothing but an expression of one
    parameter can be written so, and only where nobody calls it otherwise.
    """
    sources = {c.index: Source(encoded(c.source)) for c in facts.notebook.cells}
    changes: dict[int, list[Change]] = {}
    written: list[WrittenOut] = []
    busy: set[int] = set()
    for name in sorted(wanted):
        callee = callee_of(facts, sources, name)
        uses = _uses(facts, name)
        text = _as_lambda(callee.node) if callee is not None else None
        if callee is None or text is None or not uses or busy & {s.id for s, _ in uses}:
            continue
        busy |= {s.id for s, _ in uses}
        for s, argument in uses:
            source = sources[s.cell]
            edit = Edit(*source.span(argument), text)
            code = apply(source.text, [edit], *source.span(facts.nodes[s.id]))
            changes.setdefault(s.cell, []).append((s, [(code, s.line)], None))
        changes.setdefault(callee.statement.cell, []).append((callee.statement, [], ""))
        cells = tuple(dict.fromkeys(s.cell for s, _ in uses))
        written.append(WrittenOut(callee.statement.cell, name, cells))
    if not changes:
        return None
    made = changed(facts, rounds, changes)
    notebook = replace(made.notebook, written_out=(*made.notebook.written_out, *written))
    return replace(made, notebook=notebook)


def _as_lambda(node: ast.FunctionDef) -> str | None:
    """A function as an expression, if it only gives back what it makes of its one parameter."""
    body = [one for one in node.body if not _is_text(one)]
    match node.args, body:
        case ast.arguments(args=[ast.arg(arg=name)], defaults=[]), [
            ast.Return(value=ast.expr() as e)
        ]:
            return f"lambda {name}: {ast.unparse(e)}"
    return None


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _uses(facts: Facts, name: str) -> list[tuple[Statement, ast.Name]] | None:
    """The statements that apply a function, each on lines of its own; None with any other use."""
    shared = _shared_lines(facts)
    found: list[tuple[Statement, ast.Name]] = []
    for s in facts.statements:
        node = facts.nodes[s.id]
        names = [n for n in ast.walk(node) if isinstance(n, ast.Name) and n.id == name]
        applied = [n for n in map(_applied, ast.walk(node)) if n is not None and n.id == name]
        if not names:
            continue
        if len(names) != 1 or len(applied) != 1 or s.id in shared:
            return None
        found.append((s, applied[0]))
    return found


def _applied(node: ast.AST) -> ast.Name | None:
    match node:
        case ast.Call(func=ast.Attribute(attr="apply"), args=[ast.Name() as function], keywords=[]):
            return function
    return None


def _shared_lines(facts: Facts) -> set[int]:
    """Statements that stand beside others on a line, or within another."""
    found: set[int] = set()
    for one, following in zip(facts.statements, facts.statements[1:], strict=False):
        if one.cell == following.cell and one.end_line >= following.line:
            found |= {one.id, following.id}
    return found | {s.id for s in facts.statements if facts.nodes[s.id].col_offset}
