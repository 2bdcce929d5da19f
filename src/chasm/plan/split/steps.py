"""Statements on the way of a record: which are replayed, which only train, which learn."""

from __future__ import annotations

import ast
from dataclasses import replace

from chasm.analyse.nodes import bound_to
from chasm.model import Statement
from chasm.plan.split.asides import only_gives, surely_changed, writes_rows
from chasm.plan.split.bodies import changed_inside
from chasm.plan.split.branches import read_branches
from chasm.plan.split.calling import WHOLE
from chasm.plan.split.drops import strings
from chasm.plan.split.halves import chosen_halves
from chasm.plan.split.loops import loop_step
from chasm.plan.split.model import BESIDE, Line, Role, Seen, Step, Stop, Time
from chasm.plan.split.orders import orders
from chasm.plan.split.pairs import first_part, fresh
from chasm.plan.split.reader import Reader
from chasm.plan.split.sizes import numbers_rows, takes_index
from chasm.plan.split.stored import has_rows, mended, of_some_rows, read_stored
from chasm.plan.split.target import (
    TELLS,
    Target,
    column_of,
    names_rows,
    reads_labels,
    reads_target,
    touches_only,
)
from chasm.plan.split.told import NUMBERED

#: Statements that may change a table besides, whatever they draw.
COMPOUND = (ast.For, ast.While, ast.If, ast.With, ast.Try)


def step_of(statement: Statement, run: Reader, target: Target | None) -> Step:
    """What becomes of ``statement``; ``run.times`` then knows the names that it binds."""
    node = run.tree.node
    run.quiet = only_gives(statement.effects)
    draws = statement.effects.draws and not statement.effects.writes
    compound = isinstance(node, COMPOUND)
    rewrites = draws and surely_changed(run, statement)
    if draws and (changed_inside(run, node) or rewrites and not compound):
        raise Stop(node, "a function of the notebook draws and changes the rows")
    if draws and not (compound and (rewrites or writes_rows(run, node))):
        # A figure changes no value, whatever else is not known of the call.
        for name in statement.binds:
            run.times[name] = Time.LEARNED
        return _made(statement, run, Role.APART)
    if takes_index(run, node):
        return _made(statement, run, Role.STEP)
    made = column_of(node)
    if made is not None and all(run.time_of(n) < Time.ROWS for n in statement.reads):
        # A table beside the records may have a column that is called as the target is.
        return _without_rows(statement, run)
    if target is not None and touches_only(node, target):
        changed = statement.mutates & statement.named
        frame = target.frame if target.frame in changed else min(changed, default=target.frame)
        # An encoder that is fitted besides is no table.
        frame = made[0] if made is not None and made[0] in changed else frame
        _own_encoder(run)
        if made is not None and (
            _from_elsewhere(node, made[0]) or not reads_target(node, target, run.book)
        ):
            # The file does not have it.
            run.told.labels[made[1]] = statement.id
        return _made(statement, run, Role.TRAINING, ((frame, frame),))
    if target is not None and reads_target(node, target, run.book, run.told.labels):
        if made is not None and isinstance(node, ast.Assign):
            step = _assign(statement, run, node.targets, node.value)
            if step.role is Role.STEP and not _learned_all(run, target):
                # No record has it before it is answered; whoever drops it finds nothing to drop.
                frame, label = made
                run.told.take(frame, label, statement.id)
                return Step(statement.id, Role.TRAINING, step.column, same=((frame, frame),))
            return step
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            if names_rows(node.value):
                run.times[node.targets[0].id] = Time.LEARNED
                return _made(statement, run, Role.APART)
            step = _assign(statement, run, node.targets, node.value)
            if step.role is not Role.STEP or _learned_all(run, target):
                return step
        raise Stop(node, TELLS)
    if all(run.time_of(n) < Time.ROWS for n in statement.reads):
        return _without_rows(statement, run)
    run.told.let_go(node, run.source)
    match node:
        case ast.Assign() if table := run.told.taken_out(node) or mended(node, run.told.there):
            run.times |= dict.fromkeys(statement.binds, Time.LEARNED)
            return _made(statement, run, Role.TRAINING, ((table, table),))
        case ast.Assign(value=value) if made is not None and numbers_rows(run, value):
            raise Stop(node, NUMBERED)
        case ast.Assign(targets=targets, value=value):
            if parted := _parted(statement, run, target):
                return parted
            return _assign(statement, run, targets, value)
        case ast.AnnAssign(target=place, value=value) if value is not None:
            return _assign(statement, run, [place], value)
        case ast.AugAssign(target=place, value=value) as node:
            seen = run.meet([place, value])
            if seen.time < Time.RECORD:
                if isinstance(place, ast.Name) and statement.mutates <= {place.id}:
                    _spell_out(run, place, node)
                return _bound(statement, run, seen, Role.LEARN)
            return _bound(statement, run, Seen(Time.ROWS))
        case ast.Expr(value=ast.Call() as call):
            return _call(statement, run, call)
        case ast.Delete(targets=[ast.Subscript(value=ast.Name(id=frame)) as column]):
            if run.told.made & set(strings(column.slice)):
                # No record has the column, since only the training makes it.
                return _made(statement, run, Role.TRAINING, ((frame, frame),))
            return _made(statement, run, Role.STEP)
        case ast.Delete():
            return _made(statement, run, Role.STEP)
        case ast.For():
            return loop_step(statement, run, node)
        case ast.If():
            read_branches(run, node)
            return _bound(statement, run, Seen(Time.ROWS))
    raise Stop(node, "it is not known what the statement does with the rows")


