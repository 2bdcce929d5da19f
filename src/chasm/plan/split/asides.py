"""What the rounds of a loop do beside the steps: they print, draw, and list what they found.

``for c in columns: print(c, df[c].skew()); df[c] = np.log1p(df[c])`` falls into a loop that tells
and one that changes the table, where each round looks at its own column alone. A record that is
served goes through the second one only.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chasm.analyse.nodes import bound_to, has_long_text, root_name
from chasm.model import FIXED, Effects, Statement
from chasm.plan.split.bodies import written_into
from chasm.plan.split.model import EARLIER, Line, Role, Stop, Time
from chasm.plan.split.reader import Reader
from chasm.plan.split.rounds import rounds_apart
from chasm.plan.split.source import dedented
from chasm.plan.split.spelled import reads_others, spelled_out

#: What leaves a round before its end.
LEAVING = (ast.Break, ast.Continue, ast.Return, ast.Yield, ast.YieldFrom, ast.Await)


@dataclass(frozen=True, slots=True)
class Aside:
    """Statements of a loop's body that no step needs, and those that they share with the steps.

    ``names`` are what they bind or change; ``after`` says that they look at what the steps left.
    """

    apart: tuple[ast.stmt, ...]
    shared: tuple[ast.stmt, ...]
    names: frozenset[str]
    frames: frozenset[str]
    after: bool


def writes_rows(run: Reader, node: ast.stmt) -> bool:
    """Whether a statement, or one inside it, changes a table of records or gives it a value."""
    return any(run.time_of(name) is Time.ROWS for name in written_to(run, node))


def only_gives(e: Effects) -> bool:
    """Whether a statement gives values and does nothing else that anybody would see."""
    told = e.prints or e.shows or e.draws or e.reads or e.writes
    return not (told or e.random or e.seeds or e.state or e.unknown)


def surely_changed(run: Reader, statement: Statement) -> bool:
    """Whether a table of the records is changed, and not only because nobody knows a call."""
    if statement.effects.unknown:
        return False
    # Of what nobody knows the kind, a method may be another's that changes its own.
    asked = (n.func.value for n in ast.walk(run.tree.node) if isinstance(n, ast.Call)
             and isinstance(n.func, ast.Attribute))  # fmt: skip
    doubtful = {root_name(base) for base in asked if run.kind(base) is None}
    return any(run.time_of(name) is Time.ROWS for name in statement.mutates - doubtful)


def find_aside(
    statement: Statement, run: Reader, node: ast.For, body: Sequence[ast.stmt]
) -> Aside | None:
    """What of a loop's body can be told apart from its steps; None where that is nothing."""
    if statement.effects.random or statement.effects.seeds:
        # Who draws first would draw other numbers.
        return None
    variables = {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}
    writers = [part for part in body if writes_rows(run, part)]
    frames = frozenset(name for part in writers for name in written_to(run, part))
    kept = _with_what_they_need(run, writers, body, variables)
    apart = [part for part in body if part not in kept]
    if not writers or not any(_tells(part) for part in apart) or not _stands_apart(node, body):
        return None
    if any(_speaks(run, part) for part in kept):
        # What the steps say would come after all that is said beside them.
        return None
    frames |= {name for name in statement.mutates if run.time_of(name) is Time.ROWS}
    names = _changed(run, apart, variables)
    if names & _changed(run, kept, variables) or any(map(run.read_later, _bound(apart))):
        return None
    shared = _with_what_they_need(run, apart, [p for p in kept if p not in writers], variables)
    shared = [part for part in shared if part not in apart]
    fitted = (_changed(run, writers, variables) - frames) & _read([*apart, *shared])
    if not fitted <= _bound(shared):
        return None
    looking = [part for part in (*apart, *shared) if _read([part]) & frames]
    first, last = (body.index(writers[end]) for end in (0, -1))
    before = all(body.index(part) < first for part in looking)
    after = all(body.index(part) > last for part in looking if part in apart)
    if not (before and not fitted or after):
        return None
    made = {n: c for part in body if part in apart or part in shared for n, c in _values(part)}
    over = run.text(node.iter)
    for part in filter(_tells, apart):
        for code in _spelled(part, made):
            if reads_others(code, frames, next(iter(variables)), over):
                return None
    return Aside(tuple(apart), tuple(shared), names, frames, bool(fitted) or not before)


def told_apart(
    run: Reader, node: ast.For, aside: Aside, guard: ast.If | None, body: Sequence[ast.stmt]
) -> Line:
    """The loop of what the rounds tell; its statements leave the one of the steps."""
    head = f"for {run.text(node.target)} in {run.text(node.iter)}:"
    rows = [head, *(_indented(run, guard) if guard is not None else ())]
    for part in (part for part in body if part in aside.apart or part in aside.shared):
        if aside.after and part in aside.shared:
            names = {n.id for n in ast.walk(ast.parse(run.text(part))) if isinstance(n, ast.Name)}
            if names & aside.frames:
                # By then the steps have changed what it was made of.
                raise Stop(part, EARLIER)
        rows += _indented(run, part, comments=part in aside.apart)
    _remove(run, aside, body)
    # What nobody asks for later is told, and not learned.
    learned = any(map(run.read_later, aside.names))
    return Line(Role.LEARN if learned else Role.GIVEN, "\n".join(rows))


