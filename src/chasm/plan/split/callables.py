"""Functions that a method calls with the whole of its table: ``df.assign(share=lambda d: …)``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chasm.plan.split.bodies import body_time
from chasm.plan.split.groups import of_all
from chasm.plan.split.model import TOGETHER, Seen, Stop, Time
from chasm.plan.split.parts import symbol
from chasm.plan.split.target import reads_labels
from chasm.plan.split.wording import starts_with

if TYPE_CHECKING:
    from chasm.plan.split.reader import Reader

#: Methods that hand the whole of what they are called of to the functions that they are given.
HANDING = ("assign", "where", "mask")
#: Methods that take rows together, unless they are given a function that does not.
AGGREGATING = ("agg", "aggregate")


def takes_functions(run: Reader, node: ast.Call, name: str) -> bool:
    """Whether a method is given functions of the whole table."""
    if name not in HANDING:
        return False
    given = [*node.args, *(k.value for k in node.keywords)]
    return any(k.arg is None for k in node.keywords) or any(_is_function(run, v) for v in given)


def with_functions(run: Reader, node: ast.Call, func: ast.Attribute) -> Seen:
    """What such a method gives: what a function learns of the table is learned beside it."""
    base = run.read(func.value)
    made: set[object] = set()
    unpacked = any(isinstance(a, ast.Starred) for a in node.args)
    if unpacked or any(k.arg is None for k in node.keywords):
        raise Stop(node, f"it is not known what {func.attr} is given")
    named = [(k.arg, k.value) for k in node.keywords]
    for label, value in [*((None, a) for a in node.args), *named]:
        if isinstance(value, ast.Lambda):
            _of_table(run, func, value, made)
        elif _is_function(run, value):
            _own(run, node, value)
        else:
            if run.read(value).gathers:
                run.keep(value)
        made.add(label)
    return Seen(max(base.time, Time.ROWS))


def reduces(run: Reader, node: ast.Call) -> bool:
    """Whether all that an aggregation is told takes the rows together."""
    given = [*node.args[:1], *(k.value for k in node.keywords if k.arg != "axis")]
    return all(_reduces(run, one) for one in given)


def _reduces(run: Reader, node: ast.expr) -> bool:
    match node:
        case ast.Constant():
            return True
        case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Dict(values=elts):
            return all(_reduces(run, one) for one in elts)
        case ast.Lambda(body=body):
            return isinstance(body, ast.Call) and _method_reduces(run, body)
        case ast.Name() | ast.Attribute() if run.kind(node) == "symbol":
            return run.book.rows("call", symbol(run, node)) == "reduce"
    return run.kind(node) in ("list", "dict", "string")


def _method_reduces(run: Reader, body: ast.Call) -> bool:
    """Whether the last that a function does is to take the rows together, as in ``s.mean()``."""
    name = body.func.attr if isinstance(body.func, ast.Attribute) else ""
    return run.book.rows("series", name) == "reduce"


def _is_function(run: Reader, node: ast.expr) -> bool:
    return isinstance(node, ast.Lambda) or isinstance(node, ast.Name) and run.kind(node) == "own"


def _of_table(run: Reader, func: ast.Attribute, function: ast.Lambda, made: set[object]) -> None:
    names = [a.arg for a in function.args.args]
    if len(names) != 1:
        raise Stop(function, TOGETHER)
    before = len(run.lines)
    of_all(run, function, lambda: _named(run, func.value, function))
    if len(run.lines) > before and made & reads_labels(function.body):
        # The table that it is learned of does not have the column yet.
        raise Stop(function, TOGETHER)


def _named(run: Reader, table: ast.expr, function: ast.Lambda) -> str:
    """What a function is given: under a name where it learns of what is made on the way."""
    text = run.text(table)
    if isinstance(table, ast.Name) or not _learns(run, function):
        return text
    name = run.put_aside(text, f"{starts_with(table)}_before")
    run.source.replace(table, name)
    run.taken_out[id(table)] = Seen(Time.ROWS)
    return name


def _learns(run: Reader, function: ast.Lambda) -> bool:
    before, run.strict = run.strict, True
    try:
        return run.function(function, Time.ROWS).gathers
    except Stop:
        return True
    finally:
        run.strict = before


def _own(run: Reader, node: ast.Call, function: ast.expr) -> None:
    definition = run.definitions.get(function.id) if isinstance(function, ast.Name) else None
    if definition is None:
        raise Stop(node, TOGETHER)
    first = [a.arg for a in definition.args.args][:1]
    body_time(run, definition, dict.fromkeys(first, Time.ROWS))
