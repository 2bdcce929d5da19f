"""Whether what a model predicts is the column itself or something that was made of it."""

import ast
from collections.abc import Iterator, Mapping

from chasm.review.lines import Line, lines_of, respelled
from chasm.review.model import Version

COLUMN = ("series", "array")


def other_scale(old: Version, new: Version, renamed: Mapping[str, str]) -> bool:
    """Whether the predicted column is computed otherwise: as its logarithm, or in thousands."""
    before = [respelled(text, renamed) for text in _made(old, new)]
    return before != list(_made(new, old))


def _made(version: Version, other: Version) -> Iterator[str]:
    """What is computed of the target before the model learns it; nothing where it is as it is."""
    serving = version.plan.serving if version.plan is not None else None
    if serving is None or not serving.target:
        return
    lines = lines_of(version, other)
    names = _learned(lines)
    for line in lines:
        node = line.tree.node
        if not isinstance(node, ast.Assign) or line.statement.stage == "split":
            continue
        bound = {
            name
            for name in line.statement.binds & names
            if name in line.statement.values and line.statement.values[name].kind in COLUMN
        }
        mine = serving.target in line.statement.columns or bool(bound)
        if mine and _computes(node.value, serving.target):
            yield line.key


def _learned(lines: list[Line]) -> set[str]:
    """Names of what a model is fitted to say, and of what these are the halves of."""
    found: set[str] = set()
    for line in reversed(lines):
        for call in ast.walk(line.tree.node):
            if not isinstance(call, ast.Call):
                continue
            fits = line.statement.effects.fits and len(call.args) > 1
            splits = line.statement.stage == "split" and line.statement.binds & found
            given = call.args[1:2] if fits else call.args if splits else []
            found |= {one.id for one in given if isinstance(one, ast.Name)}
    return found


def _computes(value: ast.expr, column: str) -> bool:
    """Whether a value is arithmetic on the column, not the column as another kind of table."""
    for one in ast.walk(value):
        match one:
            case ast.BinOp(left=left, right=right):
                parts = [left, right]
            case ast.UnaryOp(operand=operand):
                parts = [operand]
            case ast.Call(func=ast.Attribute(value=base), args=args) if any(
                isinstance(given, (ast.Lambda, ast.Attribute)) for given in args
            ):
                # A function is handed over: ``df["y"].apply(np.log)``.
                parts = [base, *args]
            case ast.Call(args=args):
                parts = args
            case _:
                continue
        if any(_names(part, column) for part in parts):
            return True
    return False


def _names(node: ast.expr, column: str) -> bool:
    for one in ast.walk(node):
        match one:
            case ast.Subscript(slice=ast.Constant(value=name)) | ast.Attribute(attr=name):
                if name == column:
                    return True
    return False
