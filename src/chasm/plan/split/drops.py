"""What a call of ``drop`` is told to drop."""

import ast
from collections.abc import Iterator


def dropped(call: ast.Call) -> list[ast.expr]:
    """The arguments of a ``drop`` that name rows or columns."""
    return [*call.args[:1], *(k.value for k in call.keywords if k.arg in ("labels", "columns"))]


def dropped_labels(call: ast.Call) -> set[str]:
    """The texts in what a ``drop`` is told to drop: the labels that it may drop."""
    return {label for one in dropped(call) for label in strings(one)}


def named_labels(call: ast.Call) -> set[str]:
    """The labels that a ``drop`` names, and drops for certain."""
    return {label for one in dropped(call) for label in _labels(one)}


def _labels(node: ast.expr) -> list[str]:
    """The labels that an argument names, and not those in what finds some."""
    match node:
        case ast.Constant(value=str(label)):
            return [label]
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return [label for part in parts for label in _labels(part)]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [*_labels(left), *_labels(right)]
    return []


def dropped_columns(call: ast.Call) -> set[str]:
    """The literal labels of columns that a ``drop`` is told to drop."""
    given = {k.arg: k.value for k in call.keywords}
    axis = call.args[1] if len(call.args) > 1 else given.get("axis")
    if isinstance(axis, ast.Constant) and axis.value in (1, "columns"):
        return dropped_labels(call)
    return set(strings(given["columns"])) if "columns" in given else set()


def popped(node: ast.AST) -> Iterator[tuple[str, list[str]]]:
    """The tables of which a statement takes out columns, with their literal labels."""
    for part in ast.walk(node):
        match part:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=frame), attr="pop")):
                given = [*part.args, *(k.value for k in part.keywords)]
                yield frame, [label for one in given for label in strings(one)]


def strings(node: ast.AST) -> list[str]:
    """The literal texts in ``node``, in their order."""
    return [
        n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    ]


def without_pops(code: str) -> str:
    """An expression that looks columns up where it took them out: it is not the last to ask."""
    if ".pop(" not in code:
        return code
    return ast.unparse(_LookUp().visit(ast.parse(code, mode="eval")))


class _LookUp(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name() as table, attr="pop"), args=[label]):
                return ast.Subscript(table, label, ast.Load())
        return node
