"""Defaults that keep what an earlier call did to them."""

import ast
from collections.abc import Iterator

from chasm.analyse.nodes import root_name
from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity

MAKERS = {"list", "dict", "set"}
CHANGING = {
    "append", "extend", "insert", "add", "update", "pop", "remove", "clear", "setdefault", "sort",
    "reverse", "discard", "popitem",
}  # fmt: skip


def run(subject: Subject) -> Iterator[Hit]:
    """Mutable defaults of functions that change them or hand them out."""
    for statement, function in subject.each(ast.FunctionDef, ast.AsyncFunctionDef):
        mutable = [(name, d) for name, d in _defaults(function.args) if _is_mutable(d)]
        changed = set(_changed(function)) if mutable else set()
        for name, default in mutable:
            if name in changed:
                message = f"{name} keeps what earlier calls of {function.name} did to it"
                yield subject.at(statement, default, message)


def _defaults(args: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    positional = [*args.posonlyargs, *args.args]
    if args.defaults:
        for argument, default in zip(positional[-len(args.defaults) :], args.defaults, strict=True):
            yield argument.arg, default
    for argument, given in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        if given is not None:
            yield argument.arg, given


def _is_mutable(node: ast.expr) -> bool:
    if isinstance(node, (ast.List, ast.Dict, ast.Set)):
        return True
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in MAKERS
        and not node.args
    )


def _changed(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """Names that the body changes in place or returns, unless it first gives them a value."""
    given = {
        target.id
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(function):
        name: str | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in CHANGING and isinstance(node.func.value, ast.Name):
                name = node.func.value.id
        elif isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(node.ctx, ast.Store):
            name = root_name(node)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Name):
            name = node.value.id
        if name is not None and name not in given:
            yield name


CHECK = Check("CH205", "mutable-default", Severity.WARNING, run)
