"""Tables whose rows are divided: by a split, by the rounds of a splitter, or by drawn places."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection

from chasm.analyse.nodes import bound_to
from chasm.model import Statement
from chasm.plan.split.axes import along_columns
from chasm.plan.split.choosing import SAME
from chasm.plan.split.model import Line, Role, Stop, Time
from chasm.plan.split.reader import Reader
from chasm.plan.split.target import RESAMPLING

#: The method that gives two tables the same rows or columns.
ALIGNED = "align"


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


def chosen_halves(run: Reader, call: ast.Call, target: ast.expr) -> tuple[tuple[str, str], ...]:
    """Of a call that gives several tables the names that to one record are what went into it."""
    name, _ = run.tree.entries.get(id(call), ("", None))
    if run.book.rows("call", name) == "split":
        pairs = halves(call, target)
        if not pairs:
            raise Stop(call, "the split is not taken apart at once")
    elif not isinstance(target, (ast.Tuple, ast.List)):
        return ()
    elif isinstance(call.func, ast.Attribute) and call.func.attr == ALIGNED:
        return _aligned(run, call, target)
    else:
        resampled = isinstance(call.func, ast.Attribute) and call.func.attr in RESAMPLING
        shuffled = run.book.rows("call", name) == "filter" and len(call.args) > 1
        if not (resampled or shuffled):
            return ()
        pairs = list(zip(target.elts, call.args, strict=False))
    for place, (half, whole) in enumerate(pairs):
        # A target needs a name only where it is put beside the inputs again.
        asked = not place or isinstance(half, ast.Name) and run.goes_on(half.id)
        if asked and not isinstance(whole, ast.Name) and run.latest(whole) is Time.ROWS:
            _named(run, whole, "target" if place else "inputs")
    same: list[tuple[str, str]] = []
    for half, whole in pairs:
        source = run.text(whole)
        if isinstance(half, ast.Name) and source.isidentifier():
            same.append((half.id, source))
    return tuple(same)


def _named(run: Reader, node: ast.expr, wanted: str) -> None:
    """What is divided gets a name, so that a record can be followed under it."""
    run.read(node)
    name = run.put_aside(run.text(node), wanted)
    run.times[name] = Time.ROWS
    run.source.replace(node, name)


def _aligned(
    run: Reader, call: ast.Call, target: ast.Tuple | ast.List
) -> tuple[tuple[str, str], ...]:
    """Of ``train, test = train.align(test, join="left", axis=1)`` that train keeps its columns.

    With ``join="inner"`` it keeps those that the other has as well, which are learned.
    """
    func = call.func
    assert isinstance(func, ast.Attribute)
    match func.value, call.args, target.elts:
        case ast.Name(id=own), [ast.Name(id=other)], [ast.Name(id=left), ast.Name()]:
            pass
        case _:
            return ()
    if run.kind(func.value) != "frame" or not along_columns(call):
        return ()
    said = {k.arg: getattr(k.value, "value", None) for k in call.keywords if k.arg != "axis"}
    if run.time_of(own) is not Time.ROWS or said.get("join") not in ("left", "inner"):
        return ()
    if said["join"] == "left":
        return ((left, own),)
    columns = run.names.unique("columns")
    run.lines.append(
        Line(Role.LEARN, f"{columns} = list({own}.columns.intersection({other}.columns))")
    )
    kept = run.put_aside(f"{own}[{columns}]", f"{own}_aligned")
    run.times |= {columns: Time.LEARNED, kept: Time.ROWS}
    return ((left, kept),)


def halves(call: ast.Call, target: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """The targets of a split, each with what it is a half of; none unless all are there."""
    parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else []
    if len(parts) != 2 * len(call.args):
        return []
    return [(part, call.args[place // 2]) for place, part in enumerate(parts)]


def chosen_rows(run: Reader, places: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Of ``X, y = X[places], y[places]`` the tables with those that they are chosen of."""
    node = run.tree.node
    if (table := _dropped_of(node, places)) is not None:
        return ((table, table),)
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


def _dropped_of(node: ast.stmt, places: Collection[str]) -> str | None:
    """The table that ``df.drop(labels, inplace=True)`` takes rows out of."""
    match node:
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=ast.Name(id=table), attr="drop"),
                args=[ast.Name(id=labels)],
                keywords=[ast.keyword(arg="inplace")],
            )
        ) if (
            labels in places
        ):
            return table
    return None


def _chosen_by(node: ast.expr, places: set[str]) -> str | None:
    """The table of which ``df.iloc[train]``, ``df.loc[train, :]`` or ``X[~mask]`` takes rows."""
    match node:
        case ast.Call(func=ast.Attribute(value=inner, attr=attr), args=[]) if attr in SAME:
            return _chosen_by(inner, places)
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=table), attr="drop"),
            args=[ast.Name(id=labels)],
            keywords=[],
        ) if (
            labels in places
        ):
            return table
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
