"""``x.drop(…, inplace=True)`` becomes ``x = x.drop(…)``."""

import ast

import libcst as cst

from chasm.emit.rewrites.numbering import nth_call
from chasm.plan.items import Assign, Rewrite


class _ToAssignment(cst.CSTTransformer):
    def __init__(self, number: int) -> None:
        super().__init__()
        self._number, self._seen = number, -1
        self._found: cst.Call | None = None

    def visit_Call(self, node: cst.Call) -> None:
        self._seen += 1
        if self._seen == self._number:
            self._found = node

    def leave_Expr(self, original_node: cst.Expr, updated_node: cst.Expr) -> cst.BaseSmallStatement:
        call = updated_node.value
        if self._found is None or original_node.value is not self._found:
            return updated_node
        assert isinstance(call, cst.Call)
        assert isinstance(call.func, cst.Attribute)
        kept = [a for a in call.args if a.keyword is None or a.keyword.value != "inplace"]
        if kept:
            kept[-1] = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        receiver = call.func.value.deep_clone()
        assert isinstance(receiver, (cst.Name, cst.Attribute, cst.Subscript))
        target = cst.AssignTarget(receiver)
        return cst.Assign([target], call.with_changes(args=kept))


def on_cst(node: cst.CSTNode, rewrite: Rewrite) -> cst.CSTNode:
    assert isinstance(rewrite, Assign)
    changed = node.visit(_ToAssignment(rewrite.call))
    assert isinstance(changed, cst.CSTNode)
    return changed


class _AstAssignment(ast.NodeTransformer):
    def __init__(self, call: ast.Call) -> None:
        self._call = call

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        if node.value is not self._call:
            return node
        assert isinstance(self._call.func, ast.Attribute)
        self._call.keywords = [k for k in self._call.keywords if k.arg != "inplace"]
        target = ast.parse(ast.unparse(self._call.func.value), mode="eval").body
        target.ctx = ast.Store()  # type: ignore[attr-defined]
        return ast.Assign([target], self._call)


def on_ast(node: ast.stmt, rewrite: Rewrite) -> ast.stmt:
    assert isinstance(rewrite, Assign)
    changed = _AstAssignment(nth_call(node, rewrite.call)).visit(node)
    assert isinstance(changed, ast.stmt)
    return changed
