"""Which tables may hold the target's column where the way of a record starts."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from chasm.plan.split.drops import dropped_columns
from chasm.plan.split.leaked import lacks

if TYPE_CHECKING:
    from chasm.plan.split.context import Context
    from chasm.plan.split.target import Target

#: Calls that put the columns that they are given beside others.
BESIDE = frozenset({
    "assign", "c_", "column_stack", "concat", "concatenate", "hstack", "insert", "join", "merge",
})  # fmt: skip
#: What a table says of itself.
FACTS = ("columns", "dtypes", "index", "ndim", "shape", "size")
#: Kinds of values that are rows of one column, as the target is by itself.
COLUMNS = ("series", "array", "list")


def may_hold(context: Context, numbers: list[int], name: str, target: Target) -> bool:
    """Whether ``name`` may hold the target's column behind the statements ``numbers``.

    The table that was read with it may, and so may whatever is made of that, until the column is
    left out by its name, or columns are chosen without it.
    """
    label = str(target.label)
    tables: dict[str, frozenset[int]] = {}
    truths: dict[str, frozenset[int]] = {}
    files: frozenset[int] = frozenset()
    for number in numbers:
        s, node = context.facts.statements[number], context.trees[number].node
        beside = _of(truths, _put_beside(node))
        of = _of(tables, _names_in(node, label)) | beside
        loaded = frozenset({number}) if s.stage == "load" else frozenset[int]()
        for one in s.binds:
            value = s.values.get(one)
            column = value is not None and value.kind in COLUMNS
            # What is read and put beside a table has other columns than that.
            (truths if column else tables)[one] = of if one in s.reads else of | loaded
            (tables if column else truths).pop(one, None)
        for one in s.mutates - s.binds:
            kept = frozenset[int]() if _takes_away(node, one, label) else _of(tables, [one])
            tables[one] = kept | beside
        files |= _of(tables, [target.frame])
    return not files or bool(_of(tables, [name]) & files)


def _of(found: dict[str, frozenset[int]], names: Iterable[str]) -> frozenset[int]:
    return frozenset[int]().union(*(found.get(name, ()) for name in names))


def _names_in(node: ast.AST, label: str) -> Iterator[str]:
    """Names that a statement reads, but for those whose columns it chooses without ``label``."""
    stack: list[ast.AST] = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, ast.Name):
            yield part.id
        elif not (isinstance(part, ast.expr) and _leaves_out(part, label)):
            stack.extend(ast.iter_child_nodes(part))


def _leaves_out(node: ast.expr, label: str) -> bool:
    """Whether an expression has no values of ``label``: a choice of other columns, by their
    names or places, or a fact of the table.
    """
    match node:
        case ast.Subscript(ast.Attribute(attr="iloc"), ast.Tuple([_, _])):
            return True
        case ast.Attribute(attr=attr):
            return attr in FACTS
        case ast.Call(ast.Name("len")):
            return True
        case ast.Subscript(slice=ast.Constant(str(column))):
            return column != label
    return lacks(node, label)


def _takes_away(node: ast.stmt, name: str, label: str) -> bool:
    """Whether a statement takes the column ``label`` out of the table ``name``, by that word."""
    match node:
        case ast.Expr(ast.Call(ast.Attribute(ast.Name(table), "drop")) as call):
            return table == name and label in dropped_columns(call)
        case ast.Delete([ast.Subscript(ast.Name(table), ast.Constant(column))]):
            return table == name and column == label
    return False


def _put_beside(node: ast.stmt) -> Iterator[str]:
    """Names of what a statement puts beside the columns of a table."""
    for part in ast.walk(node):
        match part:
            case ast.Call(func=ast.Attribute(attr=called) | ast.Name(id=called)) if (
                called in BESIDE
            ):
                given: list[ast.expr] = [*part.args, *(k.value for k in part.keywords)]
            case ast.Subscript(ast.Attribute(attr="c_"), place):
                given = [place]
            case ast.Assign([ast.Subscript()], value):
                given = [value]
            case _:
                continue
        yield from (n.id for one in given for n in ast.walk(one) if isinstance(n, ast.Name))
