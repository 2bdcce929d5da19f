"""Tables that are put together: side by side, or rows of one below the other."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chasm.plan.split.axes import along_columns
from chasm.plan.split.model import BELOW, BESIDE, Line, Role, Seen, Stop, Time
from chasm.plan.split.wording import starts_with

if TYPE_CHECKING:
    from chasm.plan.split.reader import Reader


def concatenated(run: Reader, node: ast.Call) -> Seen:
    """Tables put side by side go row by row; one below the other they do not."""
    if not along_columns(node):
        return _stacked(run, node)
    parts = node.args[0].elts if node.args and isinstance(node.args[0], ast.List) else []
    if any(run.read(part).time is Time.LEARNED for part in parts):
        raise Stop(node, BESIDE)
    return run.meet([*node.args, *(k.value for k in node.keywords)])


def _stacked(run: Reader, node: ast.Call) -> Seen:
    """Rows of one table that were chosen apart and are put together again, in training only."""
    parts = listed(node)
    for part in parts:
        run.read(part)
    names = [run.text(part) for part in parts]
    if run.strict or run.loop is not None:
        raise Stop(node, BELOW)
    if run.halved.are_of_one(names):
        if not run.halved.went_alike(names):
            raise Stop(node, BELOW)
        return run.choose_again(node, _alone(run, node, parts[0]))
    if len({run.root(name) for name in names}) == 1 and run.kind(node) != "array":
        return run.choose_again(node, names[0])
    if run.as_read or not all(isinstance(p, ast.Name) and run.kind(p) == "frame" for p in parts):
        raise Stop(node, BELOW)
    own = [name for name in names if run.time_of(name) is Time.ROWS]
    others = [name for name in names if run.time_of(name) is Time.LEARNED]
    if len(own) != 1 or len(own) + len(others) != len(parts):
        raise Stop(node, BELOW)
    # A record alone gets the columns that only other tables have, and none of their rows.
    kept = dict(zip(names, names, strict=True))
    for name in others:
        kept[name] = run.names.unique(f"no_{name}")
        run.lines.append(Line(Role.GIVEN, f"{kept[name]} = {name}.iloc[:0]"))
        run.times[kept[name]] = Time.LEARNED
    code = ast.parse(run.text(node), mode="eval").body
    assert isinstance(code, ast.Call)
    code.args[0] = ast.List([ast.Name(kept[name], ast.Load()) for name in names], ast.Load())
    run.stacked = own[0]
    return run.choose_again(node, run.put_aside(ast.unparse(code), f"{own[0]}_alone"), own[0])


def _alone(run: Reader, node: ast.Call, part: ast.expr) -> str:
    """What a table is when no other is put below it: of an array, what the call makes of it."""
    if run.kind(node) != "array":
        return run.text(part)
    code = ast.parse(run.text(node), mode="eval").body
    assert isinstance(code, ast.Call)
    code.args[0] = ast.List([part], ast.Load())
    return run.put_aside(ast.unparse(code), f"{starts_with(part)}_stacked")


def listed(node: ast.Call) -> list[ast.expr]:
    """The values in the list that a call gets first."""
    first = node.args[0] if node.args else None
    return first.elts if isinstance(first, (ast.List, ast.Tuple)) else []
