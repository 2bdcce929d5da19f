"""Conditions on the way: what a branch learns it learns only where the condition holds."""

from __future__ import annotations

import ast
import builtins

from chasm.plan.split.asides import written_to
from chasm.plan.split.bodies import read_body
from chasm.plan.split.model import DECIDES, Seen, Stop, Time, both
from chasm.plan.split.reader import Reader
from chasm.plan.split.stored import NAMES
from chasm.plan.split.wording import learned_name


def read_branches(run: Reader, node: ast.If) -> None:
    """Read a condition and its branches, none of which chooses among the rows."""
    test = run.read(node.test)
    if test.time >= Time.RECORD:
        raise Stop(node, DECIDES)
    if test.gathers and not _asks_labels(node.test):
        # What was the case with all rows is decided before any branch changes them.
        name = learned_name(node.test)
        run.keep(node.test, name="condition" if name in dir(builtins) else name)
    code, condition, local = run.text(node.test), run.condition, run.local
    for branch, holds in ((node.body, code), (node.orelse, f"not ({code})")):
        run.condition, run.local = both(condition, holds), local
        for part in branch:
            _read(run, part)
    run.condition, run.local = condition, local


def _read(run: Reader, part: ast.stmt) -> None:
    match part:
        case ast.If():
            read_branches(run, part)
        case ast.Assign(targets=[target], value=value) if isinstance(
            target, (ast.Name, ast.Subscript, ast.Attribute)
        ):
            seen = run.read(value)
            if seen.gathers:
                run.keep(value)
                seen = Seen(Time.LEARNED)
            if not isinstance(target, ast.Name):
                run.join([(value, seen), (target, run.read(target))])
                seen = Seen(Time.ROWS)
            run.local = {**run.local, **dict.fromkeys(written_to(run, part), seen.time)}
        case ast.Expr(value=ast.Call() as call):
            if run.read(call).gathers:
                raise Stop(call, "a branch fits something")
            run.local = {**run.local, **dict.fromkeys(written_to(run, part), Time.ROWS)}
        case _:
            strict, run.strict = run.strict, True
            read_body(run, [part])
            run.strict = strict


def _asks_labels(test: ast.expr) -> bool:
    """Whether a condition only asks which columns there are: each record says it of itself."""
    match test:
        case ast.BoolOp(values=values):
            return all(map(_asks_labels, values))
        case ast.Compare(
            left=ast.Constant(),
            ops=[ast.In() | ast.NotIn()],
            comparators=[ast.Attribute(value=ast.Name(), attr=attr)],
        ):
            return attr == NAMES
    return False
