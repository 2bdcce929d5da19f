"""Statements that call a function of the notebook, and whether its body can stand before them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from chasm.model import Facts, Statement
from chasm.plan.split.model import Edit
from chasm.plan.split.rounds import on_own_lines, rounds_apart
from chasm.plan.split.source import Source, apply, dedented

#: What gives the same before a call and after it, whatever the called function does.
PLAIN = (ast.Name, ast.Constant)
#: What needs no brackets wherever it stands.
WHOLE = (ast.Name, ast.Constant, ast.Call, ast.Attribute, ast.Subscript, ast.List, ast.Dict)


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function of the notebook, and the statement ``at`` that it stands in.

    ``at`` is the node of ``statement``, or stands in the body of that loop; ``target`` is what
    the value is bound to, where the statement does nothing else; ``inside`` says that it does
    more with the value.
    """

    statement: Statement
    at: ast.stmt
    node: ast.Call
    target: ast.expr | None = None
    inside: bool = False

    @property
    def told(self) -> bool:
        """Whether the value is only part of what a function is called with, as of ``print``."""
        match self.at:
            case ast.Expr(value=ast.Call(func=ast.Name())):
                return self.inside
        return False

    @property
    def in_loop(self) -> bool:
        return isinstance(self.at, (ast.Assign, ast.Expr)) and self.at.col_offset > 0


def calls_of(facts: Facts, name: str) -> list[Call] | None:
    """The calls of a function, if each statement has one of them, and lines of its own."""
    found: list[Call] = []
    alone = on_own_lines(facts)
    for s in facts.statements:
        node = facts.nodes[s.id]
        uses = [n for n in ast.walk(node) if isinstance(n, ast.Name) and n.id == name]
        if not uses:
            continue
        apart = isinstance(node, ast.For) and rounds_apart(node.iter, node.body)
        places = node.body if isinstance(node, ast.For) and apart else [node]
        calls = [call for place in places if (call := _call(s, place, name)) is not None]
        if len(calls) != len(uses) or s.id not in alone:
            return None
        found += calls
    return found


def _call(s: Statement, node: ast.stmt, name: str) -> Call | None:
    match node:
        case ast.Assign(targets=[target], value=ast.Call(func=ast.Name(id=called)) as call):
            if called == name:
                return Call(s, node, call, target)
        case ast.Expr(value=ast.Call(func=ast.Name(id=called)) as call):
            if called == name:
                return Call(s, node, call)
    if not isinstance(node, (ast.Assign, ast.Expr)):
        return None
    first = _first_call(node.value, name)
    return None if first is None else Call(s, node, first, inside=True)


def _first_call(node: ast.expr, name: str) -> ast.Call | None:
    """The call of ``name`` in an expression, if nothing else is computed before it.

    As in ``print("error", f(x))`` or ``model.predict(f(x))``. In a condition or a function it
    may not be computed at all, or several times.
    """
    match node:
        case ast.Call(func=ast.Name(id=called)) if called == name:
            return node
        case ast.Call(func=ast.Attribute() as func, args=args, keywords=keywords):
            # A method is looked up before its arguments are computed, and is the same after.
            parts = [func.value if not _is_name(func.value) else ast.Constant(None), *args]
            parts += [k.value for k in keywords]
        case ast.Call(func=func, args=args, keywords=keywords):
            parts = [func, *args, *(k.value for k in keywords)]
        case _:
            parts = list(_parts(node))
    for part in parts:
        if not isinstance(part, PLAIN):
            return _first_call(part, name)
    return None


def _is_name(node: ast.expr) -> bool:
    """Whether an expression is a name, or an attribute of one, as ``np.random``."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression is made of, in the order in which it is computed."""
    match node:
        case ast.Attribute(value=value) | ast.UnaryOp(operand=value) | ast.Starred(value=value):
            yield value
        case ast.BinOp(left=left, right=right):
            yield from (left, right)
        case ast.Subscript(value=value, slice=where):
            yield from (value, where)
        case ast.Tuple(elts=elts) | ast.List(elts=elts):
            yield from elts


def with_value(call: Call, source: Source, value: str) -> list[tuple[str, int]]:
    """The lines of the statement with ``value`` for the call, each with the line it is from."""
    at = call.at
    whole = isinstance(ast.parse(value, mode="eval").body, WHOLE)
    start, end = source.line_start(at.lineno), source.line_start((at.end_lineno or 0) + 1) - 1
    edit = Edit(*source.span(call.node), value if whole else f"({value})")
    text = apply(source.text, [edit], start, min(end, len(source.text)))
    last = at.end_lineno or at.lineno
    rows = dedented(text, at.col_offset)
    return [(row, min(at.lineno + i, last)) for i, row in enumerate(rows)]
