"""The bodies of the notebook's own functions: whether they go row by row."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chasm.analyse.nodes import root_name
from chasm.plan.split.model import Stop, Time

if TYPE_CHECKING:
    from chasm.plan.split.reader import Reader

#: Why a function that takes rows together stops the way, unless it gives none of them.
TOGETHER = "a function of the notebook takes rows together inside"
#: What makes a dictionary, by the names that everybody imports it under.
DICTIONARIES = ("dict", "Counter", "OrderedDict", "defaultdict")
#: How deep functions that call functions are followed.
MAX_DEPTH = 4
#: Methods that change the very table that they are called of.
CHANGING = ("insert", "pop", "update")


def body_time(run: Reader, definition: ast.FunctionDef, times: dict[str, Time]) -> Time:
    """The time of what a function of the notebook's own gives, with these parameters."""
    before = run.strict, run.depth, run.local
    run.strict, run.depth = True, run.depth + 1
    arguments = definition.args
    parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    run.local = {a.arg: Time.CONSTANT for a in parameters} | times
    try:
        return read_body(run, definition.body)
    finally:
        run.strict, run.depth, run.local = before


def read_body(run: Reader, body: list[ast.stmt]) -> Time:
    """The latest time of what the statements give back; raises :class:`Stop`."""
    latest = Time.CONSTANT
    for number, statement in enumerate(body):
        latest = max(latest, _statement(run, statement))
        if isinstance(statement, ast.For) and run.latest(statement.iter) is Time.ROWS:
            _leave(run, statement, body, body[number + 1 :])
    return latest


