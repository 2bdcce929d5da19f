"""What an own function read of the notebook's globals is handed to it as keywords."""

import ast

import libcst as cst

from chasm.emit.rewrites.names import FreeNames, binds_itself
from chasm.plan.items import Extend, Rewrite


class _PassOn(FreeNames):
    def __init__(self, rewrite: Extend) -> None:
        super().__init__(rewrite.name)
        self._extras = rewrite.extras
        self._called: set[int] = set()

    def _keywords(self) -> list[cst.Arg]:
        equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
        return [
            cst.Arg(cst.Name(extra), keyword=cst.Name(extra), equal=equal) for extra in self._extras
        ]

    def visit_Call(self, node: cst.Call) -> None:
        if isinstance(node.func, cst.Name) and node.func.value == self.name:
            self._called.add(id(node.func))

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        if id(original_node) in self._called or updated_node.value != self.name:
            return updated_node
        return cst.Call(cst.Name("partial"), [cst.Arg(updated_node), *self._keywords()])

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        if id(original_node.func) not in self._called:
            return updated_node
        return updated_node.with_changes(args=[*updated_node.args, *self._keywords()])


def on_cst(node: cst.CSTNode, rewrite: Rewrite) -> cst.CSTNode:
    assert isinstance(rewrite, Extend)
    changed = node.visit(_PassOn(rewrite))
    assert isinstance(changed, cst.CSTNode)
    return changed


class _AstPassOn(ast.NodeTransformer):
    def __init__(self, rewrite: Extend) -> None:
        self._name, self._extras = rewrite.name, rewrite.extras

    def _keywords(self) -> list[ast.keyword]:
        return [ast.keyword(extra, ast.Name(extra, ast.Load())) for extra in self._extras]

    def visit(self, node: ast.AST) -> ast.AST:
        if binds_itself(node, self._name):
            return node
        match node:
            case ast.Call(func=ast.Name(id=called)) if called == self._name:
                node.args = [self.visit(a) for a in node.args]  # type: ignore[misc]
                for keyword in node.keywords:
                    keyword.value = self.visit(keyword.value)  # type: ignore[assignment]
                node.keywords += self._keywords()
                return node
        if isinstance(node, ast.Name) and node.id == self._name:
            return ast.Call(ast.Name("partial", ast.Load()), [node], self._keywords())
        return self.generic_visit(node)


def on_ast(node: ast.stmt, rewrite: Rewrite) -> ast.stmt:
    assert isinstance(rewrite, Extend)
    changed = _AstPassOn(rewrite).visit(node)
    assert isinstance(changed, ast.stmt)
    return changed
