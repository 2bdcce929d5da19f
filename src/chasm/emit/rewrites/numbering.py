"""Finding the n-th call of a statement in either kind of tree."""

import ast
from collections.abc import Callable

import libcst as cst

from chasm.analyse.source_order import calls


class _Nth(cst.CSTTransformer):
    """Applies ``change`` to the call with this number; outer calls come before inner ones."""

    def __init__(self, number: int, change: Callable[[cst.Call], cst.BaseExpression]) -> None:
        super().__init__()
        self._number, self._change = number, change
        self._seen = -1
        self._open: list[int] = []

    def visit_Call(self, node: cst.Call) -> None:
        self._seen += 1
        self._open.append(self._seen)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        number = self._open.pop()
        return self._change(updated_node) if number == self._number else updated_node


def change_call_cst(
    node: cst.CSTNode, number: int, change: Callable[[cst.Call], cst.BaseExpression]
) -> cst.CSTNode:
    """``node`` with its ``number``-th call replaced by what ``change`` makes of it."""
    changed = node.visit(_Nth(number, change))
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
