"""Loops over columns: each round learns for its own column."""

from __future__ import annotations

import ast
from dataclasses import replace

from chasm.model import Statement
from chasm.plan.split.asides import Aside, find_aside, told_apart
from chasm.plan.split.bodies import read_body
from chasm.plan.split.choosing import chosen_by
from chasm.plan.split.comprehensions import unwrapped
from chasm.plan.split.halves import divided, divided_again
from chasm.plan.split.kinds import rows_apart
from chasm.plan.split.model import DECIDES, EARLIER, Line, Loop, Role, Step, Stop, Time, both
from chasm.plan.split.numbered import row_by_row
from chasm.plan.split.pairs import fits_in_round
from chasm.plan.split.reader import GATHERED, ROWS, Reader
from chasm.plan.split.sizes import counts_rows
from chasm.plan.split.spelled import reads_others, spelled_out
from chasm.plan.split.wording import learned_name

#: Why the way stops at a loop that shows or prints what it looks at, beside what it changes.
SAYS = "a round of the loop tells of all rows what no step can leave out"


def loop_step(statement: Statement, run: Reader, node: ast.For) -> Step:
    """A loop whose rounds go row by row, with what each of them learns taken out of it."""
    if (inner := unwrapped(run, node.iter)) is not None:
        node = ast.copy_location(ast.For(node.target, inner, node.body, node.orelse), node)
    if (step := row_by_row(statement, run, node)) is not None:
        return step
    if _only_learns(statement, run):
        for name in statement.binds | statement.mutates:
            run.times[name] = Time.LEARNED
        return Step(statement.id, Role.LEARN)
    if (table := chosen_by(run, statement, node)) is not None:
        others = (statement.binds | statement.mutates) - {table}
        run.times |= dict.fromkeys(others, Time.LEARNED)
        return Step(statement.id, Role.TRAINING, same=((table, table),))
    if same := divided(run, node):
        for name, before in same:
            run.times[name] = run.time_of(before)
        return Step(statement.id, Role.TRAINING, same=same)
    if same := divided_again(statement, run, node):
        run.times |= dict.fromkeys(statement.binds, Time.LEARNED)
        run.times |= {name: run.time_of(before) for name, before in same}
        return Step(statement.id, Role.TRAINING, same=same)
    source = run.read(node.iter)
    if source.time is Time.ROWS and run.kind(node.iter) == "frame":
        # A loop over a table goes over the names of its columns.
        source = GATHERED
    if source.time >= Time.RECORD or counts_rows(run, node.iter):
        raise Stop(node, "the loop goes over rows")
    if not isinstance(node.target, ast.Name) or node.orelse:
        if source.gathers:
            # What is gone through once may be gone through again only as a list.
            name = learned_name(node.iter)
            run.learn(node.iter, f"list({run.text(node.iter)})", name, "{0}")
        run.strict = True
        read_body(run, node.body)
        return _made(statement, run)
    apart = rows_apart(node)
    shared = frozenset(name for name in _written(node) if name != apart)
    run.loop = Loop(node.target.id, run.text(node.iter), frames=shared)
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
    aside = find_aside(statement, run, node, body)
    kept = [part for part in body if aside is None or part not in aside.apart]
    for part in kept:
        _round(run, part)
    if source.gathers and not run.loop.learned or gathered and not run.loop.learned:
        name = run.names.unique(f"{node.target.id}s")
        loop = run.loop
        run.lines.append(Line(Role.LEARN, f"{name} = [{loop.variable} {loop.clause}]"))
        run.loop.learned.append(name)
    # A list that is written there says best what is gone through.
    known = isinstance(node.iter, (ast.List, ast.Tuple)) and not gathered and guard is None
    known = known and source.time is Time.CONSTANT
    chosen = bool(run.loop.learned) and not known
    if chosen:
        run.source.replace(node.iter, run.loop.learned[0])
    told = None
    if aside is not None:
        told = told_apart(run, node, aside, None if chosen else guard, body)
    if gathered and isinstance(only, ast.If):
        run.source.replace(only, _dedented(run, only))
    if guard is not None and chosen:
        # What is gone through has been chosen by it.
        run.source.remove(guard, body[0])
    return _with_told(statement, run, aside, told) if aside and told else _made(statement, run)


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
                run.keep(value, name=name)
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
            if fits_in_round(run, call):
                return
            seen = run.read(call)
            if seen.gathers and seen.time is Time.LEARNED:
                fits = any(entry.fits for _, entry in run.tree.entries.values())
                raise Stop(call, "the loop fits in each of its rounds" if fits else SAYS)
            loop.wrote = True
        case ast.If():
            _either(run, part)
        case _:
            strict, run.strict = run.strict, True
            read_body(run, [part])
            run.strict = strict
            loop.wrote = True


def _either(run: Reader, node: ast.If) -> None:
    """A condition in the loop's body: what a branch learns it learns of its own columns only."""
    loop = run.loop
    assert loop is not None
    seen = run.read(node.test)
    if seen.time >= Time.RECORD:
        raise Stop(node, DECIDES)
    if seen.gathers:
        run.keep(node.test)
    code = run.text(node.test)
    condition, wrote, rows, local = loop.condition, loop.wrote, loop.rows, run.local
    learned = len(loop.learned)
    ends: list[tuple[bool, dict[str, str], dict[str, Time]]] = []
    for branch, holds in ((node.body, code), (node.orelse, f"not ({code})")):
        loop.condition = both(condition, holds)
        loop.wrote, loop.rows, run.local = wrote, dict(rows), local
        for part in branch:
            _round(run, part)
        ends.append((loop.wrote, loop.rows, run.local))
    # No dictionary of a branch has all the columns.
    del loop.learned[learned:]
    (one, made, first), (other, remade, second) = ends
    loop.condition, loop.wrote, loop.rows = condition, one or other or made != remade, rows
    run.local = {n: max(first.get(n, t), second.get(n, t)) for n, t in (first | second).items()}


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


def _with_told(statement: Statement, run: Reader, aside: Aside, told: Line) -> Step:
    """The step of a loop, with the loop of what its rounds tell before or after it."""
    step = _made(statement, run)
    run.times |= dict.fromkeys(aside.names & (statement.binds | statement.mutates), Time.LEARNED)
    if aside.after:
        return replace(step, after=(told,))
    return replace(step, lines=(*step.lines, told))


def _made(statement: Statement, run: Reader) -> Step:
    for name in statement.binds | statement.mutates:
        run.times[name] = max(run.time_of(name), Time.CONSTANT)
    for name in statement.mutates & statement.named:
        run.times[name] = max(run.times[name], Time.ROWS) if name in run.times else Time.ROWS
    return Step(statement.id, Role.STEP, 0, tuple(run.lines), tuple(run.source.edits))
