"""The bodies of the notebook's own functions: whether they go row by row."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeGuard

from chasm.analyse.nodes import bound_to, root_name
from chasm.plan.split.model import TOGETHER, Stop, Time

if TYPE_CHECKING:
    from chasm.plan.split.reader import Reader

#: How deep functions that call functions are followed.
MAX_DEPTH = 4
#: What makes a collection, by the names that everybody knows it by.
COLLECTIONS = ("list", "dict", "set", "Counter", "OrderedDict", "defaultdict")
#: Methods that change the very table that they are called of, and those that add to a collection.
CHANGING = ("insert", "pop", "update")
KEEPING = ("append", "add", "extend", "update", "setdefault", "pop", "insert", "remove", "clear")
#: Why the way stops at a function that is called for each row and remembers something.
REMEMBERS = "a function that is called for each row remembers something of the rows before"


def body_time(run: Reader, definition: ast.FunctionDef, times: dict[str, Time]) -> Time:
    """The time of what a function of the notebook's own gives, with these parameters."""
    before = run.strict, run.depth, run.local, run.together
    run.strict, run.depth, run.together = True, run.depth + 1, {}
    arguments = definition.args
    parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    run.local = {a.arg: Time.CONSTANT for a in parameters} | times
    try:
        return read_body(run, definition.body)
    finally:
        run.strict, run.depth, run.local, run.together = before


def read_body(run: Reader, body: list[ast.stmt]) -> Time:
    """The latest time of what the statements give back; raises :class:`Stop`."""
    return max((_statement(run, statement) for statement in body), default=Time.CONSTANT)


def _leave(run: Reader, loop: ast.For, before: dict[str, Time]) -> None:
    """What a loop over the rows leaves of all of them: a sum, a dictionary, its last value.

    ``before`` are the times of the names that were there before the loop. Whoever reads such a
    name takes the rows together; a list that gets a value in each round has one for each row.
    """
    leaves = any(isinstance(n, ast.Return) for part in loop.body for n in ast.walk(part))
    if leaves and not run.gathering:
        raise Stop(loop, TOGETHER)
    stored = {n.id for n in ast.walk(loop) if _is_stored(n)}
    filled = {*written_into(loop), *_asked(run, loop)} - stored - {""}
    filled = {name for name in filled if before.get(name) is not Time.ROWS}
    if filled - before.keys():
        # What is no function's own is seen by others.
        raise Stop(loop, TOGETHER)
    listed = {name for name in filled if _is_list(loop, name)}
    left = stored | filled - listed
    run.local = {**run.local, **dict.fromkeys(listed, Time.ROWS)}
    if run.gathering:
        run.local |= dict.fromkeys(left, Time.LEARNED)
    else:
        run.together = {**run.together, **dict.fromkeys(left, loop)}


def _is_stored(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _asked(run: Reader, loop: ast.For) -> Iterator[str]:
    """The names of what a loop asks to do something, as ``found.append(value)``."""
    for node in ast.walk(loop):
        match node:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=base))):
                yield "" if run.kind(base) == "symbol" else root_name(base) or ""


def _is_list(loop: ast.For, name: str) -> bool:
    """Whether all that a loop does to a name is to append one value to it in each round."""
    uses = [n for n in ast.walk(loop) if isinstance(n, ast.Name) and n.id == name]
    appends = [part for part in loop.body if _appends(part, name)]
    return len(uses) == len(appends) == 1


def _appends(node: ast.stmt, name: str) -> bool:
    match node:
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name(id=base), attr="append"), args=[_])
        ):
            return base == name
    return False


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
        definition = run.definitions.get(_own_name(run, call.func))
        if definition is None or run.depth >= MAX_DEPTH:
            continue
        given = zip((a.arg for a in definition.args.args), call.args, strict=False)
        times = {name: run.latest(value) for name, value in given}
        times |= {k.arg: run.latest(k.value) for k in call.keywords if k.arg}
        before, run.depth = run.local, run.depth + 1
        run.local = {a.arg: Time.CONSTANT for a in definition.args.args} | times
        try:
            if any(_changes_rows(run, statement) for statement in definition.body):
                return True
        finally:
            run.local, run.depth = before, run.depth - 1
    return False


