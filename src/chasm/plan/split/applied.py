"""Own functions that are applied to each column, written where they are: ``lambda x: x / x.max()``.

What such a function learns of a column can then be kept under the column's name.
"""

from __future__ import annotations

import ast

from chasm.model import Facts, Statement, WrittenOut
from chasm.plan.split.callee import callee_of, without_docstring
from chasm.plan.split.model import Edit
from chasm.plan.split.rounds import Change, Rounds, on_own_lines, with_written
from chasm.plan.split.source import Source, apply, encoded

#: Methods that give a function whole columns, or what they are called of.
APPLYING = ("apply", "transform", "pipe")


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
    return with_written(facts, rounds, changes, written)


def _as_lambda(node: ast.FunctionDef) -> str | None:
    """A function as an expression, if it only gives back what it makes of its one parameter."""
    match node.args, without_docstring(node):
        case ast.arguments(args=[ast.arg(arg=name)], defaults=[]), [
            ast.Return(value=ast.expr() as e)
        ]:
            return f"lambda {name}: {ast.unparse(e)}"
    return None


def _uses(facts: Facts, name: str) -> list[tuple[Statement, ast.Name]] | None:
    """The statements that apply a function, each on lines of its own; None with any other use."""
    alone = on_own_lines(facts)
    found: list[tuple[Statement, ast.Name]] = []
    for s in facts.statements:
        node = facts.nodes[s.id]
        names = [n for n in ast.walk(node) if isinstance(n, ast.Name) and n.id == name]
        applied = [n for n in map(_applied, ast.walk(node)) if n is not None and n.id == name]
        if not names:
            continue
        if len(names) != 1 or len(applied) != 1 or s.id not in alone:
            return None
        found.append((s, applied[0]))
    return found


def _applied(node: ast.AST) -> ast.Name | None:
    match node:
        case ast.Call(func=ast.Attribute(attr=attr), args=[ast.Name() as function], keywords=[]):
            return function if attr in APPLYING else None
    return None
