"""The nodes of a syntax tree in the order in which they stand in the source.

``ast.walk`` goes by fields, which is not the order of the text. Addresses such as "the
third call of this statement" need that order, since the concrete syntax tree is walked by
it. Positions are no substitute: inside f-strings they differ between Python versions.
"""

import ast
from collections.abc import Iterator


def source_order(node: ast.AST) -> Iterator[ast.AST]:
    """``node`` and its descendants, outer before inner, left before right."""
    stack: list[ast.AST] = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(list(children(current))))


def children(node: ast.AST) -> Iterator[ast.AST]:
    """The direct children of ``node``, left to right."""
    match node:
        case ast.IfExp():
            yield from (node.body, node.test, node.orelse)
        case ast.Call():
            yield node.func
            yield from sorted([*node.args, *node.keywords], key=_position)
        case ast.Dict():
            for key, value in zip(node.keys, node.values, strict=True):
                if key is not None:
                    yield key
                yield value
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from node.decorator_list
            yield from children(node.args)
            if node.returns is not None:
                yield node.returns
            yield from node.body
        case ast.ClassDef():
            yield from node.decorator_list
            yield from node.bases
            yield from node.keywords
            yield from node.body
        case ast.Lambda():
            yield from children(node.args)
            yield node.body
        case ast.arguments():
            yield from _parameters(node)
        case _:
            yield from ast.iter_child_nodes(node)


def _position(node: ast.AST) -> tuple[int, int]:
    where = node.value if isinstance(node, ast.keyword) else node
    return (getattr(where, "lineno", 0), getattr(where, "col_offset", 0))


def _parameters(args: ast.arguments) -> Iterator[ast.AST]:
    plain = [*args.posonlyargs, *args.args]
    defaults = [None] * (len(plain) - len(args.defaults)) + list(args.defaults)
    pairs: list[tuple[ast.arg | None, ast.expr | None]] = list(zip(plain, defaults, strict=True))
    pairs.append((args.vararg, None))
    pairs += list(zip(args.kwonlyargs, args.kw_defaults, strict=True))
    pairs.append((args.kwarg, None))
    for argument, default in pairs:
        if argument is not None and argument.annotation is not None:
            yield argument.annotation
        if default is not None:
            yield default


def calls(node: ast.AST) -> list[ast.Call]:
    """The calls in ``node``, in source order: a call's number is its place in this list."""
    return [n for n in source_order(node) if isinstance(n, ast.Call)]
