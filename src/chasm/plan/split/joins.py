"""Tables that are joined to the records: a record keeps its place, whatever else a join brings."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chasm.analyse.nodes import root_name
from chasm.plan.split.model import AMONG, BESIDE, Role, Seen, Stop, Time
from chasm.plan.split.wording import starts_with

if TYPE_CHECKING:
    from chasm.plan.split.reader import Reader

#: By how the records are joined from the left, how each of them alone is.
FROM_LEFT = {"outer": "left", "right": "inner"}
HOW = "how"


def joined(run: Reader, node: ast.Call, name: str, own: ast.expr | None = None) -> Seen | None:
    """What a join gives that orders its rows by another table, or takes rows of that in.

    A record alone is joined so that it stays what it is; how the notebook joined all of them is
    a matter of training. ``own`` is the value whose method is called. None where the call is
    no such join.
    """
    if name.rpartition(".")[2] not in run.book.checks.get("matches", ()):
        return None
    given = [*([own] if own is not None else []), *node.args]
    named = {k.arg: k.value for k in node.keywords}
    left = given[0] if given else named.get("left")
    right = given[1] if len(given) > 1 else named.get("right", named.get("other"))
    if left is None or right is None:
        return None
    if run.latest(left) is run.latest(right) is Time.ROWS:
        if own is not None and node.args == [right] and not named and _beside(run, left, right):
            return run.meet([left, right])
        if _is_choice(run, right):
            raise Stop(node, AMONG)
    if (
        _by_numbers(node, name, named, own)
        and run.latest(right) < Time.ROWS
        and not run.told.indexed(root_name(left) or "")
    ):
        # The rows of both are numbered, and a record has the number of another row.
        raise Stop(node, BESIDE)
    # ``how`` is the third of a function's arguments, of a method's join the third as well.
    by_name, place = ("left", 2) if _by_index(name) else ("inner", 1 if own else 2)
    how = _how(node, named, by_name, place)
    kept = FROM_LEFT.get(how) if run.latest(left) is Time.ROWS else "right"
    if kept is None or (kept == how and own is None):
        return None
    if run.strict or run.loop is not None:
        raise Stop(node, "rows of another table are put among the records")
    run.meet([left, right, *named.values()])
    rows = left if run.latest(left) is Time.ROWS else right
    aside = run.put_aside(_with(kept, place, run.text(node)), f"{starts_with(rows)}_joined")
    return run.choose_again(node, aside, starts_with(rows))


def _by_index(name: str) -> bool:
    """Whether a method joins by the index, unless it is told a column."""
    return name.endswith("join")


def _by_numbers(
    node: ast.Call, name: str, named: dict[str | None, ast.expr], own: ast.expr | None
) -> bool:
    """Whether a join looks rows up by the index, which may be no more than their numbers."""
    if _by_index(name):
        return own is not None and len(node.args) == 1 and not {"on", None} & named.keys()
    return getattr(named.get("left_index"), "value", False) is True


def _beside(run: Reader, left: ast.expr, right: ast.expr) -> bool:
    """Whether two tables are the same half of what one split divided."""
    match left, right:
        case ast.Name(id=one), ast.Name(id=other):
            return run.halved.beside(one, other)
    return False


def _is_choice(run: Reader, table: ast.expr) -> bool:
    """Whether a table has some rows of another one: a record finds others there than itself."""
    lines = len(run.lines)
    run.read(table)
    name = root_name(table) or ""
    return run.root(name) != name or any(one.role is Role.TRAINING for one in run.lines[lines:])


def _how(node: ast.Call, named: dict[str | None, ast.expr], usual: str, place: int) -> str:
    given = node.args[place] if len(node.args) > place else named.get(HOW)
    if given is None and None not in named:
        return usual
    if not isinstance(given, ast.Constant):
        raise Stop(node, "it is not known how the tables are joined")
    return str(given.value)


def _with(how: str, place: int, code: str) -> str:
    """The call with another ``how``."""
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    if len(call.args) > place:
        call.args[place] = ast.Constant(how)
    else:
        others = [k for k in call.keywords if k.arg != HOW]
        call.keywords = [*others, ast.keyword(HOW, ast.Constant(how))]
    return ast.unparse(call)