def written_to(run: Reader, node: ast.stmt) -> Iterator[str]:
    """The names of tables, and of what holds them, that a statement may change."""
    yield from written_into(node)
    for part in ast.walk(node):
        match part:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.Call(func=ast.Name(id=name), args=given) if name in run.definitions:
                yield from (root_name(one) or "" for one in given)


def _changed(run: Reader, parts: Sequence[ast.stmt], variables: set[str]) -> frozenset[str]:
    """Names that statements bind, store into, or call a method of that may change them."""
    found = set(_bound(parts))
    for part in parts:
        for node in ast.walk(part):
            match node:
                case ast.Subscript(ctx=ast.Store()) | ast.Attribute(ctx=ast.Store()):
                    found.add(root_name(node) or "")
                case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
                    found |= {name} if _may_change(run, node) else set()
    return frozenset(found - variables - {""})


def _may_change(run: Reader, call: ast.Call) -> bool:
    """Whether a method may change what it is called of."""
    assert isinstance(call.func, ast.Attribute)
    _, entry = run.tree.entries.get(id(call), ("", None))
    if entry is not None:
        return "self" in entry.mutates or any(k.arg == "inplace" for k in call.keywords)
    kind = run.kind(call.func.value)
    return kind not in FIXED and not run.book.copyable(kind)


def _bound(parts: Sequence[ast.stmt]) -> set[str]:
    nodes = (n for part in parts for n in ast.walk(part))
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _read(parts: Sequence[ast.stmt]) -> set[str]:
    nodes = (n for part in parts for n in ast.walk(part))
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def _with_what_they_need(
    run: Reader, wanted: Sequence[ast.stmt], body: Sequence[ast.stmt], variables: set[str]
) -> list[ast.stmt]:
    """``wanted`` with the statements of ``body`` that give, or change, what they read."""
    found, left = list(wanted), [part for part in body if part not in wanted]
    while more := [part for part in left if _changed(run, [part], variables) & _read(found)]:
        found += more
        left = [part for part in left if part not in more]
    return found


def _tells(part: ast.stmt) -> bool:
    """Whether a statement does more than give a value a name."""
    return not (isinstance(part, ast.Assign) and all(isinstance(t, ast.Name) for t in part.targets))


def _speaks(run: Reader, part: ast.stmt) -> bool:
    """Whether a statement, or a function of the notebook's own in it, prints or draws."""
    for call in (n for n in ast.walk(part) if isinstance(n, ast.Call)):
        _, entry = run.tree.entries.get(id(call), ("", None))
        if entry is not None and (entry.prints or entry.draws or entry.shows):
            return True
        if isinstance(call.func, ast.Name) and call.func.id in run.definitions:
            return True
    return False


def _stands_apart(node: ast.For, body: Sequence[ast.stmt]) -> bool:
    """Whether each statement has lines of its own, none of which anything leaves or numbers."""
    if not isinstance(node.target, ast.Name) or node.orelse or any(map(has_long_text, body)):
        return False
    if not rounds_apart(node.iter, body):
        return False
    return not any(isinstance(n, LEAVING) for part in body for n in ast.walk(part))


def _values(part: ast.stmt) -> Iterator[tuple[str, str]]:
    """The names that an assignment gives values, each with its code."""
    for target, value in bound_to(part) if isinstance(part, ast.Assign) else ():
        if isinstance(target, ast.Name):
            yield target.id, ast.unparse(value)


def _spelled(part: ast.stmt, made: dict[str, str]) -> Iterator[str]:
    """The code of the expressions in a statement, by what was there before the loop."""
    known: dict[str, str] = {}
    for name, code in made.items():
        known[name] = spelled_out(code, known)
    for node in ast.iter_child_nodes(part):
        if isinstance(node, ast.expr):
            yield spelled_out(ast.unparse(node), known)
        elif isinstance(node, ast.stmt):
            yield from _spelled(node, made)


def _indented(run: Reader, part: ast.stmt, comments: bool = False) -> list[str]:
    """The lines of a statement in the body of a loop that stands at the left."""
    above = _comments_above(run, part) if comments else []
    rows = [row.strip() for row in above] + dedented(run.text(part), part.col_offset)
    return [f"    {row}" if row else row for row in rows]


def _comments_above(run: Reader, part: ast.stmt) -> list[str]:
    lines = run.source.text.decode("utf-8", "surrogatepass").split("\n")
    first = part.lineno - 1
    start = first
    while start > 0 and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    return lines[start:first]


def _remove(run: Reader, aside: Aside, body: Sequence[ast.stmt]) -> None:
    """The statements apart go with their lines, and the comments above them."""
    source, leading = run.source, True
    for place, part in enumerate(body):
        if part not in aside.apart:
            leading = False
            continue
        if leading:
            following = body[place + 1]
            start = source.span(part)[0]
            row = following.lineno - len(_comments_above(run, following))
            end = source.line_start(row) + following.col_offset
        else:
            start = source.line_start(part.lineno - len(_comments_above(run, part))) - 1
            end = source.span(part)[1]
            if part is not body[-1]:
                # The comment behind it; the last one ends what it is the end of.
                end += len(source.text[end:].partition(b"\n")[0])
        source.put(start, end, "")
