"""The target column: what the model learns to say, which no record has yet."""

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from chasm.analyse.statements import Tree
from chasm.plan.graph import Graph
from chasm.plan.split.tails import known_before
from chasm.rulebook import Rulebook

#: What leaves a column what it is: words for methods of it, and of its values.
FORMS, SHAPES = ("each", "apply"), ("each", "sized")
#: Methods that make other rows of those they are given, by their names of today and before.
RESAMPLING = ("fit_resample", "fit_sample")
#: Why the way of a record stops where it needs what it is to tell.
TELLS = "the target itself goes into what the model is given"


@dataclass(frozen=True, slots=True)
class Target:
    """The frame and the label of the target; ``place`` counts columns where no label stands."""

    frame: str
    label: str | None = None
    place: int | None = None


def target_in(node: ast.expr, book: Rulebook) -> Target | None:
    """The target that an expression takes from a frame, as ``df["y"]`` or ``df.iloc[:, -1]``."""
    match node:
        case ast.Subscript(value=ast.Name(id=frame), slice=ast.Constant(value=str(label))):
            return Target(frame, label)
        case ast.Subscript(
            value=ast.Name(id=frame), slice=ast.List(elts=[ast.Constant(value=str(label))])
        ):
            return Target(frame, label)
        case ast.Subscript(
            value=ast.Attribute(value=ast.Name(id=frame), attr="iloc" | "loc"),
            slice=ast.Tuple(elts=[_, where]),
        ):
            return _located(frame, where)
        case ast.Subscript(value=inner) | ast.Attribute(value=inner) if _keeps(node, book):
            return target_in(inner, book)
        case ast.Attribute(value=ast.Name(id=frame), attr=label):
            return Target(frame, label)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=frame), attr="pop"), args=[where]):
            return _located(frame, where)
        case ast.Call(func=ast.Attribute(value=inner, attr=attr)) if _same(attr, book):
            return target_in(inner, book)
        case ast.Call(args=[first, *_]):
            return target_in(first, book)
    return None


def _keeps(node: ast.expr, book: Rulebook) -> bool:
    return isinstance(node, ast.Attribute) and _same(node.attr, book)


def _same(method: str, book: Rulebook) -> bool:
    """Whether what a method gives is of the same column still."""
    return book.rows("series", method) in FORMS or book.rows("array", method) in SHAPES


def _located(frame: str, where: ast.expr) -> Target | None:
    try:
        value = ast.literal_eval(where)
    except ValueError:
        return None
    if isinstance(value, list) and len(value) == 1:
        (value,) = value
    if isinstance(value, str):
        return Target(frame, value)
    if isinstance(value, int):
        return Target(frame, place=value)
    return None


def followed_target(
    truth: ast.expr | None, at: int, trees: list[Tree], graph: Graph, book: Rulebook
) -> Target | None:
    """The column that ``truth`` is in statement ``at``, followed through names and splits."""
    for node, number in definitions_of(truth, at, trees, graph, book):
        if _plain_name(node, book) is None:
            found = target_in(node, book)
            return found and replace(found, label=found.label or _label_at(found, number, trees))
    return None


def _label_at(target: Target, at: int, trees: list[Tree]) -> str | None:
    """The label of the last column before statement ``at``, where the code puts it there."""
    nodes = [tree.node for tree in trees[:at]]
    while target.place == -1 and nodes:
        node = nodes.pop()
        made = column_of(node)
        value = [node.value] if isinstance(node, ast.Assign) else []
        if made is not None and made[0] == target.frame:
            if not known_before([*nodes, *value], *made):
                return made[1]
            continue
        match node:
            case ast.Assign(targets=[ast.Name(id=target.frame)]):
                return None
    return None


