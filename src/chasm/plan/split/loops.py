"""Loops over columns: each round learns for its own column."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection

from chasm.model import Statement
from chasm.plan.split.bodies import read_body
from chasm.plan.split.model import EARLIER, Line, Loop, Role, Step, Stop, Time
from chasm.plan.split.reader import GATHERED, ROWS, Reader
from chasm.plan.split.spelled import reads_others, spelled_out
from chasm.plan.split.wording import learned_name


def loop_step(statement: Statement, run: Reader, node: ast.For) -> Step:
    """A loop whose rounds go row by row, with what each of them learns taken out of it."""
    if _only_learns(statement, run):
        for name in statement.binds | statement.mutates:
            run.times[name] = Time.LEARNED
        return Step(statement.id, Role.LEARN)
    if same := _divided(run, node):
        for name, before in same:
            run.times[name] = run.time_of(before)
        return Step(statement.id, Role.TRAINING, same=same)
    if same := _divided_again(statement, run, node):
        run.times |= dict.fromkeys(statement.binds, Time.LEARNED)
        run.times |= {name: run.time_of(before) for name, before in same}
        return Step(statement.id, Role.TRAINING, same=same)
    source = run.read(node.iter)
    if source.time is Time.ROWS and run.kind(node.iter) == "frame":
        # A loop over a table goes over the names of its columns.
        source = GATHERED
    if source.time >= Time.RECORD:
        raise Stop(node, "the loop goes over rows")
    if not isinstance(node.target, ast.Name) or node.orelse:
        if source.gathers:
            # What is gone through once may be gone through again only as a list.
            name = learned_name(node.iter)
            run.learn(node.iter, f"list({run.text(node.iter)})", name, "{0}")
        run.strict = True
        read_body(run, node.body)
        return _made(statement, run)
    run.loop = Loop(node.target.id, run.text(node.iter), frames=_written(node))
    run.local = {**run.local, node.target.id: source.time}
    body = node.body
    guard = _guard(run, node)
    if guard is not None:
        run.loop.condition = f"not ({run.text(guard.test)})"
        body = body[1:]
    only = body[0] if len(body) == 1 else None
    test = only.test if isinstance(only, ast.If) and not only.orelse else None
    gathered = test is not None and run.latest(test) is Time.ROWS
    if isinstance(only, ast.If) and test is not None and gathered:
        run.loop.condition = run.text(test)
        body = only.body
    condition = run.loop.condition
    if condition and reads_others(condition, run.loop.frames, node.target.id, run.loop.over):
        raise Stop(node, EARLIER)
    for part in body:
        _round(run, part)
    if source.gathers and not run.loop.learned or gathered and not run.loop.learned:
        name = run.names.unique(f"{node.target.id}s")
        loop = run.loop
        run.lines.append(Line(Role.LEARN, f"{name} = [{loop.variable} {loop.clause}]"))
        run.loop.learned.append(name)
    if run.loop.learned:
        run.source.replace(node.iter, run.loop.learned[0])
    if gathered and isinstance(only, ast.If):
        run.source.replace(only, _dedented(run, only))
    if guard is not None and run.loop.learned:
        # What is gone through has been chosen by it.
        run.source.remove(guard, body[0])
    return _made(statement, run)


def _written(node: ast.For) -> frozenset[str]:
    """The tables that the rounds of a loop write into."""
    found: set[str] = set()
    for part in ast.walk(node):
        if isinstance(part, (ast.Subscript, ast.Attribute)) and isinstance(part.ctx, ast.Store):
            place: ast.expr = part
            while isinstance(place, (ast.Subscript, ast.Attribute)):
                place = place.value
            found |= {place.id} if isinstance(place, ast.Name) else set()
    return frozenset(found)


def _guard(run: Reader, node: ast.For) -> ast.If | None:
    """The condition at the head of a loop's body that goes on with the next round."""
    match node.body:
        case [ast.If(test=test, body=[ast.Continue()], orelse=[]) as guard, _, *_]:
            before = run.source.edits[:]
            learns = len(run.lines)
            seen = run.read(test)
            plain = run.source.edits == before and len(run.lines) == learns
            if not plain:
                raise Stop(guard, "a condition learns something in each round")
            return guard if seen.time < Time.RECORD else None
    return None


def _divided(run: Reader, node: ast.For) -> tuple[tuple[str, str], ...]:
    """Of ``for train, test in splitter.split(…)`` the tables that are chosen of others."""
    call = node.iter
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return ()
    if call.func.attr != "split" or run.kind(call.func.value) != "splitter":
        return ()
    places = {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}
    found: list[tuple[str, str]] = []
    for part in node.body:
        if not isinstance(part, ast.Assign):
            return ()
        for target, value in _bound_to(part):
            source = _chosen_by(value, places)
            if not isinstance(target, ast.Name) or source is None:
                return ()
            if run.time_of(source) is not Time.ROWS:
                return ()
            found.append((target.id, source))
    return tuple(found)


def _divided_again(statement: Statement, run: Reader, node: ast.For) -> tuple[tuple[str, str], ...]:
    """The halves that a loop leaves that divides the rows in each round, as a search for a seed."""
    if any(run.time_of(name) is Time.ROWS for name in statement.mutates):
        return ()
    found: list[tuple[str, str]] = []
    for part in node.body:
        if not isinstance(part, ast.Assign) or not isinstance(part.value, ast.Call):
            continue
        name, _ = run.tree.entries.get(id(part.value), ("", None))
        if run.book.rows("call", name) != "split":
            continue
        for half, whole in halves(part.value, part.targets[0]):
            if not isinstance(half, ast.Name) or not isinstance(whole, ast.Name):
                return ()
            if whole.id in statement.binds:
                return ()
            found.append((half.id, whole.id))
    bound = Counter(
        n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    )
    return tuple(found) if all(bound[half] == 1 for half, _ in found) else ()


