"""Loops over the values of a column, each round of which is about rows of its own.

As ``for title in df["title"].unique(): df.loc[df["age"].isna() & (df["title"] == title), "age"] =
df[df["title"] == title]["age"].median()``: no round finds what another one has changed.
"""

import ast
from collections.abc import Iterator

from chasm.plan.split.drops import strings

Column = tuple[str, str]


def rows_apart(node: ast.For) -> str | None:
    """The table whose rows the rounds divide among them; None where they may meet."""
    if not isinstance(node.target, ast.Name) or node.orelse or not _distinct(node.iter):
        return None
    columns = {_chosen_by(part, node.target.id) for part in ast.walk(node)} - {None}
    if len(columns) != 1:
        return None
    (column,) = columns
    assert column is not None
    whole = all(_stays(part, column, node.target.id) for part in node.body)
    return column[0] if whole else None


def _distinct(node: ast.expr) -> bool:
    """Whether no value comes twice."""
    match node:
        case ast.Call(func=ast.Attribute(attr="unique" | "keys"), args=[]):
            return True
        case ast.Call(func=ast.Name(id="set"), args=[_]):
            return True
        case ast.Call(func=ast.Name(id="list" | "sorted"), args=[inner]):
            return _distinct(inner)
        case ast.List(elts=elts) | ast.Tuple(elts=elts):
            values = [one.value for one in elts if isinstance(one, ast.Constant)]
            return len(values) == len(elts) == len(set(values))
    return False


def _chosen_by(node: ast.AST, variable: str) -> Column | None:
    """The column that has to be what the round is about: ``df["title"] == title``."""
    match node:
        case ast.Compare(
            left=ast.Subscript(value=ast.Name(id=table), slice=ast.Constant(value=str(label)))
            | ast.Attribute(value=ast.Name(id=table), attr=label),
            ops=[ast.Eq()],
            comparators=[ast.Name(id=name)],
        ) if (
            name == variable
        ):
            return table, label
    return None


def _stays(node: ast.stmt, column: Column, variable: str) -> bool:
    """Whether a statement sets and reads rows of the round alone."""
    match node:
        case ast.Assign(targets=[ast.Name()], value=value):
            return _reads_own(value, column, variable)
        case ast.Assign(
            targets=[
                ast.Subscript(
                    value=ast.Attribute(value=ast.Name(id=table), attr="loc"),
                    slice=ast.Tuple(elts=[mask, labels]),
                )
            ],
            value=value,
        ) if (
            table == column[0]
        ):
            named = strings(labels)
            own = column in (_chosen_by(part, variable) for part in _conditions(mask))
            apart = bool(named) and column[1] not in named
            return own and apart and _reads_own(value, column, variable)
    return False


def _conditions(mask: ast.expr) -> Iterator[ast.expr]:
    """The conditions that all have to hold."""
    if isinstance(mask, ast.BinOp) and isinstance(mask.op, ast.BitAnd):
        yield from _conditions(mask.left)
        yield from _conditions(mask.right)
    else:
        yield mask


def _reads_own(node: ast.AST, column: Column, variable: str) -> bool:
    """Whether all that an expression takes of the table are the rows of the round."""
    match node:
        case ast.Subscript(value=base, slice=where):
            table = base.value if isinstance(base, ast.Attribute) and base.attr == "loc" else base
            mask = where.elts[0] if isinstance(where, ast.Tuple) and where.elts else where
            if isinstance(table, ast.Name) and table.id == column[0]:
                return column in (_chosen_by(part, variable) for part in _conditions(mask))
        case ast.Name(id=name):
            return name != column[0]
    return all(_reads_own(child, column, variable) for child in ast.iter_child_nodes(node))