def _spell_out(run: Reader, place: ast.Name, node: ast.AugAssign) -> None:
    """``total += mean`` as ``total = total + mean``: what was learned is learned anew."""
    sign = run.text(node)[len(place.id) :].lstrip().partition("=")[0]
    value = run.text(node.value) if isinstance(node.value, WHOLE) else f"({run.text(node.value)})"
    run.source.replace(node, f"{place.id} = {place.id} {sign} {value}")


def _from_elsewhere(node: ast.stmt, frame: str) -> bool:
    """Whether a column is set to what its table has no part in: ``df["target"] = iris.target``."""
    return isinstance(node, ast.Assign) and not any(
        isinstance(n, ast.Name) and n.id == frame for n in ast.walk(node.value)
    )


def _learned_all(run: Reader, target: Target) -> bool:
    """Whether what is replayed does without the target: all that it tells was learned."""
    text = run.text(run.tree.node)
    (replayed,) = ast.parse(text).body
    return not reads_target(replayed, target, run.book, run.told.labels)


def _own_encoder(run: Reader) -> None:
    """The target's encoder is made anew, where nobody asks it later what it has learned."""
    for node in ast.walk(run.tree.node):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name() as base, attr="fit_transform")):
                maker = run.maker(base.id)
                if maker is not None and not run.read_later(base.id):
                    run.source.replace(base, maker)


def _without_rows(statement: Statement, run: Reader) -> Step:
    """What no row goes into: known from the code, or from what was learned."""
    e = statement.effects
    learned = [n for n in statement.reads if run.time_of(n) is Time.LEARNED]
    outside = e.reads or e.random or e.seeds or e.unknown or e.fits or (e.state - {"warnings"})
    time = Time.LEARNED if learned or outside else Time.CONSTANT
    for name in statement.binds | statement.mutates:
        run.times[name] = time
    node = run.tree.node
    match node:
        # What other names hold as well changes with it.
        case ast.AugAssign(target=ast.Name() as place) if statement.mutates <= statement.binds:
            if time is Time.LEARNED:
                _spell_out(run, place, node)
    made = _made(statement, run, Role.LEARN if time is Time.LEARNED else Role.STEP)
    return replace(made, of_rows=False)


def _assign(statement: Statement, run: Reader, targets: list[ast.expr], value: ast.expr) -> Step:
    if isinstance(value, ast.Call) and (same := chosen_halves(run, value, targets[0])):
        for name, source in same:
            run.times[name] = run.time_of(source)
        for name in statement.binds - {n for n, _ in same}:
            run.times[name] = Time.ROWS
        return _made(statement, run, Role.TRAINING, same)
    paired = isinstance(value, ast.Tuple) and isinstance(targets[0], ast.Tuple)
    if paired and isinstance(value, ast.Tuple):
        seen = run.join([(v, run.read(v)) for v in value.elts])
        return _bound(statement, run, seen, Role.LEARN if seen.time is Time.LEARNED else Role.STEP)
    if isinstance(value, ast.Call) and run.latest(value) is Time.ROWS:
        alone = first_part(run, value, targets[0])
        if alone is not None:
            return _bound(statement, run, alone)
    run.top = value if isinstance(targets[0], ast.Name) else None
    seen = run.read(value)
    if run.chosen is not None and isinstance(targets[0], ast.Name):
        return _bound(statement, run, seen, Role.TRAINING, ((targets[0].id, run.chosen),))
    stored = [t for t in targets if not isinstance(t, ast.Name)]
    if seen.time is Time.ROWS and any(isinstance(t, (ast.Tuple, ast.List)) for t in targets):
        raise Stop(value, "rows are divided among several names")
    rowwise = stored and any(run.latest(t) is Time.ROWS for t in stored)
    if rowwise and seen.time is Time.LEARNED and has_rows(run, value, stored):
        raise Stop(value, BESIDE)
    if seen.time is Time.ROWS and any(run.latest(t) is Time.LEARNED for t in stored):
        raise Stop(value, "another table takes the records' values in, row by row")
    if rowwise and orders(value) and run.kind(value) not in ("series", "frame"):
        # Values without labels would stand beside other rows.
        raise Stop(value, BESIDE)
    if rowwise and run.kind(value) == "array" and any(map(of_some_rows, stored)):
        raise Stop(value, "values without a row are set in some of the rows")
    if rowwise:
        run.join([(value, seen), *((t, read_stored(run, t)) for t in stored)])
        return _bound(statement, run, Seen(Time.ROWS))
    if seen.time is Time.LEARNED:
        return _bound(statement, run, seen, Role.LEARN)
    return _bound(statement, run, seen)


