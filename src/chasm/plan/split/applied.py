"""Own functions that are applied to each column, written where they are: ``lambda x: x / x.max()``.

What such a function learns of a column can then be kept under the column's name.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping

from chasm.model import Facts, Statement, WrittenOut
from chasm.plan.split.callee import callee_of, without_docstring
from chasm.plan.split.model import Edit
from chasm.plan.split.rounds import Change, Rounds, on_own_lines, with_written
from chasm.plan.split.source import Source, apply, encoded

#: Methods that give a function whole columns, or what they are called of.
APPLYING = ("apply", "transform", "pipe")
#: What has names of its own.
SCOPES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.NamedExpr)


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
    match node.args:
        case ast.arguments(args=[ast.arg(arg=name)], defaults=[]):
            made = _as_expression(without_docstring(node))
            return f"lambda {name}: {ast.unparse(made)}" if made is not None else None
    return None


def _as_expression(body: list[ast.stmt]) -> ast.expr | None:
    """Statements that give names values, and what they return in the end, as one expression.

    Where a value would have to be computed twice, there is none.
    """
    if any(isinstance(n, SCOPES) for part in body for n in ast.walk(part)):
        return None
    values: dict[str, ast.expr] = {}
    for part in body[:-1]:
        match part:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                values[name] = _with(values, value)
            case ast.If(
                test=test,
                body=[ast.Assign(targets=[ast.Name(id=name)], value=value)],
                orelse=[] | [ast.Assign(targets=[ast.Name()])],
            ) if all(_sets(one, name) for one in part.orelse):
                others = [one.value for one in part.orelse if isinstance(one, ast.Assign)]
                other = others[0] if others else ast.Name(id=name, ctx=ast.Load())
                parts = [_with(values, one) for one in (test, value, other)]
                values[name] = ast.IfExp(*parts)
            case _:
                return None
    last = body[-1] if body else None
    if not isinstance(last, ast.Return) or last.value is None:
        return None
    made = _with(values, last.value)
    return made if _calls(made) == sum(map(_calls, body)) else None


def _sets(node: ast.stmt, name: str) -> bool:
    match node:
        case ast.Assign(targets=[ast.Name(id=bound)]):
            return bound == name
    return False


def _with(values: Mapping[str, ast.expr], node: ast.expr) -> ast.expr:
    """An expression with ``values`` in the place of their names."""

    class Put(ast.NodeTransformer):
        def visit_Name(self, name: ast.Name) -> ast.expr:
            return values.get(name.id, name)

    found: ast.expr = Put().visit(copy.deepcopy(node))
    return found


def _calls(node: ast.AST) -> int:
    return sum(isinstance(n, ast.Call) for n in ast.walk(node))


def _uses(facts: Facts, name: str) -> list[tuple[Statement, ast.expr]] | None:
    """The statements that apply a function, each on lines of its own; None with any other use."""
    alone = on_own_lines(facts)
    found: list[tuple[Statement, ast.expr]] = []
    for s in facts.statements:
        node = facts.nodes[s.id]
        names = [n for n in ast.walk(node) if isinstance(n, ast.Name) and n.id == name]
        applied = [a for n in ast.walk(node) if (a := _applied(n, name)) is not None]
        if not names:
            continue
        if len(names) != 1 or len(applied) != 1 or s.id not in alone:
            return None
        found.append((s, applied[0]))
    return found


def _applied(node: ast.AST, name: str) -> ast.expr | None:
    """What applies the function of this name: itself, or ``lambda x: function(x)``."""
    match node:
        case ast.Call(func=ast.Attribute(attr=attr), args=[argument]) if attr in APPLYING:
            match argument:
                case ast.Name(id=applied) if applied == name and not node.keywords:
                    return argument
                case ast.Lambda(
                    args=ast.arguments(args=[ast.arg(arg=given)]),
                    body=ast.Call(func=ast.Name(id=applied), args=[ast.Name(id=passed)]),
                ) if (
                    applied == name and given == passed and not node.keywords
                ):
                    return argument
    return None
