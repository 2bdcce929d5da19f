"""Cells that were copied and changed in a few names or values."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from chasm.analyse.nodes import nodes_below
from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity, Step

#: Smaller cells look alike without having been copied.
MIN_STATEMENTS = 4
MIN_NODES = 60


def run(subject: Subject) -> Iterator[Hit]:
    """One hit for all cells of a shape: same syntax and calls, other names and values."""
    bodies: dict[int, list[ast.stmt]] = defaultdict(list)
    for statement, tree in subject.pairs:
        bodies[statement.cell].append(tree)
    same: dict[tuple[object, ...], list[tuple[int, int]]] = defaultdict(list)
    for index in sorted(bodies):
        body = [t for t in bodies[index] if not isinstance(t, (ast.Import, ast.ImportFrom))]
        lines = sum(bool(line.strip()) for line in subject.cells[index].raw.split("\n"))
        if lines < MIN_STATEMENTS or len(body) < MIN_STATEMENTS and not _is_large(body):
            continue
        shape = _shape(body)
        if len(shape) < MIN_NODES:
            continue
        same[shape].append((index, lines))
    for cells in same.values():
        if len(cells) > 1:
            (source, _), (index, lines), *others = cells
            listed = ", ".join(str(n) for n, _ in others)
            more = f", and so {'has cell' if len(others) == 1 else 'have cells'} {listed}"
            more = more if others else ""
            message = f"has the shape of cell {source}{more}: one function could do it"
            evidence = (Step(source, 1, f"the same {lines} lines with other names or values"),)
            yield Hit(message, index, evidence=evidence)


def _is_large(body: list[ast.stmt]) -> bool:
    return sum(isinstance(n, ast.stmt) for n in nodes_below(*body)) >= MIN_STATEMENTS


def _shape(body: list[ast.stmt]) -> tuple[object, ...]:
    """The syntax without names and values, but with what is called or looked up."""
    found: list[object] = []
    for node in nodes_below(*body):
        found.append(type(node))
        if isinstance(node, ast.Attribute):
            found += (node.attr, type(node.ctx))
        elif isinstance(node, ast.keyword):
            found.append(node.arg)
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                found.append(node.func.id)
        elif isinstance(node, (ast.Name, ast.Subscript, ast.List, ast.Tuple, ast.Starred)):
            found.append(type(node.ctx))
        elif isinstance(node, (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.AugAssign)):
            found.append(type(node.op))
        elif isinstance(node, ast.Compare):
            found += map(type, node.ops)
    return tuple(found)


CHECK = Check("CH501", "copied-cell", Severity.NOTE, run)
