"""Functions and loops that only choose rows of a table: to a served record they are nothing."""

from __future__ import annotations

import ast
from enum import IntEnum
from typing import TYPE_CHECKING

from chasm.analyse.nodes import root_name
from chasm.model import Statement
from chasm.plan.split.axes import along_columns
from chasm.plan.split.leaked import MASKS
from chasm.plan.split.model import Time
from chasm.plan.split.parts import symbol
from chasm.plan.split.stacked import LOCATORS

if TYPE_CHECKING:
    from chasm.plan.split.reader import Reader

#: Methods that give a table with the rows that it had, or some of them.
SAME = ("copy", "head", "tail")
#: Methods that say of each row of a column or a text whether something holds.
HOLDS = (*MASKS, "contains", "gt", "ge", "lt", "le", "eq", "ne")
#: How deep functions that call functions are followed.
MOST = 3
#: What a table may be to the analysis, which does not always know.
TABLES = ("frame", "table", "object", None)


class _Kind(IntEnum):
    """What a name of such a function holds; the greater of two is what either may be."""

    EMPTY = 0
    ROWS = 1
    MASK = 2
    GROUPS = 3
    LIST = 4
    OTHER = 5


class _Changed(Exception):
    """More is done than rows chosen, or it is not known."""


def table_of(run: Reader, call: ast.Call, definition: ast.FunctionDef) -> ast.expr | None:
    """The one table with rows in a call of an own function that gives back some of them."""
    if run.strict or run.loop is not None or any(k.arg is None for k in call.keywords):
        return None
    parameters = [a.arg for a in definition.args.args]
    given = [*zip(parameters, call.args, strict=False)]
    given += [(k.arg, k.value) for k in call.keywords if k.arg is not None]
    tables = [(name, value) for name, value in given if run.latest(value) is Time.ROWS]
    if len(tables) != 1 or run.kind(tables[0][1]) not in TABLES:
        return None
    name, table = tables[0]
    return table if _only_chooses(run, definition, name) else None


def chosen_by(run: Reader, statement: Statement, loop: ast.For) -> str | None:
    """The one table that a loop changes, if all it does to it is to choose among its rows."""
    changed = statement.mutates & statement.named | statement.binds
    tables = [name for name in changed if run.time_of(name) is Time.ROWS]
    if len(tables) != 1 or tables[0] not in statement.named & statement.reads:
        return None
    (table,) = tables
    if table in statement.mutates - statement.binds and table not in _asked(loop):
        # It is changed by another name.
        return None
    body = _Body(run, {table: _Kind.ROWS})
    try:
        body.run_all([loop])
    except _Changed:
        return None
    return table if body.names[table] is _Kind.ROWS else None


def _asked(loop: ast.For) -> set[str]:
    """The names that a loop asks for something, or hands to a function."""
    calls = [n for n in ast.walk(loop) if isinstance(n, ast.Call)]
    given = {n.id for call in calls for n in call.args if isinstance(n, ast.Name)}
    return given | {root_name(c.func) or "" for c in calls if isinstance(c.func, ast.Attribute)}


def _only_chooses(run: Reader, definition: ast.FunctionDef, parameter: str, depth: int = 0) -> bool:
    body = _Body(run, {parameter: _Kind.ROWS}, depth)
    try:
        body.run_all(definition.body)
    except _Changed:
        return False
    return body.given == {_Kind.ROWS}