def _leave(run: Reader, loop: ast.For, body: list[ast.stmt], after: list[ast.stmt]) -> None:
    """What a loop over the rows leaves of all of them: a sum, a dictionary, its last value."""
    tables = {n.id for child in body for n in _dictionaries(child)}
    stored = {
        n.id for n in ast.walk(loop) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    stored |= tables & {*written_into(loop)}
    left = stored & {n.id for child in after for n in ast.walk(child) if isinstance(n, ast.Name)}
    if left and not run.gathering:
        raise Stop(loop, TOGETHER)
    run.local = {**run.local, **dict.fromkeys(left, Time.LEARNED)}


def _dictionaries(node: ast.stmt) -> Iterator[ast.Name]:
    """The names that a statement gives a dictionary."""
    match node:
        case ast.Assign(targets=[ast.Name() as name], value=ast.Dict()):
            yield name
        case ast.Assign(targets=[ast.Name() as name], value=ast.Call(func=ast.Name(id=made))):
            if made in DICTIONARIES:
                yield name


def takes_together(run: Reader, definition: ast.FunctionDef, times: dict[str, Time]) -> bool:
    """Whether a function takes the rows that it is given together, and gives none of them.

    It then learns where it is called, as a method like ``mean`` does.
    """
    if not run.quiet or _changes_what_it_is_given(definition) or _needs_learned(run, definition):
        return False
    before, run.gathering = run.gathering, True
    try:
        return body_time(run, definition, times) is Time.LEARNED
    except Stop:
        return False
    finally:
        run.gathering = before


def _needs_learned(run: Reader, definition: ast.FunctionDef, depth: int = 0) -> bool:
    """Whether a function reads, besides what it is given, what is only known in training."""
    names = {n.id for child in definition.body for n in ast.walk(child) if isinstance(n, ast.Name)}
    own = {a.arg for a in definition.args.args} | {
        n.id
        for n in ast.walk(definition)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    if any(run.times.get(name, Time.CONSTANT) is not Time.CONSTANT for name in names - own):
        return True
    called = [run.definitions[name] for name in names - own if name in run.definitions]
    return depth >= MAX_DEPTH or any(_needs_learned(run, one, depth + 1) for one in called)


def changed_inside(run: Reader, node: ast.AST) -> bool:
    """Whether a function of the notebook's own that is called changes a table of the records."""
    for call in (n for n in ast.walk(node) if isinstance(n, ast.Call)):
        definition = run.definitions.get(call.func.id) if isinstance(call.func, ast.Name) else None
        if definition is None or run.depth >= MAX_DEPTH:
            continue
        given = zip((a.arg for a in definition.args.args), call.args, strict=False)
        times = {name: run.latest(value) for name, value in given}
        times |= {k.arg: run.latest(k.value) for k in call.keywords if k.arg}
        before, run.depth = run.local, run.depth + 1
        run.local = {a.arg: Time.CONSTANT for a in definition.args.args} | times
        try:
            if _changes_rows(run, definition):
                return True
        finally:
            run.local, run.depth = before, run.depth - 1
    return False


def _changes_rows(run: Reader, definition: ast.FunctionDef) -> bool:
    """Whether a body writes into the rows that it is given, before it has some of its own."""
    own: set[str] = set()
    for statement in definition.body:
        if any(run.time_of(n) is Time.ROWS and n not in own for n in written_into(statement)):
            return True
        if changed_inside(run, statement):
            return True
        bound = (n for n in ast.walk(statement) if isinstance(n, ast.Name))
        own |= {n.id for n in bound if isinstance(n.ctx, ast.Store)}
    return False


def written_into(node: ast.AST) -> Iterator[str]:
    """The names of what a statement changes in place, as far as its form tells."""
    for part in ast.walk(node):
        match part:
            case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(ctx=ast.Store()):
                yield root_name(part) or ""
            case ast.Call(func=ast.Attribute(value=base, attr=attr), keywords=keywords):
                if attr in CHANGING or any(k.arg == "inplace" for k in keywords):
                    yield root_name(base) or ""


def _changes_what_it_is_given(definition: ast.FunctionDef) -> bool:
    a = definition.args
    parameters = {one.arg for one in (*a.posonlyargs, *a.args, *a.kwonlyargs)}
    for node in (n for child in definition.body for n in ast.walk(child)):
        match node:
            case ast.Global() | ast.Nonlocal() | ast.Yield() | ast.YieldFrom():
                return True
            case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(
                ctx=ast.Store() | ast.Del()
            ):
                return True
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
                if name in parameters:
                    return True
            case ast.keyword(arg="inplace"):
                return True
    return False


def _statement(run: Reader, node: ast.stmt) -> Time:
    match node:
        case ast.Return(value=value):
            return _value(run, value)
        case ast.Assign(targets=targets, value=value):
            time = _value(run, value)
            for target in targets:
                _bind(run, target, time)
        case ast.AnnAssign(target=target, value=value):
            _bind(run, target, _value(run, value))
        case ast.AugAssign(target=target, value=value):
            _bind(run, target, max(_value(run, value), run.latest(target)))
        case ast.Expr(value=value):
            if not run.gathering:
                _value(run, value)
        case ast.If(test=test, body=body, orelse=orelse):
            time = _value(run, test)
            before = run.local
            inner = max(read_body(run, body), read_body(run, orelse))
            # Which branch is taken is not known: a name may still be what it was.
            run.local |= {name: max(t, run.local[name]) for name, t in before.items()}
            return max(inner, time) if inner or time is Time.RECORD else inner
        case ast.For(target=target, iter=source, body=body, orelse=orelse):
            time = _value(run, source)
            if time is Time.ROWS and _groups(run, source):
                raise Stop(node, "groups of rows are not known to go row by row")
            _bind(run, target, Time.RECORD if time is Time.ROWS else time)
            return max(read_body(run, body), read_body(run, orelse))
        case ast.While(test=test, body=body):
            _value(run, test)
            return read_body(run, body)
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final):
            parts = [body, orelse, final, *(handler.body for handler in handlers)]
            return max(read_body(run, part) for part in parts)
        case ast.With(body=body):
            return read_body(run, body)
        case ast.FunctionDef():
            run.definitions = {**run.definitions, node.name: node}
    return Time.CONSTANT


def _groups(run: Reader, node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=table, attr=attr)):
            return run.book.rows(run.kind(table), attr) == "groups"
    return False


def _value(run: Reader, node: ast.expr | None) -> Time:
    seen = run.read(node)
    if seen.gathers and node is not None and not run.gathering:
        raise Stop(node, TOGETHER)
    return seen.time


def _bind(run: Reader, target: ast.expr, time: Time) -> None:
    for part in ast.walk(target):
        if isinstance(part, ast.Name):
            known = run.local.get(part.id, Time.CONSTANT)
            stored = isinstance(part.ctx, ast.Store)
            run.local = {**run.local, part.id: time if stored else max(known, time)}
