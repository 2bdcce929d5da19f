"""Sizes that a call is given, and that are the number of rows."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from chasm.plan.split.model import TABLES, Seen, Time

if TYPE_CHECKING:
    from chasm.plan.split.reader import Reader


def as_long_as_rows(run: Reader, node: ast.Call) -> bool:
    """Whether a call makes the same value for each row: its first size is their number."""
    size, *others = [*node.args, *(k.value for k in node.keywords)]
    if isinstance(size, (ast.Tuple, ast.List)) and size.elts:
        others += size.elts[1:]
        size = size.elts[0]
    if any(run.latest(other) is not Time.CONSTANT for other in others):
        return False
    table = _counted(size)
    return table is not None and run.read(table) == Seen(Time.ROWS)


def _counted(size: ast.expr) -> ast.expr | None:
    """The table whose rows ``size`` counts."""
    match size:
        case ast.Call(func=ast.Name(id="len"), args=[table], keywords=[]):
            return table
        case ast.Subscript(
            value=ast.Attribute(value=table, attr="shape"), slice=ast.Constant(value=0)
        ):
            return table
    return None


def only_counted(node: ast.stmt) -> set[str]:
    """The names of which a statement asks nothing but how many rows they have."""
    counted = [_counted(n) for n in ast.walk(node) if isinstance(n, ast.expr)]
    inside = {id(table) for table in counted if table is not None}
    names = [n for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    return {n.id for n in names} - {n.id for n in names if id(n) not in inside}


def numbers_rows(run: Reader, value: ast.expr) -> bool:
    """Whether a column is made of the numbers of the rows, of which a record alone has none."""
    parts = [value]
    for part in ast.walk(value):
        if isinstance(part, (ast.BinOp, ast.Compare)):
            parts += [n for n in ast.iter_child_nodes(part) if isinstance(n, ast.expr)]
    tables = [p.value for p in parts if isinstance(p, ast.Attribute) and p.attr == "index"]
    return any(isinstance(t, ast.Name) and run.kind(t) == "frame" for t in tables)


def takes_index(run: Reader, node: ast.stmt) -> bool:
    """Whether a table that was made of the records row by row gets their index back.

    As in ``made.index = df.index``: of a record both have the one row.
    """
    match node:
        case ast.Assign(
            targets=[ast.Attribute(value=ast.Name() as made, attr="index")],
            value=ast.Attribute(value=ast.Name() as table, attr="index")
            | ast.Attribute(
                value=ast.Attribute(value=ast.Name() as table, attr="index"), attr="values"
            ),
        ):
            rows = all(run.time_of(one.id) is Time.ROWS for one in (made, table))
            tables = run.kind(made) in ("frame", "series")
            return rows and tables and run.told.same_order(made.id, table.id)
    return False


def resized(run: Reader, node: ast.Call, table: ast.expr, sizes: Sequence[ast.expr]) -> Seen:
    """``x.reshape(100, 1)``, where there are as many rows: of a record there is one."""
    rest = [k.value for k in node.keywords]
    if len(sizes) == 1 and isinstance(sizes[0], (ast.Tuple, ast.List)):
        sizes = sizes[0].elts
    if not sizes or not _counts(run, sizes[0]):
        return run.meet([table, *sizes, *rest])
    open_ended = any(isinstance(size, ast.UnaryOp) for size in sizes[1:])
    run.source.replace(sizes[0], f"len({run.text(table)})" if open_ended else "-1")
    return run.meet([table, *sizes[1:], *rest])


def _counts(run: Reader, size: ast.expr) -> bool:
    """Whether the first of several sizes is the number of all rows."""
    if isinstance(size, ast.Constant):
        return isinstance(size.value, int) and size.value > 1
    if isinstance(size, ast.Name):
        return run.latest(size) < Time.ROWS
    return _counted(size) is not None


def counts_rows(run: Reader, node: ast.expr) -> bool:
    """Whether a loop's source depends on how many rows there are, as ``range(len(df) - 1)``."""
    parts = (part for part in ast.walk(node) if isinstance(part, ast.expr))
    return is_all(run, node) or any(_is_count(run, part) for part in parts)


def is_all(run: Reader, node: ast.expr) -> bool:
    """Whether it is the numbers or the labels of all rows."""
    match node:
        case ast.Call(func=ast.Name(id="range"), args=[count] | [ast.Constant(value=0), count]):
            return _is_count(run, count)
        case ast.Attribute(value=table, attr="index"):
            return run.latest(table) is Time.ROWS
    return False


def _is_count(run: Reader, node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="len"), args=[ast.Attribute(value=table, attr="index")]):
            pass
        case ast.Call(func=ast.Name(id="len"), args=[table]):
            pass
        case ast.Subscript(value=ast.Attribute(value=table, attr="shape"), slice=place):
            if not isinstance(place, ast.Constant) or place.value != 0:
                return False
        case _:
            return False
    return run.latest(table) is Time.ROWS and run.kind(table) in (*TABLES, "list")
