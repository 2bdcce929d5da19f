"""Functions that a flag divides, as they are with that flag: ``prepare(df, train=True)``."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import replace

from chasm.plan.split.callee import Callee, names_in
from chasm.plan.split.model import Edit
from chasm.plan.split.source import Source, apply, dedented, encoded

Flags = Mapping[str, object]
COMPARED: dict[type[ast.cmpop], Callable[[object, object], object]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Is: operator.is_, ast.IsNot: operator.is_not,
}  # fmt: skip


def with_flags(callee: Callee, given: Mapping[str, ast.expr]) -> Callee:
    """A function with the branches that the literals it is given choose, and no others.

    Conditions at the level of its body, and those within an expression, are decided.
    """
    names = (n for n in ast.walk(callee.node) if isinstance(n, ast.Name))
    stored = {n.id for n in names if isinstance(n.ctx, (ast.Store, ast.Del))}
    flags = {
        name: value.value
        for name, value in given.items()
        if isinstance(value, ast.Constant) and name not in stored
    }
    if not any(_decided(test, flags) is not None for test in _tests(callee.node)):
        return callee
    try:
        return _divided(callee, flags) or callee
    except (SyntaxError, ValueError):
        return callee


def _divided(callee: Callee, flags: Flags) -> Callee | None:
    source = _decided_expressions(callee, flags)
    node = _function(source, callee.node.lineno)
    chosen = _chosen(node.body, flags) if node is not None else []
    if node is None or not chosen:
        return None
    rows: list[str] = []
    at = node.body[0].lineno
    texts = source.text.decode("utf-8", "surrogatepass").split("\n")
    for part, indent in chosen:
        if indent == node.body[0].col_offset:
            # What stands between two statements goes with the second.
            rows += texts[max(at, node.body[0].lineno) - 1 : part.lineno - 1]
        lines = "\n".join(texts[part.lineno - 1 : part.end_lineno])
        rows += _indented(lines, indent, node.body[0].col_offset)
        at = (part.end_lineno or part.lineno) + 1
    text = "\n".join([*texts[node.lineno - 1 : node.body[0].lineno - 1], *rows])
    made = Source(encoded(text))
    divided = _function(made, 1)
    wanted = [ast.dump(part) for part, _ in chosen]
    if divided is None or [ast.dump(part) for part in divided.body] != wanted:
        # As where several statements stand on one line.
        return None
    return replace(callee, node=divided, source=made)


def _indented(text: str, indent: int, wanted: int) -> list[str]:
    return [f"{' ' * wanted}{row}" if row.strip() else "" for row in dedented(text, indent)]


def _chosen(body: list[ast.stmt], flags: Flags) -> list[tuple[ast.stmt, int]]:
    """The statements that are left of a body, each with its indentation, up to a ``return``."""
    found: list[tuple[ast.stmt, int]] = []
    for part in body:
        decided = _decided(part.test, flags) if isinstance(part, ast.If) else None
        if isinstance(part, ast.If) and decided is not None:
            inner = _chosen(part.body if decided else part.orelse, flags)
        else:
            inner = [(part, part.col_offset)]
        found += inner
        if inner and isinstance(inner[-1][0], ast.Return):
            break
    return found


def _decided_expressions(callee: Callee, flags: Flags) -> Source:
    """The cell of a function with ``a if train else b`` as one of the two."""
    edits: list[Edit] = []
    for n in ast.walk(callee.node):
        if isinstance(n, ast.IfExp) and (decided := _decided(n.test, flags)) is not None:
            text = callee.source.of(n.body if decided else n.orelse)
            start, end = callee.source.span(n)
            if all(end <= e.start or e.end <= start for e in edits):
                edits.append(Edit(start, end, text))
    return Source(encoded(apply(callee.source.text, edits)))


def _function(source: Source, line: int) -> ast.FunctionDef | None:
    tree = ast.parse(source.text.decode("utf-8", "surrogatepass"))
    found = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.lineno == line]
    return found[0] if found else None


def _tests(node: ast.FunctionDef) -> list[ast.expr]:
    return [n.test for n in ast.walk(node) if isinstance(n, (ast.If, ast.IfExp))]


def _decided(test: ast.expr, flags: Flags) -> bool | None:
    """Whether a condition holds with ``flags``; None where that depends on anything else."""
    if flags.keys().isdisjoint(names_in(test)):
        return None
    try:
        return bool(_value(test, flags))
    except (LookupError, TypeError):
        return None


def _value(node: ast.expr, flags: Flags) -> object:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return flags[name]
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return not _value(inner, flags)
        case ast.BoolOp(op=ast.And(), values=values):
            return all(_value(one, flags) for one in values)
        case ast.BoolOp(values=values):
            return any(_value(one, flags) for one in values)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return COMPARED[type(op)](_value(left, flags), _value(right, flags))
    raise LookupError
