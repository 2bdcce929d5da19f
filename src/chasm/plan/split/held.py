"""Which of the models that a loop fits a name holds afterwards, itself or in a list."""

import ast
from collections.abc import Container, Iterator

from chasm.analyse.statements import Tree
from chasm.plan.graph import Graph


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


def one_of_several(
    name: str, at: int, trees: list[Tree], graph: Graph, kinds: Container[str | None]
) -> bool:
    """Whether ``name`` is an element of a dictionary or a list with values of these kinds."""
    made = graph.reads[at].get(name)
    node = trees[made].node if made is not None else None
    if made is None or not isinstance(node, ast.Assign):
        return False
    held = taken_from(node.value)
    *_, first = [None, *graph.back(held or "", graph.reads[made].get(held or ""))]
    listed = trees[first].node if first is not None else None
    if first is None or not isinstance(listed, ast.Assign):
        return False
    values = (trees[first].values.get(id(one)) for one in _elements(listed.value))
    return any(value is not None and value.kind in kinds for value in values)


def _elements(node: ast.expr) -> Iterator[ast.expr]:
    """What stands in a list or a dictionary, in tuples and lists inside it too."""
    match node:
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Dict(values=parts):
            for part in parts:
                yield from _elements(part)
        case _:
            yield node


def _names(node: ast.expr) -> Iterator[str]:
    """The names that stand in ``node`` themselves, in tuples, lists and dictionaries."""
    yield from (part.id for part in _elements(node) if isinstance(part, ast.Name))
