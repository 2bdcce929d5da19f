"""Whether the table from which records are followed is as it was read: else something is lost."""

from __future__ import annotations

import ast

from chasm.model import Statement
from chasm.plan.split.callee import names_in
from chasm.plan.split.context import Context
from chasm.plan.split.model import TABLES, Stop
from chasm.plan.split.target import column_of


def not_as_read(way: Context, closure: list[int], start: int) -> Stop | None:
    """Why the table that statement ``start`` gives is not the raw records; None if it is.

    ``closure`` are the statements that the model's inputs may depend on, in their order.
    """
    s, node = way.facts.statements[start], way.trees[start].node
    for name in s.ordered:
        definition = way.definitions.get(name)
        if definition is None or not _calls(node, name):
            continue
        if _does_more_than_read(way, definition):
            return Stop(node, f"what {name} makes of the records that it reads is not seen")
    if s.stage == "load" or joins_as_read(way, start):
        return None
    earlier = [way.facts.statements[n] for n in closure if n < start]
    if any(e.stage == "load" and _has_table(e) for e in earlier):
        return Stop(node, "how it makes them of the records that were read cannot be followed")
    return None


def joins_as_read(way: Context, number: int) -> bool:
    """Whether a statement puts tables together as they were read: its rows are raw records.

    Each table may have been given its own value of the target, which no record has to have.
    """
    read = sorted({(v, name) for name, v in way.graph.reads[number].items()})
    tables = [(v, name) for v, name in read if not way.facts.statements[v].imports]
    return len(tables) > 1 and all(_as_read(way, name, v) for v, name in tables)


def _as_read(way: Context, name: str, version: int) -> bool:
    target = way.served.target
    for at in way.graph.back(name, version):
        if way.facts.statements[at].stage == "load":
            return True
        match way.trees[at].node:
            case ast.Assign(value=ast.Constant()) as node if target is not None:
                if column_of(node) != (name, target.label):
                    return False
            case _:
                return False
    return False


def _calls(node: ast.stmt, name: str) -> bool:
    called = [n.func for n in ast.walk(node) if isinstance(n, ast.Call)]
    return any(isinstance(f, ast.Name) and f.id == name for f in called)


def _has_table(s: Statement) -> bool:
    return any(value.kind in TABLES for value in s.values.values())


def _does_more_than_read(way: Context, node: ast.FunctionDef) -> bool:
    """Whether a function that reads a file also makes something of what it has read."""
    found = next(s for s in way.facts.statements if node.name in s.binds)
    if found.definition is None or not found.definition.effects.reads:
        return False
    inside = list(ast.walk(node))
    local = {n.id for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return any(_makes_more(n, local, set(way.definitions)) for n in inside)


def _makes_more(node: ast.AST, local: set[str], own: set[str]) -> bool:
    match node:
        case ast.Return(value=ast.Name() | ast.Tuple() | None):
            return False
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
            return _goes_on(call, local, own) or name in set(names_in(call))
        case ast.Return(value=ast.Call() as call) | ast.Expr(value=ast.Call() as call):
            return _goes_on(call, local, own)
        case ast.Assign() | ast.AugAssign() | ast.Return() | ast.For() | ast.While():
            return True
    return False


def _goes_on(call: ast.Call, local: set[str], own: set[str]) -> bool:
    """Whether a call makes something of a value of the function, or asks its notebook's own."""
    first = call.func
    while isinstance(first, (ast.Attribute, ast.Subscript, ast.Call)):
        first = first.func if isinstance(first, ast.Call) else first.value
    name = first.id if isinstance(first, ast.Name) else ""
    return name in local or name in own or (first is not call.func and not name)
