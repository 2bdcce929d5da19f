"""What is learned is learned as early as it can be, so that the steps stay together."""

from __future__ import annotations

import ast
from dataclasses import replace

from chasm.analyse.statements import Tree
from chasm.model import Facts
from chasm.plan.split.model import Line, Role, Step

#: What is of a whole table, and no column of it.
WHOLE = ("columns", "index", "values", "T", "shape", "dtypes", "loc", "iloc")


def learned_early(steps: list[Step], trees: list[Tree], facts: Facts) -> list[Step]:
    """``steps`` with lines that learn moved above steps which change nothing that they read."""
    result = list(steps)
    for place in range(len(result) - 1, 0, -1):
        step, before = result[place], result[place - 1]
        if before.role is not Role.STEP or before.statement >= step.statement:
            continue
        node = trees[before.statement].node
        moving: list[Line] = []
        staying: list[Line] = []
        for line in step.lines:
            between = facts.statements[before.statement + 1 : step.statement]
            bound = frozenset[str]().union(*(s.binds for s in between))
            changed = facts.statements[before.statement].mutates
            commutes = line.role is Role.LEARN and _commutes(line, node, bound, changed)
            free = not staying and commutes
            (moving if free else staying).append(line)
        if moving:
            result[place - 1] = replace(before, lines=(*before.lines, *moving))
            result[place] = replace(step, lines=tuple(staying))
    return result


def _commutes(line: Line, node: ast.stmt, bound: frozenset[str], changed: frozenset[str]) -> bool:
    """Whether ``line`` learns the same before ``node`` as after it.

    ``bound`` are names that are given a value in between, imports included, ``changed`` those
    whose values ``node`` changes.
    """
    tree = ast.parse(line.code)
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    if names & bound or isinstance(tree.body[0], ast.For):
        # What a loop tells is told in its place.
        return False
    if isinstance(node, ast.Assign) and all(isinstance(t, ast.Name) for t in node.targets):
        made = {n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)}
        # ``y = df.pop("y")`` changes the table besides.
        return not (made | changed) & names
    written = _written(node)
    if written is None:
        return False
    frame, columns = written
    read = _read(tree, frame)
    return read is not None and not read & columns


def _written(node: ast.stmt) -> tuple[str, set[str]] | None:
    """The frame and the columns that a statement changes, when it changes nothing else."""
    match node:
        case ast.Assign(targets=[target]):
            return _column(target)
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=ast.Name(id=frame), attr="drop"), args=args, keywords=named
            )
        ):
            given = args[:1] or [k.value for k in named if k.arg in ("columns", "labels")]
            return (frame, _labels(given[0])) if given and _labels(given[0]) else None
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=target), keywords=named)):
            inplace = any(k.arg == "inplace" for k in named)
            return _column(target) if inplace else None
    return None


def _labels(node: ast.expr) -> set[str]:
    parts = node.elts if isinstance(node, ast.List) else [node]
    found = {p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)}
    return found if len(found) == len(parts) else set()


def _column(node: ast.expr) -> tuple[str, set[str]] | None:
    match node:
        case ast.Subscript(value=ast.Name(id=frame), slice=ast.Constant(value=str(label))):
            return frame, {label}
        case ast.Attribute(value=ast.Name(id=frame), attr=label) if label not in WHOLE:
            return frame, {label}
    return None


def _read(tree: ast.AST, frame: str) -> set[str] | None:
    """The columns of ``frame`` that are read; None when more than columns may be."""
    found: set[str] = set()
    whole = 0
    # A method is no column: it looks at the whole table.
    methods = {
        id(n.func)
        for n in ast.walk(tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
        if n.func.attr != "groupby"
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == frame:
            whole += 1
        if isinstance(node, (ast.Subscript, ast.Attribute)) and id(node) not in methods:
            column = _column(node)
            if column is not None and column[0] == frame:
                found |= column[1]
                whole -= 1
    # ``df.groupby`` reads as a column too, and its keys are columns only where they are literal.
    calls = [n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in found]
    if "groupby" in calls:
        labels = {
            n.value
            for n in ast.walk(tree)
            if isinstance(n, ast.Constant) and isinstance(n.value, str)
        }
        return found | labels if whole == 0 else None
    return found if whole == 0 else None