def halves(call: ast.Call, target: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """The targets of a split, each with what it is a half of; none unless all are there."""
    parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else []
    if len(parts) != 2 * len(call.args):
        return []
    return [(part, call.args[place // 2]) for place, part in enumerate(parts)]


def chosen_rows(run: Reader, places: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Of ``X, y = X[places], y[places]`` the tables with those that they are chosen of."""
    node = run.tree.node
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return ()
    found: list[tuple[str, str]] = []
    for target, value in _bound_to(node):
        source = _chosen_by(value, set(places))
        if not isinstance(target, ast.Name) or source is None or source in places:
            return ()
        found.append((target.id, source))
    return tuple(found)


def divided_rows(run: Reader) -> tuple[tuple[str, str], ...]:
    """Of a split of plain names the halves with what they are halves of."""
    node = run.tree.node
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
        return ()
    name, _ = run.tree.entries.get(id(node.value), ("", None))
    if run.book.rows("call", name) != "split":
        return ()
    pairs = halves(node.value, node.targets[0])
    found = [
        (half.id, whole.id)
        for half, whole in pairs
        if isinstance(half, ast.Name) and isinstance(whole, ast.Name)
    ]
    return tuple(found) if len(found) == len(pairs) else ()


def _bound_to(node: ast.Assign) -> list[tuple[ast.expr, ast.expr]]:
    """Each target of an assignment with its value, where both are written one by one."""
    targets, values = node.targets[0], node.value
    if isinstance(targets, ast.Tuple) and isinstance(values, ast.Tuple):
        return list(zip(targets.elts, values.elts, strict=False))
    return [(targets, values)]


def _chosen_by(node: ast.expr, places: set[str]) -> str | None:
    """The table of which ``df.iloc[train]``, ``df.loc[train, :]`` or ``X[train]`` takes rows."""
    match node:
        case ast.Subscript(value=base, slice=where):
            rows = where.elts[0] if isinstance(where, ast.Tuple) and where.elts else where
            base = base.value if isinstance(base, ast.Attribute) else base
            if isinstance(rows, ast.Name) and rows.id in places and isinstance(base, ast.Name):
                return base.id
    return None


def _only_learns(statement: Statement, run: Reader) -> bool:
    """Whether the loop as a whole takes rows together: it changes none, and leaves none."""
    changed = statement.mutates & statement.named
    if not changed or any(run.time_of(name) >= Time.RECORD for name in statement.mutates):
        return False
    return not any(run.read_later(name) for name in statement.binds)


def _round(run: Reader, part: ast.stmt) -> None:
    """One statement of the loop's body."""
    loop = run.loop
    assert loop is not None
    match part:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            seen = run.read(value)
            if seen.gathers:
                run.keep(value)
            loop.made[name] = value
            if seen == ROWS and not loop.wrote:
                _remember(run, name, value)
            run.local = {**run.local, name: seen.time if not seen.gathers else Time.LEARNED}
        case ast.Assign(targets=[target], value=value):
            seen = run.read(value)
            if seen.gathers and run.latest(target) < Time.RECORD:
                # A dictionary of what each round learns.
                run.keep(value)
            run.join([(value, seen), (target, run.read(target))])
            loop.made[run.text(target)] = value
            own = f"{run.text(target).partition('[')[0]}[{loop.variable}]"
            if run.text(target) == own and not loop.wrote and run.kind(value) == "series":
                # What is no series as yet is one in its table, and may go by other methods.
                _remember(run, own, value)
            else:
                loop.wrote = loop.wrote or run.latest(target) is Time.ROWS
        case ast.Expr(value=ast.Call() as call):
            seen = run.read(call)
            if seen.gathers and seen.time is Time.LEARNED:
                raise Stop(call, "the loop fits in each of its rounds")
            loop.wrote = True
        case _:
            strict, run.strict = run.strict, True
            read_body(run, [part])
            run.strict = strict
            loop.wrote = True


def _remember(run: Reader, name: str, value: ast.expr) -> None:
    """Keep how this round has made ``name``, unless that takes more than its own column."""
    loop = run.loop
    assert loop is not None
    if reads_others(run.text(value), loop.frames, loop.variable, loop.over):
        loop.wrote = True
    else:
        loop.rows[name] = spelled_out(run.text(value), loop.rows)


def _dedented(run: Reader, node: ast.If) -> str:
    """The body of the condition, as far out as the condition itself stood."""
    first, last = node.body[0], node.body[-1]
    start, end = run.source.span(first)[0], run.source.span(last)[1]
    from chasm.plan.split.source import apply

    inside = [e for e in run.source.edits if start <= e.start and e.end <= end]
    text = apply(run.source.text, inside, start, end)
    less = first.col_offset - node.col_offset
    lines = text.split("\n")
    return "\n".join(
        [lines[0], *(line[less:] if line[:less].isspace() else line for line in lines[1:])]
    )


def _made(statement: Statement, run: Reader) -> Step:
    for name in statement.binds | statement.mutates:
        run.times[name] = max(run.time_of(name), Time.CONSTANT)
    for name in statement.mutates & statement.named:
        run.times[name] = max(run.times[name], Time.ROWS) if name in run.times else Time.ROWS
    return Step(statement.id, Role.STEP, 0, tuple(run.lines), tuple(run.source.edits))
