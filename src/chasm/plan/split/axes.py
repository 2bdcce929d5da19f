"""Whether a call goes along the rows or along the columns."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chasm.plan.split.reader import Reader


def along_columns(node: ast.Call) -> bool:
    """Whether a call says that it goes along the columns."""
    axis = axis_of(node)
    if axis is not None:
        return axis in (1, "columns")
    for keyword in node.keywords:
        if keyword.arg == "columns":
            return not isinstance(keyword.value, ast.Constant) or bool(keyword.value.value)
    return (
        isinstance(node.func, ast.Attribute)
        and node.func.attr in ("drop", "set_axis")
        and len(node.args) > 1
        and isinstance(node.args[1], ast.Constant)
        and node.args[1].value in (1, "columns")
    )


def along_rows(node: ast.Call) -> bool:
    """Whether a call that puts arrays together goes along the rows, unless told otherwise."""
    given = node.args[1] if len(node.args) > 1 else None
    axis = axis_of(node) if given is None else getattr(given, "value", None)
    named = any(k.arg == "axis" for k in node.keywords)
    return axis == 0 or axis is None and given is None and not named


def axis_of(node: ast.Call) -> object:
    """The axis that a call is told by its name."""
    for keyword in node.keywords:
        if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant):
            return keyword.value.value
    return None


def across(run: Reader, node: ast.Call) -> bool:
    """Whether a statistic is one of each row: ``df.sum(axis=1)``, ``df.sum(1)``."""
    if (axis := axis_of(node)) is not None:
        return axis in (1, "columns")
    _, entry = run.tree.entries.get(id(node), ("", None))
    place = entry.positions.index("axis") if entry and "axis" in entry.positions else len(node.args)
    axis = node.args[place] if place < len(node.args) else None
    return isinstance(axis, ast.Constant) and axis.value in (1, "columns")
