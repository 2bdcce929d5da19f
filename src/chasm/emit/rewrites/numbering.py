"""Finding the n-th call of a statement in either kind of tree."""

import ast
from collections.abc import Callable, Mapping, Sequence

import libcst as cst

from chasm.analyse.source_order import calls

Change = Callable[[cst.Call], cst.BaseExpression]


class _Numbered(cst.CSTTransformer):
    """Changes calls by their number; outer calls come before inner ones."""

    def __init__(self, changes: Mapping[int, Sequence[Change]]) -> None:
        super().__init__()
        self._changes = changes
        self._seen = -1
        self._open: list[int] = []

    def visit_Call(self, node: cst.Call) -> None:
        self._seen += 1
        self._open.append(self._seen)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        changed: cst.BaseExpression = updated_node
        for change in self._changes.get(self._open.pop(), ()):
            assert isinstance(changed, cst.Call)
            changed = change(changed)
        return changed


def change_calls(node: cst.CSTNode, changes: Mapping[int, Sequence[Change]]) -> cst.CSTNode:
    """``node`` with its calls changed, all in one walk."""
    changed = node.visit(_Numbered(changes))
    assert isinstance(changed, cst.CSTNode)
    return changed


def nth_call(node: ast.stmt, number: int) -> ast.Call:
    """The same call in the abstract tree."""
    return calls(node)[number]


class _Swap(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def generic_visit(self, node: ast.AST) -> ast.AST:
        return self._new if node is self._old else super().generic_visit(node)

    visit = generic_visit


def swap(tree: ast.stmt, old: ast.AST, new: ast.AST) -> ast.stmt:
    """``tree`` with one node, found by identity, exchanged."""
    changed = _Swap(old, new).visit(tree)
    assert isinstance(changed, ast.stmt)
    return changed


def expression(code: str) -> ast.expr:
    """The abstract tree of an expression."""
    return ast.parse(code, mode="eval").body
