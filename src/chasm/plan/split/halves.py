"""Tables whose rows are divided: by a split, by the rounds of a splitter, or by drawn places."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection

from chasm.analyse.nodes import bound_to
from chasm.model import Statement
from chasm.plan.split.choosing import SAME
from chasm.plan.split.model import Time
from chasm.plan.split.reader import Reader


def divided(run: Reader, node: ast.For) -> tuple[tuple[str, str], ...]:
    """Of ``for train, test in splitter.split(…)`` the tables that are chosen of others."""
    call = node.iter
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return ()
    if call.func.attr != "split" or run.kind(call.func.value) != "splitter":
        return ()
    places = {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}
    found: list[tuple[str, str]] = []
    for part in node.body:
        if not isinstance(part, ast.Assign):
            return ()
        for target, value in bound_to(part):
            source = _chosen_by(value, places)
            if not isinstance(target, ast.Name) or source is None:
                return ()
            if run.time_of(source) is not Time.ROWS:
                return ()
            found.append((target.id, source))
    return tuple(found)


def divided_again(statement: Statement, run: Reader, node: ast.For) -> tuple[tuple[str, str], ...]:
    """The halves that a loop leaves that divides the rows in each round, as a search for a seed."""
    if any(run.time_of(name) is Time.ROWS for name in statement.mutates):
        return ()
    found: list[tuple[str, str]] = []
    for part in node.body:
        if not isinstance(part, ast.Assign) or not isinstance(part.value, ast.Call):
            continue
        name, _ = run.tree.entries.get(id(part.value), ("", None))
        if run.book.rows("call", name) != "split":
            continue
        for half, whole in halves(part.value, part.targets[0]):
            if not isinstance(half, ast.Name) or not isinstance(whole, ast.Name):
                return ()
            if whole.id in statement.binds:
                return ()
            found.append((half.id, whole.id))
    bound = Counter(
        n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    )
    return tuple(found) if all(bound[half] == 1 for half, _ in found) else ()


def halves(call: ast.Call, target: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """The targets of a split, each with what it is a half of; none unless all are there."""
    parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else []
    if len(parts) != 2 * len(call.args):
        return []
    return [(part, call.args[place // 2]) for place, part in enumerate(parts)]


def chosen_rows(run: Reader, places: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Of ``X, y = X[places], y[places]`` the tables with those that they are chosen of."""
    node = run.tree.node
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return ()
    found: list[tuple[str, str]] = []
    for target, value in bound_to(node):
        source = _chosen_by(value, set(places))
        if not isinstance(target, ast.Name) or source is None or source in places:
            return ()
        found.append((target.id, source))
    return tuple(found)


def divided_rows(run: Reader) -> tuple[tuple[str, str], ...]:
    """Of a split of plain names the halves with what they are halves of."""
    node = run.tree.node
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
        return ()
    name, _ = run.tree.entries.get(id(node.value), ("", None))
    if run.book.rows("call", name) != "split":
        return ()
    pairs = halves(node.value, node.targets[0])
    found = [
        (half.id, whole.id)
        for half, whole in pairs
        if isinstance(half, ast.Name) and isinstance(whole, ast.Name)
    ]
    return tuple(found) if len(found) == len(pairs) else ()


def says_which(node: ast.expr) -> bool:
    """Whether an expression says of each row whether something holds: ``a < b``, ``~m & n``."""
    match node:
        case ast.Compare() | ast.BoolOp():
            return True
        case ast.UnaryOp(op=ast.Invert(), operand=operand):
            return says_which(operand)
        case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr(), right=right):
            return says_which(left) and says_which(right)
    return False


def _chosen_by(node: ast.expr, places: set[str]) -> str | None:
    """The table of which ``df.iloc[train]``, ``df.loc[train, :]`` or ``X[~mask]`` takes rows."""
    match node:
        case ast.Call(func=ast.Attribute(value=inner, attr=attr), args=[]) if attr in SAME:
            return _chosen_by(inner, places)
        case ast.Subscript(value=base, slice=where):
            rows = where.elts[0] if isinstance(where, ast.Tuple) and where.elts else where
            base = base.value if isinstance(base, ast.Attribute) else base
            rows = _mask(rows)
            if isinstance(rows, ast.Name) and rows.id in places and isinstance(base, ast.Name):
                return base.id
    return None


def _mask(node: ast.expr) -> ast.expr:
    """What a mask is made of: the others than those, its plain values, one of its columns."""
    while True:
        match node:
            case ast.UnaryOp(op=ast.Invert(), operand=inner):
                node = inner
            case ast.Attribute(value=inner, attr="values"):
                node = inner
            case ast.Subscript(value=inner, slice=ast.Constant()):
                node = inner
            case ast.Call(func=ast.Attribute(value=inner, attr="all" | "any")):
                node = inner
            case _:
                return node
