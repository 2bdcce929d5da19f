"""Loops that go through the rows by their numbers, each round at its own row."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chasm.model import Statement
from chasm.plan.split.model import Role, Step, Time
from chasm.plan.split.orders import ORDERS
from chasm.plan.split.over_values import COLUMNS, values_of
from chasm.plan.split.parts import LOCATORS
from chasm.plan.split.sizes import is_all

if TYPE_CHECKING:
    from chasm.plan.split.reader import Reader

#: Methods that give the same rows in the same order.
SAME = ("copy", "astype")
#: Functions that give one value as often as they are told.
FILLED = (".zeros", ".ones", ".empty", ".full")


class _OtherRows(Exception):
    """A round does more than its own row needs, or it is not known."""


@dataclass(slots=True)
class _Round:
    """What a round has of its own, and what it makes.

    ``own`` are the names that hold values of its row by now, ``carried`` those that hold what
    another round left until they are bound; ``written`` are tables that it writes its row of,
    ``grown`` lists that it has added one value to.
    """

    run: Reader
    number: str
    carried: frozenset[str]
    own: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    grown: set[str] = field(default_factory=set)


def row_by_row(statement: Statement, run: Reader, node: ast.For) -> Step | None:
    """The step of a loop whose rounds read and write their own rows alone; else None."""
    changed = _changed_names(node)
    match node:
        case ast.For(
            target=ast.Tuple(elts=[ast.Name(id=number), ast.Name(id=row)]),
            iter=ast.Call(func=ast.Attribute(value=table, attr="iterrows"), args=[]),
        ) if (
            run.latest(table) is Time.ROWS
        ):
            body = _Round(run, number, changed, {row})
        case ast.For(target=ast.Name(id=number), iter=source) if is_all(run, source):
            body = _Round(run, number, changed)
        case _:
            number, values = values_of(run, node)
            if not values:
                return None
            body = _Round(run, number, changed, values)
    if node.orelse or not _does_no_more(statement):
        return None
    try:
        for part in node.body:
            _read(body, part)
    except _OtherRows:
        return None
    kept = statement.mutates - statement.binds - body.grown
    if any(run.time_of(name) < Time.ROWS for name in kept):
        # A set, an iterator or a generator that each round leaves otherwise than it was.
        return None
    counted = {n.id for n in ast.walk(node.iter) if isinstance(n, ast.Name)}
    rows = {name for name in statement.reads if run.time_of(name) is Time.ROWS}
    if not all(_in_order(run, n) if n in counted else _part_of(run, n, counted) for n in rows):
        # Values taken by label or by place would stand beside rows in another order.
        return None
    bound = statement.binds - body.grown - body.written
    if not (body.written or body.grown) or any(run.read_later(name) for name in bound):
        return None
    run.times |= dict.fromkeys(bound, Time.LEARNED)
    run.times |= dict.fromkeys(body.written | body.grown, Time.ROWS)
    return Step(statement.id, Role.STEP, node.col_offset, tuple(run.lines), tuple(run.source.edits))


def _in_order(run: Reader, name: str) -> bool:
    """Whether the rows of a table stand where their labels say, as far as its last code tells."""
    node, numbered = run.told.lists(name), False
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        # The last call comes first: rows may be numbered anew after they were ordered.
        numbered = numbered or node.func.attr == "reset_index"
        if node.func.attr in ORDERS and not numbered:
            return False
        node = node.func.value
    return True


def _part_of(run: Reader, name: str, counted: set[str]) -> bool:
    """Whether a value is a column of the table whose rows are counted, or that table itself."""
    node = run.told.lists(name)
    while True:
        match node:
            case ast.Name(id=table):
                return table in counted
            case ast.Call(func=ast.Attribute(value=inner, attr=attr)) if (
                attr in SAME or attr[:2] == "to"
            ):
                node = inner
            case ast.Attribute(value=inner) | ast.Subscript(value=inner, slice=ast.Constant()):
                node = inner
            case _:
                return isinstance(node, ast.Call) and run.text(node.func).endswith(FILLED)


def _changed_names(node: ast.For) -> frozenset[str]:
    """The names that the rounds of a loop bind, or whose lists they add to."""
    found: set[str] = set()
    for part in ast.walk(node):
        match part:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Call(
                func=ast.Attribute(value=ast.Name(id=name), attr="append")
            ):
                found.add(name)
    return frozenset(found)


def _does_no_more(statement: Statement) -> bool:
    e = statement.effects
    return not (e.writes or e.reads or e.random or e.seeds or e.fits or e.draws or e.unknown)


def _read(body: _Round, node: ast.stmt) -> None:
    match node:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            pass
        case ast.If(test=test, body=yes, orelse=no):
            _value(body, test)
            _either(body, yes, no)
        case ast.Assign(targets=[place], value=value):
            _value(body, value)
            _store(body, place)
        case ast.AugAssign(target=ast.Name(id=name), value=value) if name in body.own:
            _value(body, value)
        case ast.AugAssign(target=ast.Subscript() as place, value=value):
            _value(body, value)
            _store(body, place)
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=ast.Name(id=held) as grown, attr="append"), args=[value]
            )
        ) if held not in body.grown and _is_empty(body.run, grown):
            _value(body, value)
            body.grown.add(held)
        case _:
            raise _OtherRows


def _either(body: _Round, yes: list[ast.stmt], no: list[ast.stmt]) -> None:
    """Two branches: what a name holds after them it holds of the row in both."""
    own, grown = body.own, body.grown
    ends: list[tuple[set[str], set[str]]] = []
    for branch in (yes, no):
        body.own, body.grown = set(own), set(grown)
        for part in branch:
            _read(body, part)
        ends.append((body.own, body.grown))
    (first, one), (second, other) = ends
    if one != other:
        # A list that only some rounds add to has no value for each row.
        raise _OtherRows
    body.own, body.grown = first & second, one


def _is_empty(run: Reader, node: ast.Name) -> bool:
    """Whether a list has no values before the loop, and none of the records."""
    made = run.told.lists(node.id)
    empty = isinstance(made, ast.List) and not made.elts
    return empty and run.time_of(node.id) < Time.RECORD


def _store(body: _Round, node: ast.expr) -> None:
    if isinstance(node, ast.Name) and node.id != body.number:
        if body.run.time_of(node.id) is Time.ROWS:
            raise _OtherRows
        body.own.add(node.id)
    elif (table := _own_row(body, node)) is not None:
        body.written.add(table)
    else:
        raise _OtherRows


def _value(body: _Round, node: ast.expr) -> None:
    """Read an expression: tables with rows stand in it only at the row of the round."""
    if _own_row(body, node) is not None:
        return
    match node:
        case ast.Name(id=name):
            carried = name in body.carried and name not in body.own
            if carried or body.run.time_of(name) is Time.ROWS:
                raise _OtherRows
        case ast.Call(func=ast.Name(id=name)) if _keeps_state(body.run, name):
            raise _OtherRows
        case ast.Lambda() | ast.Await() | ast.Yield() | ast.YieldFrom() | ast.NamedExpr():
            raise _OtherRows
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            _comprehension(body, node)
        case _:
            for part in ast.iter_child_nodes(node):
                inner = part.value if isinstance(part, ast.keyword) else part
                if isinstance(inner, ast.expr):
                    _value(body, inner)


def _keeps_state(run: Reader, name: str) -> bool:
    """Whether a function of the notebook reads a table, or a default that calls may change."""
    definition = run.definitions.get(name)
    if definition is None:
        return False
    given = [*definition.args.defaults, *definition.args.kw_defaults]
    kept = any(isinstance(one, (ast.List, ast.Dict, ast.Set, ast.Call)) for one in given)
    return kept or run.latest(ast.Module(definition.body, [])) is Time.ROWS


def _comprehension(
    body: _Round, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
) -> None:
    own = body.own
    for each in node.generators:
        _value(body, each.iter)
        named = {n.id for n in ast.walk(each.target) if isinstance(n, ast.Name)}
        body.own = body.own | named
        for test in each.ifs:
            _value(body, test)
    made = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    for part in made:
        _value(body, part)
    body.own = own


def _own_row(body: _Round, node: ast.expr) -> str | None:
    """The table of which ``node`` is a value in the round's own row: ``x[i]``, ``df.at[i, c]``."""
    match node:
        case ast.Subscript(
            value=ast.Subscript(value=table, slice=ast.Name(id=number)), slice=label
        ) if number == body.number and _is_locator(table):
            _value(body, label)
        case ast.Subscript(value=table, slice=ast.Tuple(elts=[ast.Name(id=number), label])) if (
            number == body.number
        ):
            _value(body, label)
        case ast.Subscript(value=table, slice=ast.Name(id=number)) if number == body.number:
            if not _is_locator(table) and body.run.kind(table) not in COLUMNS:
                return None
        case _:
            return None
    return _base(body, table)


def _is_locator(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in LOCATORS


def _base(body: _Round, node: ast.expr) -> str | None:
    """The name of the table that ``node`` is, or is a column of."""
    match node:
        case ast.Attribute(value=table) | ast.Subscript(value=table, slice=ast.Constant()):
            return _base(body, table)
        case ast.Name(id=name) if body.run.time_of(name) is Time.ROWS:
            return name
    return None
