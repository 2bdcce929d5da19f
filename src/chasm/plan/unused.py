"""Raw columns that no prediction depends on: dropped before anything reads them."""

from __future__ import annotations

import ast

from chasm.model import Facts, Statement
from chasm.plan.graph import Graph
from chasm.plan.split.drops import dropped, strings
from chasm.plan.split.follow import Route
from chasm.plan.split.model import Role
from chasm.plan.split.target import column_of, reads_labels


def unused_columns(facts: Facts, graph: Graph, route: Route, target: str | None) -> tuple[str, ...]:
    """Columns that are dropped before anything reads them."""
    read: set[str] = set()
    made: list[str] = []
    found: list[str] = []
    for number, role in sorted(route.roles.items()):
        s, node = facts.statements[number], facts.nodes[number]
        if role is Role.TRAINING:
            read |= _made(node)
            continue
        if role is Role.STEP and _drops(s):
            dropped = (c for c in _dropped(node) if not c.startswith(tuple(made)))
            found += [c for c in dropped if c not in read and c != target and c not in found]
            continue
        if _given_columns(node) & {
            n for n, v in graph.reads[number].items() if (n, v) in route.learned
        }:
            # The table has columns that were made, as dummies are, which no record has.
            made += [f"{column}_" for column in strings(node)] or [""]
        if s.effects.fits and not strings(node):
            # What is fitted on the whole table has seen every column of it.
            break
        behind = [node, *(facts.nodes[n] for n in _behind(s, facts, graph, route))]
        if any(_across(part, facts) for part in behind):
            break
        read |= {*s.columns, *s.ordered}
        for part in behind:
            read |= {*strings(part)}
            read |= {n.attr for n in ast.walk(part) if isinstance(n, ast.Attribute)}
    return tuple(found)


def _made(node: ast.stmt) -> set[str]:
    """The column that a statement makes of others: what training alone makes is in no file."""
    label = (column_of(node) or ("", ""))[1]
    value = node.value if isinstance(node, ast.Assign) else None
    return {label} if value is not None and label not in reads_labels(value) else set()


def _given_columns(node: ast.stmt) -> set[str]:
    """The names that a call is told its columns by."""
    words = (k for k in ast.walk(node) if isinstance(k, ast.keyword) and k.arg == "columns")
    return {k.value.id for k in words if isinstance(k.value, ast.Name)}


def _behind(s: Statement, facts: Facts, graph: Graph, route: Route) -> list[int]:
    """What the names of a statement stand for off the way: functions and lists of columns."""
    found: list[int] = []
    waiting = [s]
    while waiting:
        one = waiting.pop()
        names = {**graph.reads[one.id]}
        if one.definition is not None:
            # A function finds its names when it is called.
            names |= {n: graph.last[n] for n in one.definition.free if n in graph.last}
        for number in sorted(set(names.values())):
            if number not in route.roles and number not in found:
                found.append(number)
                waiting.append(facts.statements[number])
    return found


def _across(node: ast.AST, facts: Facts) -> bool:
    """Whether a table's columns are put together, whatever they are called: ``df.sum(axis=1)``."""
    own = {s.definition.name for s in facts.statements if s.definition is not None}
    return any(_puts_together(one, facts, own) for one in ast.walk(node))


def _puts_together(call: ast.AST, facts: Facts, own: set[str]) -> bool:
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return False
    axis = [k.value for k in call.keywords if k.arg == "axis"]
    along = any(isinstance(v, ast.Constant) and v.value in (1, "columns") for v in axis)
    if not along or call.func.attr == "drop" or not _is_whole(call.func.value):
        return False
    # What a function is handed row by row it takes by its names.
    if any(isinstance(a, ast.Lambda) or isinstance(a, ast.Name) and a.id in own for a in call.args):
        return False
    known = facts.called.get(id(call))
    return known is None or (known.receiver is not None and known.receiver.kind == "frame")


def _is_whole(node: ast.expr) -> bool:
    """Whether a table is taken as it is, with all its columns."""
    while isinstance(node, (ast.Call, ast.Attribute)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name)


def _dropped(node: ast.stmt) -> list[str]:
    """The labels that a statement drops, as far as they are literal."""
    found: list[str] = []
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            given = dropped(part) if part.func.attr == "drop" else []
            found += [label for one in given for label in strings(one)]
    return found


def _drops(s: Statement) -> bool:
    return s.call is not None and s.call.rpartition(".")[2] == "drop" and s.calls[-1:] == ("drop",)
