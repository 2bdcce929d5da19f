"""The nodes of a syntax tree in the order in which they stand in the source.

``ast.walk`` goes by fields, which is not the order of the text. Addresses such as "the
third call of this statement" need that order, since the concrete syntax tree is walked by
it. Positions are no substitute: inside f-strings they differ between Python versions.
"""

import ast
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from chasm.analyse.nodes import child_nodes


def source_order(node: ast.AST) -> list[ast.AST]:
    """``node`` and its descendants, outer before inner, left before right."""
    found: list[ast.AST] = []
    stack: list[ast.AST] = [node]
    ordered = _ORDERED
    while stack:
        current = stack.pop()
        found.append(current)
        parts = ordered.get(type(current), child_nodes)(current)
        if parts:
            parts.reverse()
            stack += parts
    return found


def calls(node: ast.AST) -> list[ast.Call]:
    """The calls in ``node``, in source order: a call's number is its place in this list."""
    return [n for n in source_order(node) if isinstance(n, ast.Call)]


def by_type(nodes: list[ast.AST]) -> dict[type, list[Any]]:
    """``nodes`` by their class, those of each in the order in which they are given."""
    found: dict[type, list[Any]] = defaultdict(list)
    for node in nodes:
        found[type(node)].append(node)
    return found


def _none(node: ast.AST) -> list[ast.AST]:
    return []


def _owner(node: ast.Attribute) -> list[ast.AST]:
    return [node.value]


def _choice(node: ast.IfExp) -> list[ast.AST]:
    return [node.body, node.test, node.orelse]


def _call(node: ast.Call) -> list[ast.AST]:
    given: list[Any] = [*node.args, *node.keywords]
    # Only ``*more`` may follow an argument that is passed by its name.
    if node.keywords and any(isinstance(one, ast.Starred) for one in node.args):
        given.sort(key=_position)
    return [node.func, *given]


def _position(node: ast.AST) -> tuple[int, int]:
    where = node.value if isinstance(node, ast.keyword) else node
    return (getattr(where, "lineno", 0), getattr(where, "col_offset", 0))


def _dict(node: ast.Dict) -> list[ast.AST]:
    pairs = zip(node.keys, node.values, strict=True)
    return [part for pair in pairs for part in pair if part is not None]


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.AST]:
    returned = [node.returns] if node.returns is not None else []
    return [*node.decorator_list, *_parameters(node.args), *returned, *node.body]


def _class(node: ast.ClassDef) -> list[ast.AST]:
    return [*node.decorator_list, *node.bases, *node.keywords, *node.body]


def _lambda(node: ast.Lambda) -> list[ast.AST]:
    return [*_parameters(node.args), node.body]


def _parameters(args: ast.arguments) -> list[ast.AST]:
    plain = [*args.posonlyargs, *args.args]
    defaults = [None] * (len(plain) - len(args.defaults)) + list(args.defaults)
    pairs: list[tuple[ast.arg | None, ast.expr | None]] = list(zip(plain, defaults, strict=True))
    pairs.append((args.vararg, None))
    pairs += list(zip(args.kwonlyargs, args.kw_defaults, strict=True))
    pairs.append((args.kwarg, None))
    found: list[ast.AST] = []
    for argument, default in pairs:
        if argument is not None and argument.annotation is not None:
            found.append(argument.annotation)
        if default is not None:
            found.append(default)
    return found


#: Nodes whose fields are not in the order of the text, and those that are met most often.
_ORDERED: dict[type, Callable[[Any], list[ast.AST]]] = {
    ast.Name: _none,
    ast.Constant: _none,
    ast.Attribute: _owner,
    ast.Call: _call,
    ast.Dict: _dict,
    ast.IfExp: _choice,
    ast.Lambda: _lambda,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
}
