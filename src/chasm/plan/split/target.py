"""The target column: what the model learns to say, which no record has yet."""

import ast
from dataclasses import dataclass

#: Calls and attributes that keep which column a value is of.
SAME = {
    "values",
    "to_numpy",
    "astype",
    "map",
    "ravel",
    "reshape",
    "copy",
    "replace",
    "fillna",
    "squeeze",
    "apply",
}


@dataclass(frozen=True, slots=True)
class Target:
    """The frame and the label of the target; ``place`` counts columns where no label stands."""

    frame: str
    label: str | None = None
    place: int | None = None


def target_in(node: ast.expr) -> Target | None:
    """The target that an expression takes from a frame: ``df["y"]``, ``df.y``, ``df.iloc[:, -1]``."""
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
        case ast.Subscript(value=inner) | ast.Attribute(value=inner) if _keeps(node):
            return target_in(inner)
        case ast.Attribute(value=ast.Name(id=frame), attr=label):
            return Target(frame, label)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=frame), attr="pop"), args=[where]):
            return _located(frame, where)
        case ast.Call(func=ast.Attribute(value=inner, attr=attr)) if attr in SAME:
            return target_in(inner)
        case ast.Call(args=[first, *_]):
            return target_in(first)
    return None


def _keeps(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in SAME


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


def touches_only(node: ast.stmt, target: Target) -> bool:
    """Whether a statement changes the target column and nothing else."""
    match node:
        case ast.Assign(targets=[place]) | ast.AugAssign(target=place):
            return _is_target(place, target)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=place))):
            return _is_target(place, target)
    return False


def reads_target(node: ast.stmt, target: Target) -> bool:
    """Whether a statement makes something else of the target's values."""
    if not isinstance(node, (ast.Assign, ast.AugAssign)) or target.label is None:
        return False
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Tuple, ast.List)):
        return False
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        found = target_in(node.value)
        if found is not None and found.label == target.label:
            return False
    return any(
        isinstance(part, ast.expr) and isinstance(getattr(part, "ctx", None), ast.Load)
        and _is_target(part, target)
        for part in ast.walk(node.value)
    )  # fmt: skip


def _is_target(node: ast.expr, target: Target) -> bool:
    match node:
        case ast.Subscript(value=ast.Name(), slice=ast.Constant(value=label)):
            return target.label is not None and label == target.label
        case ast.Attribute(value=ast.Name(), attr=label):
            return label == target.label
    return False
