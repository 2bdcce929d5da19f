"""Columns that are changed and then dropped: how they are changed is nothing to the model."""

from __future__ import annotations

import ast

from chasm.plan.split.context import Context
from chasm.plan.split.drops import dropped, strings
from chasm.plan.split.target import column_of


def changed_in_vain(way: Context, closure: list[int], number: int) -> str | None:
    """The table whose column ``number`` changes, if nobody reads that until it is dropped.

    ``closure`` are the statements that the model's inputs may depend on, in their order.
    """
    made = column_of(way.trees[number].node) or _filled(way.trees[number].node)
    if made is None:
        return None
    frame, label = made
    later = [n for n in closure if number < n <= way.served.fit.statement]
    for node in (way.trees[n].node for n in later):
        if label in _dropped_labels(node, frame):
            return frame
        if not _reads_others(node, frame, label):
            return None
    return None


def _filled(node: ast.stmt) -> tuple[str, str] | None:
    """The column that a method changes in place."""
    match node:
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(
                    value=ast.Subscript(
                        value=ast.Name(id=frame), slice=ast.Constant(value=str(label))
                    )
                )
            )
        ):
            return frame, label
    return None


def _dropped_labels(node: ast.stmt, frame: str) -> set[object]:
    """What a statement drops of a table for good: in place, or for the table of the same name."""
    match node:
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="drop")) as call
        ):
            gone = any(k.arg == "inplace" for k in call.keywords)
        case ast.Assign(
            targets=[ast.Name(id=bound)],
            value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="drop")) as call,
        ):
            gone = bound == name
        case _:
            return set()
    found: set[object] = set()
    for one in dropped(call) if gone and name == frame else ():
        found |= set(strings(one))
    return found


def _reads_others(node: ast.stmt, frame: str, label: str) -> bool:
    """Whether a statement has to do with other columns of the table alone, each by its label."""
    whole = {id(n) for n in ast.walk(node) if isinstance(n, ast.Name) and n.id == frame}
    for part in ast.walk(node):
        match part:
            case ast.Subscript(value=ast.Name(id=name) as base, slice=where) if name == frame:
                labels = strings(where)
                if not labels or label in labels or not _only_labels(where):
                    return False
                whole.discard(id(base))
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name) as base, attr="drop")):
                if name == frame:
                    whole.discard(id(base))
    return not whole


def _only_labels(where: ast.expr) -> bool:
    parts = where.elts if isinstance(where, ast.List) else [where]
    return all(isinstance(p, ast.Constant) and isinstance(p.value, str) for p in parts)
