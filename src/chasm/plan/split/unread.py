"""Columns that are changed and then left out: how they are changed is nothing to the model."""

from __future__ import annotations

import ast
import re

from chasm.model import Statement
from chasm.plan.split.context import Context
from chasm.plan.split.drops import dropped, named_labels, popped, strings
from chasm.plan.split.target import column_of
from chasm.rulebook import Rulebook


def changed_in_vain(way: Context, closure: list[int], number: int) -> tuple[str, str] | None:
    """The table, and its column that ``number`` changes, if nobody reads that until it is dropped.

    ``closure`` are the statements that the model's inputs may depend on, in their order. A column
    that none of them reads until the model is fitted is as good as dropped.
    """
    made = column_of(way.trees[number].node) or _filled(way.trees[number].node)
    if made is None:
        return None
    frame, label = made
    fit = way.served.fit.statement
    if any(_is_known(t.attr, way.book) for t in _dotted(way.trees[number].node)):
        # The names of the columns, the index.
        return None
    if way.facts.statements[number].mutates - {frame} or _does_more(way, number):
        # Whoever reads it may do so under its other name.
        return None
    for n in closure:
        if not number < n <= fit:
            continue
        node = way.trees[n].node
        if _reads_unseen(way.facts.statements[n], node, frame):
            return None
        own = _own_drop(node, frame)
        if _made_anew(node, frame) or (own is not None and label in named_labels(own)):
            return made
        if not _reads_others(node, made, way.book, own):
            return None
    return made if fit in closure or _reads_others(way.trees[fit].node, made, way.book) else None


def _drops(call: ast.Call, label: str) -> bool:
    func = call.func
    return isinstance(func, ast.Attribute) and func.attr == "drop" and label in named_labels(call)


def looked_at(way: Context, label: str, number: int) -> bool:
    """Whether a statement after ``number`` names a column other than to drop it."""
    for tree in way.trees[number + 1 :]:
        calls = [n for n in ast.walk(tree.node) if isinstance(n, ast.Call) and _drops(n, label)]
        gone = {id(part) for call in calls for arg in dropped(call) for part in ast.walk(arg)}
        for part in ast.walk(tree.node):
            match part:
                case ast.Constant(value=str(named)) | ast.Attribute(attr=named):
                    if id(part) not in gone and re.search(rf"\b{re.escape(label)}\b", named):
                        return True
    return False


def _dotted(node: ast.stmt) -> list[ast.Attribute]:
    """The attributes that a statement sets."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [target for target in targets if isinstance(target, ast.Attribute)]


def _does_more(way: Context, number: int) -> bool:
    """Whether a statement may do more than to change its column."""
    node = way.trees[number].node
    calls = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
    own = any(isinstance(n, ast.Name) and n.id in way.definitions for n in ast.walk(node))
    named = any(isinstance(n, ast.NamedExpr) for n in ast.walk(node))
    inplace = isinstance(node, ast.Assign) and any(
        k.arg == "inplace" for call in calls for k in call.keywords
    )
    return own or named or inplace or any(popped(node))


def _reads_unseen(s: Statement, node: ast.stmt, frame: str) -> bool:
    """Whether a statement reads the table in a function that it calls."""
    named = any(isinstance(n, ast.Name) and n.id == frame for n in ast.walk(node))
    return frame in s.reads | s.mutates and not named


def _is_known(name: str, book: Rulebook) -> bool:
    """Whether a table has a method or an attribute of this name."""
    return bool(book.method("frame", name) or book.rows("frame", name))


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


def _made_anew(node: ast.stmt, frame: str) -> bool:
    """Whether the name is another table from here on, made without the one that it was."""
    names = [n for n in ast.walk(node) if isinstance(n, ast.Name) and n.id == frame]
    return isinstance(node, ast.Assign) and [*map(id, names)] == [*map(id, node.targets)]


def _own_drop(node: ast.stmt, frame: str) -> ast.Call | None:
    """The call by which a table drops of itself: in place, or for the table of the same name."""
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
            return None
    return call if gone and name == frame else None


def _reads_others(
    node: ast.stmt, column: tuple[str, str], book: Rulebook, own: ast.Call | None = None
) -> bool:
    """Whether a statement has to do with other columns of the table alone, each by its label.

    ``own`` is the call by which the table drops others of itself.
    """
    frame, label = column
    called = {id(n.func) for n in ast.walk(node) if isinstance(n, ast.Call)}
    whole = {id(n) for n in ast.walk(node) if isinstance(n, ast.Name) and n.id == frame}
    if own is not None and isinstance(node, ast.Assign):
        whole -= {id(target) for target in node.targets}
    for part in ast.walk(node):
        match part:
            case ast.Subscript(value=ast.Name(id=name) as base, slice=where) if name == frame:
                labels = strings(where)
                if not labels or label in labels or not _only_labels(where):
                    return False
                whole.discard(id(base))
            case ast.Attribute(value=ast.Name(id=name) as base, attr=attr) if name == frame:
                if attr != label and not _is_known(attr, book) and id(part) not in called:
                    whole.discard(id(base))
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name) as base, attr="drop")):
                if name == frame and (part is own or label in named_labels(part)):
                    whole.discard(id(base))
            case ast.Constant(value=str(text)) if text != label:
                if re.search(rf"\b{re.escape(label)}\b", text):
                    # A query, a formula.
                    return False
    return not whole


def _only_labels(where: ast.expr) -> bool:
    parts = where.elts if isinstance(where, ast.List) else [where]
    return all(isinstance(p, ast.Constant) and isinstance(p.value, str) for p in parts)
