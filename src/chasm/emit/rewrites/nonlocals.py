"""``global`` becomes ``nonlocal`` where the notebook's global is a local of the function around."""

import ast

import libcst as cst

from chasm.plan.items import Nonlocal, Rewrite


class _ToNonlocal(cst.CSTTransformer):
    def leave_Global(
        self, original_node: cst.Global, updated_node: cst.Global
    ) -> cst.BaseSmallStatement:
        return cst.Nonlocal(updated_node.names)


def on_cst(node: cst.CSTNode, rewrite: Rewrite) -> cst.CSTNode:
    assert isinstance(rewrite, Nonlocal)
    changed = node.visit(_ToNonlocal())
    assert isinstance(changed, cst.CSTNode)
    return changed


class _AstNonlocal(ast.NodeTransformer):
    def visit_Global(self, node: ast.Global) -> ast.stmt:
        return ast.Nonlocal(node.names)


def on_ast(node: ast.stmt, rewrite: Rewrite) -> ast.stmt:
    assert isinstance(rewrite, Nonlocal)
    changed = _AstNonlocal().visit(node)
    assert isinstance(changed, ast.stmt)
    return changed
