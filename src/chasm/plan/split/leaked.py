"""Whether the model is given the target itself: then a record has to have it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chasm.plan.split.drops import dropped, dropped_labels
from chasm.plan.split.model import Role

if TYPE_CHECKING:
    from chasm.plan.split.context import Context
    from chasm.plan.split.scalers import Found

#: Methods that give a table with the same columns.
SAME = (
    "copy", "fillna", "dropna", "drop_duplicates", "reset_index", "sort_values", "sample", "astype",
    "replace", "round",
)  # fmt: skip
#: Methods of estimators that give all the columns that they were given.
THROUGH = ("fit_transform", "transform")
#: Methods that say something of each row of a column.
MASKS = ("isin", "isna", "isnull", "notna", "notnull", "between", "duplicated")


def is_given(nodes: list[ast.stmt], records: str, label: str, inputs: ast.expr) -> bool:
    """Whether ``inputs`` surely hold the column ``label`` of ``records``.

    ``nodes`` are the statements on the way, in their order; what is not surely known holds no
    column, as a choice of columns by a name or a place.
    """
    holders = {records}
    for node in nodes:
        if _takes_out(node):
            # Whatever else is the same table has lost the column as well.
            holders = set()
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                _bind(holders, name, _holds(value, holders, label))
            case ast.Assign(targets=[ast.Tuple(elts=parts)], value=ast.Call(args=given)):
                for place, part in enumerate(parts):
                    if isinstance(part, ast.Name):
                        source = given[place // 2] if len(parts) == 2 * len(given) else None
                        held = source is not None and _holds(source, holders, label)
                        _bind(holders, part.id, held)
            case ast.Expr(
                value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)) as call
            ) if (name in holders and attr == "drop"):
                _bind(holders, name, _holds(call, holders, label))
            case ast.Delete() | ast.For() | ast.If() | ast.With() | ast.Try():
                holders = _after(node, holders)
    return _holds(inputs, holders, label)


def lacks(node: ast.expr, label: str) -> bool:
    """Whether an expression is a choice of columns that is surely without ``label``."""
    match node:
        case ast.Subscript(
            slice=ast.List(elts=chosen) | ast.Tuple(elts=[_, ast.List(elts=chosen)])
        ):
            return all(isinstance(one, ast.Constant) and one.value != label for one in chosen)
        case ast.Call(func=ast.Attribute(attr="drop")):
            return label in dropped_labels(node)
    return False


def _after(node: ast.stmt, holders: set[str]) -> set[str]:
    """The names that still hold the column after a block; another one may name the same table."""
    bound: set[str] = set()
    for part in ast.walk(node):
        match part:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                bound.add(name)
            case ast.Call(func=ast.Attribute(attr="drop" | "pop")) | ast.Subscript(ctx=ast.Del()):
                return set()
    return holders - bound


def _takes_out(node: ast.stmt) -> bool:
    """Whether a column is taken out of a table by the call that gives it."""
    return isinstance(node, (ast.Assign, ast.Expr)) and any(
        isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr == "pop"
        for n in ast.walk(node)
    )


def _bind(holders: set[str], name: str, held: bool) -> None:
    (holders.add if held else holders.discard)(name)


def _holds(node: ast.expr, holders: set[str], label: str) -> bool:
    match node:
        case ast.Name(id=name):
            return name in holders
        case ast.Call(func=ast.Attribute(value=inner, attr="drop")):
            return _holds(inner, holders, label) and _drops_others(node, label)
        case ast.Call(func=ast.Attribute(value=inner, attr=attr)) if attr in SAME:
            return _holds(inner, holders, label)
        case ast.Call(func=ast.Attribute(attr=attr), args=[given]) if attr in THROUGH:
            return _holds(given, holders, label)
        case ast.Subscript(
            value=ast.Attribute(value=inner, attr="loc"),
            slice=ast.Tuple(elts=[rows, ast.Slice(lower=None, upper=None)]) | rows,
        ):
            return _chooses_rows(rows) and _holds(inner, holders, label)
        case ast.Subscript(
            value=ast.Attribute(value=inner, attr="loc"),
            slice=ast.Tuple(elts=[ast.Slice(), ast.List(elts=elts)]),
        ) | ast.Subscript(value=inner, slice=ast.List(elts=elts)):
            named = [e.value for e in elts if isinstance(e, ast.Constant)]
            return label in named and _holds(inner, holders, label)
        case ast.Subscript(value=inner, slice=rows):
            return _chooses_rows(rows) and _holds(inner, holders, label)
    return False


def _chooses_rows(node: ast.expr) -> bool:
    """Whether what stands in brackets says of each row whether it is meant."""
    match node:
        case ast.Compare():
            return True
        case ast.UnaryOp(op=ast.Invert(), operand=inner):
            return _chooses_rows(inner)
        case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr(), right=right):
            return _chooses_rows(left) and _chooses_rows(right)
        case ast.Call(func=ast.Attribute(attr=attr)):
            return attr in MASKS
    return False


def _drops_others(node: ast.Call, label: str) -> bool:
    """Whether only other columns are dropped, each by its literal name."""
    given = dropped(node)
    by_column = any(k.arg in ("axis", "columns") for k in node.keywords) or len(node.args) > 1
    labels: set[object] = set()
    for one in given:
        parts = one.elts if isinstance(one, (ast.List, ast.Tuple)) else [one]
        if not all(isinstance(part, ast.Constant) for part in parts):
            return False
        labels |= {part.value for part in parts if isinstance(part, ast.Constant)}
    return by_column and bool(given) and label not in labels


def learns_of_drawn_rows(context: Context, found: Found) -> bool:
    """Whether something is learned after an unseeded draw: nobody can learn it again alike."""
    drawn = False
    for step in found.steps:
        s = context.facts.statements[step.statement]
        drawn = drawn or (step.role is Role.TRAINING and bool(s.effects.random))
        learns = step.role is Role.LEARN or any(n.role is Role.LEARN for n in step.lines)
        if drawn and learns:
            return True
    return False
