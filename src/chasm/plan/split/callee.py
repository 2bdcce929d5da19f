"""Functions of the notebook whose bodies can stand where they are called."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from chasm.analyse.nodes import has_long_text
from chasm.model import Facts, Statement
from chasm.plan.split.model import Edit
from chasm.plan.split.source import Source, apply, dedented

#: What a function has to be without, if its body is to stand in place of its call.
APART = (
    ast.Yield, ast.YieldFrom, ast.Await, ast.Global, ast.Nonlocal, ast.FunctionDef,
    ast.AsyncFunctionDef, ast.ClassDef,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Callee:
    """A function of the notebook: its node, and the cell that holds it."""

    statement: Statement
    node: ast.FunctionDef
    source: Source


def callee_of(facts: Facts, sources: dict[int, Source], name: str) -> Callee | None:
    found = [s for s in facts.statements if name in s.binds]
    # A cell that was copied defines the same function again.
    forms = {ast.dump(facts.nodes[s.id]) for s in found}
    node = facts.nodes[found[0].id] if len(forms) == 1 else None
    if not isinstance(node, ast.FunctionDef) or node.decorator_list or not _plain(node):
        return None
    return Callee(found[0], node, sources[found[0].cell])


def _plain(node: ast.FunctionDef) -> bool:
    """Whether a function's body may stand where it is called, if it returns at its end alone."""
    a = node.args
    if a.vararg or a.kwarg or a.posonlyargs or a.kwonlyargs:
        return False
    inside = [n for child in node.body for n in ast.walk(child)]
    beside = node.body[0].lineno == node.lineno and not isinstance(node.body[0], ast.Return)
    if beside or any(isinstance(n, APART) for n in inside):
        return False
    return not any(map(has_long_text, without_docstring(node)))


def returns_last(node: ast.FunctionDef) -> bool:
    """Whether a function gives something back in its last statement, or nowhere."""
    returns = [n for n in ast.walk(node) if isinstance(n, ast.Return)]
    return not returns or len(returns) == 1 and returns[0] is node.body[-1]


def without_docstring(node: ast.FunctionDef) -> list[ast.stmt]:
    match node.body[0]:
        case ast.Expr(value=ast.Constant(value=str())):
            return node.body[1:]
    return node.body


def opening(node: ast.FunctionDef) -> ast.stmt:
    """The first statement of a function, after its docstring."""
    return (without_docstring(node) or node.body)[0]


def starts_with(node: ast.FunctionDef, parameter: str) -> bool:
    """Whether a function first of all makes something else of a parameter, as ``df.copy()``."""
    match opening(node):
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name == parameter
    return False


def hides(body: list[ast.stmt], changed: set[str]) -> bool:
    """Whether a name means something else in a part of a body, or stands where none is seen."""
    for part in (n for child in body for n in ast.walk(child)):
        match part:
            case ast.arg(arg=name) | ast.ExceptHandler(name=str(name)) if name in changed:
                return True
            case ast.comprehension(target=target) if changed & set(names_in(target)):
                return True
            case ast.JoinedStr() if changed & set(names_in(part)):
                # Python 3.11 does not tell where a name stands in a formatted text.
                return True
    return False


def names_in(node: ast.AST) -> Iterator[str]:
    return (n.id for n in ast.walk(node) if isinstance(n, ast.Name))


def rows_of(callee: Callee, edits: list[Edit]) -> list[str]:
    """The lines of a function's body, without its docstring and what it returns."""
    body = callee.node.body
    first = without_docstring(callee.node)
    kept = first[:-1] if isinstance(body[-1], ast.Return) else first
    if not kept:
        return []
    above = body[0].end_lineno if first is not body else _head_end(callee.node)
    start = callee.source.line_start((above or 0) + 1)
    last = kept[-1].end_lineno or 0
    end = callee.source.line_start(last + 1) - 1
    inside = [e for e in edits if start <= e.start and e.end <= end]
    text = apply(callee.source.text, inside, start, min(end, len(callee.source.text)))
    return dedented(text, body[0].col_offset)


def _head_end(node: ast.FunctionDef) -> int:
    """The last line of ``def …:`` itself, as far as its arguments tell."""
    ends = [n.end_lineno or 0 for n in ast.walk(node.args) if hasattr(n, "end_lineno")]
    returns = [node.returns.end_lineno or 0] if node.returns is not None else []
    last = max([node.lineno, *ends, *returns])
    return min(last, node.body[0].lineno - 1)