def _parted(statement: Statement, run: Reader, target: Target | None) -> Step | None:
    """Of ``X, y = some[inputs], some["far"]`` what is made of the target, which no record has,
    stands in a statement of its own; None where nothing is, or where that changes a value."""
    label = target.label if target is not None else None
    node = run.tree.node
    parts = bound_to(node) if isinstance(node, ast.Assign) else []
    names = [target.id for target, _ in parts if isinstance(target, ast.Name)]
    if len(parts) < 2 or len(names) < len(parts) or statement.binds & statement.reads:
        return None
    known = {*run.told.labels, label} - {None}
    told = [reads_labels(value) & known for _, value in parts]
    if not any(told) or all(told):
        return None
    kept: list[tuple[str, ast.expr]] = []
    far: set[str] = set()
    for name, (_, value), tells in zip(names, parts, told, strict=True):
        if not tells:
            kept.append((name, value))
            continue
        # What the file has of the target goes with its rows, as in a statement of its own.
        made = not tells.isdisjoint(run.told.labels)
        run.lines.append(Line(Role.TRAINING if made else Role.STEP, f"{name} = {run.text(value)}"))
        far |= {name} if made else set()
    seen = run.join([(value, run.read(value)) for _, value in kept])
    texts = ", ".join(run.text(value) for _, value in kept)
    run.source.replace(node, f"{', '.join(name for name, _ in kept)} = {texts}")
    step = _bound(statement, run, seen, Role.LEARN if seen.time is Time.LEARNED else Role.STEP)
    run.times |= dict.fromkeys(set(names) - {name for name, _ in kept}, Time.ROWS)
    run.times |= dict.fromkeys(far, Time.LEARNED)
    return step


def _call(statement: Statement, run: Reader, call: ast.Call) -> Step:
    run.top = call
    seen = run.read(call)
    if run.chosen is not None:
        # A table whose column is asked to lose rows is told to change as well, and stays.
        rows = {name for name in statement.mutates if run.time_of(name) is Time.ROWS}
        same = tuple((name, name) for name in sorted(rows | {run.chosen}))
        return _bound(statement, run, seen, Role.TRAINING, same)
    if seen.gathers:
        base = call.func.value if isinstance(call.func, ast.Attribute) else None
        if isinstance(base, ast.Name) and statement.effects.fits:
            # The name is bound to what was fitted, so that a later fit does not change it.
            code = f"{base.id} = {fresh(run, base.id)}"
            run.source.replace(base, code)
        return _bound(statement, run, seen, Role.LEARN)
    return _bound(statement, run, seen)


def _bound(
    statement: Statement,
    run: Reader,
    seen: Seen,
    role: Role = Role.STEP,
    same: tuple[tuple[str, str], ...] = (),
) -> Step:
    for name in statement.binds:
        run.times[name] = seen.time
    for name in statement.mutates:
        # What is fitted on rows has learned of them; it is not one of them.
        time = min(seen.time, Time.LEARNED) if statement.effects.fits else seen.time
        if name not in statement.named and run.time_of(name) is Time.LEARNED:
            # It only holds what changes, as a list does; the training's own it stays.
            continue
        run.times[name] = max(run.time_of(name), time)
    return _made(statement, run, role, same)


def _made(
    statement: Statement, run: Reader, role: Role, same: tuple[tuple[str, str], ...] = ()
) -> Step:
    column = run.tree.node.col_offset
    return Step(statement.id, role, column, tuple(run.lines), tuple(run.source.edits), same)