class _Body:
    def __init__(self, run: Reader, names: dict[str, _Kind], depth: int = 0) -> None:
        self.run, self.names, self.depth = run, names, depth
        self.given: set[_Kind] = set()
        self.inside = False

    def run_all(self, body: list[ast.stmt]) -> None:
        for node in body:
            self._statement(node)

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._bind(name, self._kind(value))
            case ast.Assign(targets=targets, value=value):
                self._kind(value)
                for target in targets:
                    self._store(target)
            case ast.AugAssign(target=target, value=value):
                self._kind(value)
                self._store(target)
            case ast.Expr(value=ast.Constant()) | ast.Pass() | ast.Continue():
                pass
            case ast.Expr(value=ast.Call() as call):
                self._done(call)
            case ast.For(target=target, iter=source, body=body, orelse=[]):
                self._each(target, self._kind(source))
                self._rounds(body)
            case ast.If(test=test, body=body, orelse=orelse):
                self._kind(test)
                self.run_all([*body, *orelse])
            case ast.Return(value=ast.expr() as value):
                self.given.add(self._kind(value))
            case _:
                raise _Changed

    def _rounds(self, body: list[ast.stmt]) -> None:
        """What a round makes the next one has, until no name can hold more."""
        if self.inside:
            # A loop within a loop comes again in each round of that.
            self.run_all(body)
            return
        self.inside = True
        before = None
        while before != self.names:
            before = dict(self.names)
            self.run_all(body)
        self.inside = False

    def _bind(self, name: str, kind: _Kind) -> None:
        before = self.names.get(name, kind)
        both = {before, kind}
        same = len(both) == 1 or both == {_Kind.EMPTY, _Kind.ROWS}
        self.names[name] = max(both) if same else _Kind.OTHER

    def _store(self, target: ast.expr) -> None:
        """Something is put into what ``target`` is a part of: never into the table."""
        for name in (n.id for n in ast.walk(target) if isinstance(n, ast.Name)):
            if isinstance(target, (ast.Tuple, ast.List)):
                self._bind(name, _Kind.OTHER)
            elif self.names.get(name, _Kind.OTHER) is not _Kind.OTHER:
                raise _Changed

    def _each(self, target: ast.expr, source: _Kind) -> None:
        names = [n.id for n in ast.walk(target) if isinstance(n, ast.Name)]
        for name in names:
            part = source is _Kind.GROUPS and len(names) == 2 and name == names[1]
            # What is in a list of tables is a table by another name.
            part = part or source is _Kind.LIST
            self._bind(name, _Kind.ROWS if part else _Kind.OTHER)

    def _done(self, call: ast.Call) -> None:
        """A call for what it does: rows are dropped in place, or put into a list."""
        base = call.func.value if isinstance(call.func, ast.Attribute) else None
        kind = self._kind(base) if base is not None else _Kind.OTHER
        if kind is _Kind.LIST:
            if [self._kind(a) for a in call.args] != [_Kind.ROWS] or call.keywords:
                raise _Changed
            return
        given = self._kind(call)
        if kind is not _Kind.OTHER and given is not _Kind.ROWS:
            raise _Changed
        if base is not None and kind is _Kind.OTHER and self._changes_part(base, call):
            raise _Changed

    def _changes_part(self, base: ast.expr, call: ast.Call) -> bool:
        """Whether a column of the table is asked to change, and not only to be drawn or told."""
        assert isinstance(call.func, ast.Attribute)
        if self.names.get(root_name(base) or "", _Kind.OTHER) is _Kind.OTHER:
            return False
        entry = self.run.book.method("series", call.func.attr)
        return entry is None or not (entry.draws or entry.prints or entry.shows)

    def _kind(self, node: ast.expr) -> _Kind:
        match node:
            case ast.Name(id=name):
                return self.names.get(name, _Kind.OTHER)
            case ast.Compare() | ast.BoolOp():
                return _Kind.MASK
            case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr()):
                return self._kind(left)
            case ast.UnaryOp(op=ast.Invert(), operand=operand):
                return self._kind(operand)
            case ast.List(elts=elts):
                kinds = [self._kind(e) for e in elts]
                if all(kind <= _Kind.ROWS for kind in kinds):
                    return _Kind.LIST
                self._not_held(kinds)
            case ast.Tuple(elts=elts) | ast.Set(elts=elts) | ast.Dict(values=elts):
                self._not_held([self._kind(e) for e in elts])
            case ast.Subscript(value=ast.Attribute(value=base, attr=attr), slice=where) if (
                attr in LOCATORS and self._kind(base) is _Kind.ROWS
            ):
                return self._chosen(where)
            case ast.Subscript(value=base, slice=where) if self._kind(base) is _Kind.ROWS:
                return self._chosen(where)
            case ast.Call(func=ast.Attribute(value=base, attr=attr)) if (
                self._kind(base) is not _Kind.OTHER
            ):
                return self._method(node, self._kind(base), attr)
            case ast.Call(func=ast.Attribute(attr=attr)) if attr in HOLDS:
                return _Kind.MASK
            case ast.Call(func=ast.Name(id=name), args=args) if name in self.run.definitions:
                return self._own(self.run.definitions[name], args, node.keywords)
            case ast.Call():
                return self._called(node)
        return _Kind.OTHER

    def _not_held(self, kinds: list[_Kind]) -> None:
        """What holds a table beside other things changes it without its name."""
        if any(kind <= _Kind.ROWS for kind in kinds):
            raise _Changed

    def _chosen(self, where: ast.expr) -> _Kind:
        if isinstance(where, ast.Tuple):
            rows, columns = where.elts[0], where.elts[1:]
            whole = [isinstance(c, ast.Slice) and not (c.lower or c.upper) for c in columns]
            return self._chosen(rows) if all(whole) else _Kind.OTHER
        return _Kind.ROWS if self._kind(where) is _Kind.MASK else _Kind.OTHER

    def _method(self, call: ast.Call, base: _Kind, name: str) -> _Kind:
        if base not in (_Kind.EMPTY, _Kind.ROWS):
            return _Kind.MASK if name in HOLDS else _Kind.OTHER
        word = self.run.book.rows("frame", name)
        if word == "groups":
            return _Kind.GROUPS
        if name == "drop" and not along_columns(call):
            return _Kind.ROWS
        if name == "append" and [self._kind(a) for a in call.args] == [_Kind.ROWS]:
            return _Kind.ROWS
        if name == "reset_index" and not any(k.arg == "drop" for k in call.keywords):
            return _Kind.OTHER
        if name in SAME or word == "filter":
            return _Kind.ROWS
        return _Kind.OTHER

    def _own(
        self, definition: ast.FunctionDef, args: list[ast.expr], keywords: list[ast.keyword]
    ) -> _Kind:
        """Another function of the notebook: rows are given to it only to choose among them."""
        given = [self._kind(a) for a in args]
        if keywords or given.count(_Kind.ROWS) != 1 or set(given) - {_Kind.ROWS, _Kind.OTHER}:
            raise _Changed
        place = given.index(_Kind.ROWS)
        parameters = [a.arg for a in definition.args.args]
        if self.depth >= MOST or place >= len(parameters):
            raise _Changed
        if not _only_chooses(self.run, definition, parameters[place], self.depth + 1):
            raise _Changed
        return _Kind.ROWS

    def _called(self, call: ast.Call) -> _Kind:
        """A function: tables put together again, an empty one, or what makes something else."""
        name = symbol(self.run, call.func)
        kinds = [self._kind(a) for a in call.args]
        if self.run.book.rows("call", name) == "join" and not along_columns(call):
            return _Kind.ROWS if kinds == [_Kind.LIST] else _Kind.OTHER
        entry = self.run.book.call(name)
        if entry is not None and entry.returns == "frame" and not (kinds or call.keywords):
            return _Kind.EMPTY
        if entry is None and any(kind is not _Kind.OTHER for kind in kinds):
            # It may change what it is given.
            raise _Changed
        return _Kind.OTHER
