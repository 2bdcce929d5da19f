"""Names of what a transformer has learned become its attributes."""

import ast

import libcst as cst

from chasm.emit.rewrites.names import FreeNames, binds_itself
from chasm.plan.items import Learned, Rewrite


class _Attribute(FreeNames):
    def __init__(self, rewrite: Learned) -> None:
        super().__init__(rewrite.name)
        self._attribute = rewrite.attribute

    def change(self, node: cst.Name) -> cst.BaseExpression:
        return cst.Attribute(cst.Name("self"), cst.Name(self._attribute))


class _Target(cst.CSTTransformer):
    def __init__(self, rewrite: Learned) -> None:
        super().__init__()
        self._change = _Attribute(rewrite)

    def leave_AssignTarget(
        self, original_node: cst.AssignTarget, updated_node: cst.AssignTarget
    ) -> cst.AssignTarget:
        changed = updated_node.visit(self._change)
        assert isinstance(changed, cst.AssignTarget)
        return changed


def on_cst(node: cst.CSTNode, rewrite: Rewrite) -> cst.CSTNode:
    assert isinstance(rewrite, Learned)
    changed = node.visit(_Target(rewrite) if rewrite.bound else _Attribute(rewrite))
    assert isinstance(changed, cst.CSTNode)
    return changed


def on_ast(node: ast.stmt, rewrite: Rewrite) -> ast.stmt:
    assert isinstance(rewrite, Learned)
    change = _Abstract(rewrite)
    if rewrite.bound:
        assert isinstance(node, ast.Assign)
        return ast.copy_location(
            ast.Assign([change.target(t) for t in node.targets], node.value), node
        )
    made = change.visit(node)
    assert isinstance(made, ast.stmt)
    return made


class _Abstract(ast.NodeTransformer):
    def __init__(self, rewrite: Learned) -> None:
        self._rewrite = rewrite

    def visit(self, node: ast.AST) -> ast.AST:
        if binds_itself(node, self._rewrite.name):
            return node
        made = super().visit(node)
        assert isinstance(made, ast.AST)
        return made

    def target(self, node: ast.expr) -> ast.expr:
        made = self.visit(node)
        assert isinstance(made, ast.expr)
        return made

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id != self._rewrite.name:
            return node
        return ast.Attribute(ast.Name("self", ast.Load()), self._rewrite.attribute, node.ctx)
