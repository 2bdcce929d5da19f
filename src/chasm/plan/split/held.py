"""Which of the models that a loop fits a name holds afterwards, itself or in a list."""

import ast
from collections.abc import Iterator


def taken_from(node: ast.expr | None) -> str | None:
    """The name that a model is taken from, as in ``models[best]`` or ``search.best_estimator_``."""
    while True:
        match node:
            case ast.Name(id=name):
                return name
            case ast.Subscript(value=inner) | ast.Attribute(value=inner, attr="best_estimator_"):
                node = inner
            case ast.Call(func=ast.Attribute(value=inner, attr="fit" | "get")):
                node = inner
            case _:
                return None


def fitted_in_loop(node: ast.For, name: str) -> Iterator[str]:
    """The names under which the loop may have fitted what ``name`` is, or holds, after it."""
    if any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(node.iter)):
        yield from _names(node.target)
    for part in ast.walk(node):
        match part:
            case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == name:
                source = taken_from(value)
                yield from () if source is None or isinstance(value, ast.Subscript) else (source,)
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=parts)):
                for place, given in zip(names, parts, strict=False):
                    if isinstance(place, ast.Name) and place.id == name:
                        yield from _names(given)
            case ast.Assign(targets=[ast.Subscript(value=held)], value=value):
                yield from _names(value) if taken_from(held) == name else ()
            case ast.Call(func=ast.Attribute(value=ast.Name(id=held), attr="append"), args=[value]):
                yield from _names(value) if held == name else ()


def _names(node: ast.expr) -> Iterator[str]:
    """The names that stand in ``node`` themselves, in tuples, lists and dictionaries."""
    match node:
        case ast.Name(id=name):
            yield name
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Dict(values=parts):
            for part in parts:
                yield from _names(part)
