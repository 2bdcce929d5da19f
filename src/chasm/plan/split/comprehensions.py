"""Comprehensions: what goes through a list, the names of columns, or rows."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chasm.plan.split import parts
from chasm.plan.split.model import Seen, Stop, Time
from chasm.plan.split.told import NUMBERED

if TYPE_CHECKING:
    from chasm.plan.split.reader import Reader

#: What a row calls its number.
INDEX = "Index"


def over(
    run: Reader, generators: list[ast.comprehension], made: list[ast.expr], node: ast.expr
) -> Seen:
    """The time of what a comprehension has ``made`` by its ``generators``."""
    if len(generators) != 1 or generators[0].is_async:
        return run.gathered(node)
    (generator,) = generators
    if _counts(generator, [*made, *generator.ifs]):
        raise Stop(generator.iter, NUMBERED)
    source = run.read(generator.iter)
    if source.time is Time.ROWS and run.kind(generator.iter) == "frame":
        # Whoever goes through a table goes through the names of its columns.
        source = Seen(Time.LEARNED, gathers=True)
    inner = Time.RECORD if source.time >= Time.RECORD else source.time
    if source.time is Time.ROWS and generator.ifs:
        raise Stop(node, parts.INSIDE)
    names = [n.id for n in ast.walk(generator.target) if isinstance(n, ast.Name)]
    with run.scope(dict.fromkeys(names, inner)):
        results = [run.read(part) for part in (*made, *generator.ifs)]
    time = max(r.time for r in results)
    if source.time is Time.ROWS:
        return Seen(Time.ROWS)
    if time is Time.ROWS and source.gathers:
        run.keep(generator.iter)
    if time is Time.ROWS and any(r.gathers for r in results):
        raise Stop(node, "what it takes together differs within the expression")
    return Seen(max(time, source.time), source.gathers or any(r.gathers for r in results))


def _counts(generator: ast.comprehension, made: list[ast.expr]) -> bool:
    """Whether what goes through ``df.itertuples()`` may take the number of the row."""
    match generator.iter:
        case ast.Call(func=ast.Attribute(attr="itertuples"), args=[], keywords=keywords):
            without = [k.value for k in keywords if k.arg == "index"]
        case _:
            return False
    if without and isinstance(without[0], ast.Constant) and without[0].value is False:
        return False
    target = generator.target
    if not isinstance(target, ast.Name):
        return True
    parts = [n for one in made for n in ast.walk(one)]
    uses = [n for n in parts if isinstance(n, ast.Name) and n.id == target.id]
    named = [
        n for n in parts
        if isinstance(n, ast.Attribute) and n.attr != INDEX and any(n.value is u for u in uses)
    ]  # fmt: skip
    return len(named) != len(uses)


def unwrapped(run: Reader, node: ast.expr) -> ast.expr | None:
    """What a call gives on one by one, only showing how far it is: it stands for the call."""
    if not isinstance(node, ast.Call) or not node.args or run.kind(node.args[0]) == "frame":
        return None
    if run.book.rows("call", run.tree.entries.get(id(node), ("", None))[0]) != "wrapped":
        return None
    inner = node.args[0]
    if not run.depth:
        (start, end), (first, last) = run.source.span(node), run.source.span(inner)
        run.source.put(start, first, "")
        run.source.put(last, end, "")
    return inner
