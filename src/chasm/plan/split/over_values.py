"""Loops over columns, and functions of their values: each round has the values of one row."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chasm.plan.split.bodies import REMEMBERS, body_time, remembers
from chasm.plan.split.groups import checked
from chasm.plan.split.model import BESIDE, Seen, Stop, Time
from chasm.plan.split.orders import orders
from chasm.plan.split.parts import symbol

if TYPE_CHECKING:
    from chasm.plan.split.reader import Reader

#: What has one value for each row, so that a number of a row says which.
COLUMNS = ("series", "array", "list")
#: What makes a function of single values one of arrays.
VECTORIZE = "vectorize"


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
    return (number, names) if have_one_each(run, several) else ("", set())


def have_one_each(run: Reader, nodes: list[ast.expr]) -> bool:
    """Whether all of several values have one for each row, and those of one row together."""
    inside = [n.id for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name)]
    tables = [name for name in inside if run.time_of(name) is Time.ROWS]
    together = all(run.told.same_order(name, tables[0]) for name in tables)
    return together and all(has_one_each(run, node) for node in nodes)


def has_one_each(run: Reader, node: ast.expr) -> bool:
    """Whether a value has one for each row, as it stands there."""
    if run.latest(node) is not Time.ROWS or run.kind(node) not in COLUMNS:
        return False
    if orders(node) or any(isinstance(n, (ast.Compare, ast.Slice)) for n in ast.walk(node)):
        return False
    before = len(run.lines), len(run.source.edits)
    return run.read(node) == Seen(Time.ROWS) and before == (len(run.lines), len(run.source.edits))


def vectorized(run: Reader, node: ast.expr) -> ast.expr | None:
    """The function of single values that ``np.vectorize(f)`` makes one of arrays."""
    made = run.told.lists(node.id) if isinstance(node, ast.Name) else node
    if not isinstance(made, ast.Call) or len(made.args) != 1 or made.keywords:
        return None
    return made.args[0] if symbol(run, made.func).endswith(VECTORIZE) else None


def of_each(run: Reader, node: ast.expr, function: ast.expr, values: list[ast.expr]) -> Seen:
    """What a function gives for the values of each row, as ``map(f, df["a"], df["b"])`` does."""
    if all(run.latest(value) < Time.RECORD for value in values):
        return run.meet([function, *values])
    if not have_one_each(run, values):
        raise Stop(node, BESIDE)
    if isinstance(function, ast.Lambda):
        checked(run, function, run.function(function, Time.RECORD))
    elif isinstance(function, ast.Name) and function.id in run.definitions:
        definition = run.definitions[function.id]
        if remembers(definition):
            raise Stop(node, REMEMBERS)
        body_time(run, definition, {a.arg: Time.RECORD for a in definition.args.args})
    elif run.read(function).gathers:
        run.keep(function)
    return Seen(Time.ROWS)
