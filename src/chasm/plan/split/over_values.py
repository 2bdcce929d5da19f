"""Loops over columns: each round has the values of one row."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chasm.plan.split.model import Seen, Time

if TYPE_CHECKING:
    from chasm.plan.split.reader import Reader

#: What has one value for each row, so that a number of a row says which.
COLUMNS = ("series", "array", "list")


def values_of(run: Reader, node: ast.For) -> tuple[str, set[str]]:
    """The name of the number, and those of the values, of a loop over one value of each row.

    As in ``for i, (a, b) in enumerate(zip(df["a"], df["b"]))``; no names for any other loop.
    """
    number, target, source = "", node.target, node.iter
    match target, source:
        case (
            ast.Tuple(elts=[ast.Name(id=number), target]),
            ast.Call(func=ast.Name(id="enumerate"), args=[source], keywords=[]),
        ):
            pass
    several = [source]
    match source:
        case ast.Call(func=ast.Name(id="zip"), args=[_, _, *_] as several, keywords=[]):
            pass
    names = {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
    return (number, names) if all(_has_one_each(run, one) for one in several) else ("", set())


def _has_one_each(run: Reader, node: ast.expr) -> bool:
    """Whether a value has one for each row, as it stands there."""
    if run.latest(node) is not Time.ROWS or run.kind(node) not in COLUMNS:
        return False
    if any(isinstance(n, (ast.Compare, ast.Slice)) for n in ast.walk(node)):
        return False
    before = len(run.lines), len(run.source.edits)
    return run.read(node) == Seen(Time.ROWS) and before == (len(run.lines), len(run.source.edits))
