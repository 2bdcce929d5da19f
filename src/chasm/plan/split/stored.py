"""What is set in a table: values with rows of their own, in some of the rows, or names."""

from __future__ import annotations

import ast
from collections.abc import Callable

from chasm.plan.split.drops import strings
from chasm.plan.split.model import TABLES, Seen, Stop, Time
from chasm.plan.split.parts import LOCATORS
from chasm.plan.split.reader import Reader

#: The names of a table's columns, of which there is none for each row.
NAMES = "columns"


def has_rows(run: Reader, value: ast.expr, stored: list[ast.expr]) -> bool:
    """Whether a learned value has one for each row; a list may also name the columns."""
    if all(isinstance(target, ast.Attribute) and target.attr == NAMES for target in stored):
        return False
    column = any(isinstance(target, ast.Subscript) for target in stored)
    if column and isinstance(value, ast.Name) and run.kind(value) is None:
        # A part of what a call gave may have one for each row.
        return True
    return run.kind(value) in (*TABLES, *(["list", "range"] if column else []))


def of_some_rows(target: ast.expr) -> bool:
    """Whether a value is set in rows that are chosen: ``df.loc[where, "a"]``."""
    match target:
        case ast.Subscript(
            value=ast.Attribute(attr="loc" | "iloc"), slice=ast.Tuple(elts=[rows, _])
        ):
            return not isinstance(rows, ast.Slice)
    return False


def read_stored(run: Reader, target: ast.expr) -> Seen:
    """Setting facts of a whole table (its columns' names) goes row by row."""
    if isinstance(target, ast.Attribute):
        if target.attr == "index":
            raise Stop(target, "the index is set as a whole")
        return Seen(Time.ROWS)
    return run.read(target)


def mended(node: ast.stmt, there: Callable[[str], bool]) -> str | None:
    """The table of which a statement sets a value in rows that it names: ``df.loc[7, "a"] = 1``.

    ``there`` says of a column whether the table surely had it before.
    """
    match node:
        case ast.Assign(
            targets=[
                ast.Subscript(
                    value=ast.Attribute(value=ast.Name(id=table), attr=attr),
                    slice=ast.Tuple(elts=[rows, columns]),
                )
            ],
            value=value,
        ) if (
            attr in LOCATORS and _numbers(rows) and _numbers(value, str, float)
        ):
            return table if all(map(there, strings(columns) or [""])) else None
    return None


def _numbers(node: ast.expr, *others: type) -> bool:
    """Whether an expression is a whole number or a list of some, or literals of other types."""
    match node:
        case ast.Call(func=ast.Attribute(attr="idxmax" | "idxmin"), args=[]):
            return not others
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return False
    given = value if isinstance(value, list) else [value]
    return all(type(one) in (int, *others) for one in given)