def definitions_of(
    node: ast.expr | None, at: int, trees: list[Tree], graph: Graph, book: Rulebook
) -> Iterator[tuple[ast.expr, int]]:
    """An expression of statement ``at``, and what it is a mere form of, each with its statement."""
    for _ in range(20):
        if node is None:
            return
        yield node, at
        name = _plain_name(node, book)
        version = graph.reads[at].get(name) if name is not None else None
        if name is None or version is None:
            return
        node, at = _defined(trees[version].node, name), version


def _plain_name(node: ast.expr, book: Rulebook) -> str | None:
    """The name that an expression is a mere form of, as ``y.values`` or ``le.fit_transform(y)``."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=inner, attr="values" | "T"):
            return _plain_name(inner, book)
        case ast.Call(func=ast.Attribute(value=inner, attr=attr)) if _same(attr, book):
            return _plain_name(inner, book)
        case ast.Call(args=[ast.Name(id=name), *_]):
            return name
    return None


def _defined(node: ast.stmt, name: str) -> ast.expr | None:
    """The expression that a statement binds to ``name``; of a split what went in."""
    if not isinstance(node, ast.Assign):
        return None
    target = node.targets[0]
    if isinstance(target, ast.Name):
        return node.value
    if not isinstance(target, (ast.Tuple, ast.List)):
        return None
    places = [
        i for i, part in enumerate(target.elts) if isinstance(part, ast.Name) and part.id == name
    ]
    if not places:
        return None
    if isinstance(node.value, (ast.Tuple, ast.List)) and len(node.value.elts) == len(target.elts):
        return node.value.elts[places[0]]
    if isinstance(node.value, ast.Call) and len(target.elts) == 2 * len(node.value.args):
        return node.value.args[places[0] // 2]
    match node.value:
        case ast.Call(func=ast.Attribute(attr=attr), args=args) if attr in RESAMPLING:
            return args[places[0]] if places[0] < len(args) else None
    return None


def touches_only(node: ast.stmt, target: Target) -> bool:
    """Whether a statement changes the target column and nothing else."""
    match node:
        case ast.Assign(targets=[place]) | ast.AugAssign(target=place):
            return _is_target(place, target)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=place))):
            return _is_target(place, target)
    return False


def reads_target(
    node: ast.stmt, target: Target, book: Rulebook, told: Collection[str] = ()
) -> bool:
    """Whether a statement makes something else of the target's values, or of what tells them."""
    if not isinstance(node, (ast.Assign, ast.AugAssign)) or target.label is None:
        return False
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Tuple, ast.List)):
        return False
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        found = target_in(node.value, book)
        if found is not None and found.label == target.label:
            return False
    return not reads_labels(node.value).isdisjoint((target.label, *told))


@lru_cache(maxsize=65_536)
def reads_labels(node: ast.expr) -> frozenset[object]:
    """The columns that an expression reads by name; every attempt asks for all of them."""
    found: set[object] = set()
    for part in ast.walk(node):
        match part:
            case ast.Subscript(value=ast.Name(), slice=ast.Constant(value=label), ctx=ast.Load()):
                found.add(label)
            case ast.Attribute(value=ast.Name(), attr=label, ctx=ast.Load()):
                found.add(label)
    return frozenset(found)


def column_of(node: ast.stmt) -> tuple[str, str] | None:
    """The frame and the label of the column that a statement makes."""
    match node:
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=frame), slice=where)]):
            label = where.value if isinstance(where, ast.Constant) else None
            return (frame, label) if isinstance(label, str) else None
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=frame), attr=label)]):
            return frame, label
    return None


def _is_target(node: ast.expr, target: Target) -> bool:
    match node:
        case ast.Subscript(value=ast.Name(), slice=ast.Constant(value=label)):
            return target.label is not None and label == target.label
        case ast.Attribute(value=ast.Name(), attr=label):
            return label == target.label
    return False


def names_rows(node: ast.expr) -> bool:
    """Whether a value only says which rows are chosen, as training alone does it."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "index"
        and isinstance(node.value, ast.Subscript)
    )