def _own_name(run: Reader, func: ast.expr) -> str:
    if not isinstance(func, ast.Name):
        return ""
    known = run.value(func)
    return str(known.qualname) if known.kind == "own" and known.qualname else func.id


def _changes_rows(run: Reader, statement: ast.stmt) -> bool:
    """Whether a statement of a body writes into rows that it was given, by whatever name."""
    for loop in (n for n in ast.walk(statement) if isinstance(n, ast.For)):
        if run.latest(loop.iter) is Time.ROWS:
            # What is in a list of tables, or is gone through, is a table by another name.
            run.local |= {n.id: Time.ROWS for n in ast.walk(loop.target) if _is_stored(n)}
    if any(run.time_of(name) is Time.ROWS for name in written_into(statement)):
        return True
    if changed_inside(run, statement):
        return True
    for target, value in bound_to(statement) if isinstance(statement, ast.Assign) else ():
        if isinstance(target, ast.Name):
            same = isinstance(value, ast.Name) and run.time_of(value.id) is Time.ROWS
            run.local[target.id] = Time.ROWS if same else Time.CONSTANT
    return False


def written_into(node: ast.AST) -> Iterator[str]:
    """The names of what a statement changes in place, as far as its form tells."""
    for part in ast.walk(node):
        match part:
            case ast.Subscript() | ast.Attribute() if isinstance(part.ctx, (ast.Store, ast.Del)):
                yield root_name(part) or ""
            case ast.Call(func=ast.Attribute(value=base, attr=attr), keywords=keywords):
                if attr in CHANGING or any(k.arg == "inplace" for k in keywords):
                    yield root_name(base) or ""


def _changes_what_it_is_given(definition: ast.FunctionDef) -> bool:
    """Whether a function may change more than what it has made itself."""
    inside = [n for child in definition.body for n in ast.walk(child)]
    made = {n.id for node in inside for n in _collections(node)}
    for node in inside:
        match node:
            case ast.Global() | ast.Nonlocal() | ast.Yield() | ast.YieldFrom():
                return True
            case ast.keyword(arg="inplace"):
                return True
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=base))):
                if root_name(base) not in made:
                    return True
    return any(name not in made for child in definition.body for name in written_into(child))


def remembers(definition: ast.FunctionDef) -> bool:
    """Whether a function keeps something from one call to the next, in what is not its own."""
    arguments = definition.args
    own = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    inside = [n for child in definition.body for n in ast.walk(child)]
    own |= {n.id for n in inside if _is_stored(n)}
    for node in inside:
        match node:
            case ast.Global() | ast.Nonlocal():
                return True
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)):
                if attr in KEEPING and name not in own:
                    return True
    return any(name not in own for child in definition.body for name in written_into(child))


def _collections(node: ast.AST) -> Iterator[ast.Name]:
    """The names that a statement gives a list, a dictionary or a set of its own."""
    match node:
        case ast.Assign(targets=[ast.Name() as name], value=value) | ast.AnnAssign(
            target=ast.Name() as name, value=value
        ):
            maker = value.func if isinstance(value, ast.Call) else None
            called = isinstance(maker, ast.Name) and maker.id in COLLECTIONS
            if called or isinstance(value, (ast.List, ast.Dict, ast.Set)):
                yield name


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
            before = run.local
            _bind(run, target, Time.RECORD if time is Time.ROWS else time)
            found = max(read_body(run, body), read_body(run, orelse))
            if time is Time.ROWS:
                _leave(run, node, before)
            return found
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
    if isinstance(target, ast.Subscript) and run.latest(target) is Time.ROWS:
        # Rows that are named by their place are those of the training alone.
        _value(run, target)
    for part in ast.walk(target):
        if isinstance(part, ast.Name):
            known = run.local.get(part.id, Time.CONSTANT)
            stored = isinstance(part.ctx, ast.Store)
            run.local = {**run.local, part.id: time if stored else max(known, time)}
            if stored:
                run.together = {k: v for k, v in run.together.items() if k != part.id}
