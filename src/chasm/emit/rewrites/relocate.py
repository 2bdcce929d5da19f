"""Imports of modules that lay beside the notebook become imports of the package's own."""

import ast

import libcst as cst

from chasm.plan.items import Rewrite
from chasm.plan.moves import Relocate


def on_cst(node: cst.CSTNode, rewrite: Rewrite) -> cst.CSTNode:
    assert isinstance(rewrite, Relocate)
    changed = node.visit(_Relocated(rewrite))
    assert isinstance(changed, cst.CSTNode)
    return changed


class _Relocated(cst.CSTTransformer):
    def __init__(self, rewrite: Relocate) -> None:
        self._package, self._new = rewrite.package, dict(rewrite.modules)

    def _inside(self, name: cst.BaseExpression) -> str | None:
        """The dotted name of a module within the package, if it is one that moved."""
        parts = _dotted(name).split(".")
        if parts[0] not in self._new:
            return None
        return ".".join([self._package, self._new[parts[0]], *parts[1:]])

    def leave_ImportFrom(
        self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
    ) -> cst.ImportFrom:
        if updated_node.relative or updated_node.module is None:
            return updated_node
        inside = self._inside(updated_node.module)
        if inside is None:
            return updated_node
        return updated_node.with_changes(module=_expression(inside))

    def leave_Import(
        self, original_node: cst.Import, updated_node: cst.Import
    ) -> "cst.BaseSmallStatement | cst.FlattenSentinel[cst.BaseSmallStatement]":
        lines: list[str] = []
        kept: list[cst.ImportAlias] = []
        for alias in updated_node.names:
            inside = self._inside(alias.name)
            if inside is None:
                kept.append(alias.with_changes(comma=cst.MaybeSentinel.DEFAULT))
                continue
            name = alias.asname.name if alias.asname is not None else None
            bound = name.value if isinstance(name, cst.Name) else ""
            lines += _lines(inside, bound, _dotted(alias.name), self._package)
        if not lines:
            return updated_node
        small = [_small(line) for line in lines]
        if kept:
            small.insert(0, updated_node.with_changes(names=kept))
        return cst.FlattenSentinel(small)


def _lines(inside: str, bound: str, old: str, package: str) -> list[str]:
    """The imports within the package that stand for ``import old as bound``."""
    parent, _, last = inside.rpartition(".")
    root = old.partition(".")[0]
    if bound or "." not in old:
        bound = bound or root
        return [f"from {parent} import {last}" + ("" if last == bound else f" as {bound}")]
    new = inside.removeprefix(f"{package}.").partition(".")[0]
    head = f"from {package} import {new}" + ("" if new == root else f" as {root}")
    return [f"import {inside}", head]


def _small(line: str) -> cst.BaseSmallStatement:
    statement = cst.parse_statement(line)
    assert isinstance(statement, cst.SimpleStatementLine)
    return statement.body[0]


def _dotted(node: cst.CSTNode) -> str:
    if isinstance(node, cst.Attribute):
        return f"{_dotted(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""


def _expression(dotted: str) -> cst.Attribute | cst.Name:
    expression = cst.parse_expression(dotted)
    assert isinstance(expression, (cst.Attribute, cst.Name))
    return expression


class _AstRelocated(ast.NodeTransformer):
    def __init__(self, rewrite: Relocate) -> None:
        self._package, self._new = rewrite.package, dict(rewrite.modules)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt:
        root, dot, rest = (node.module or "").partition(".")
        if node.level == 0 and root in self._new:
            node.module = f"{self._package}.{self._new[root]}{dot}{rest}"
        return node

    def visit_Import(self, node: ast.Import) -> list[ast.stmt]:
        kept = [a for a in node.names if a.name.partition(".")[0] not in self._new]
        made: list[ast.stmt] = [ast.Import(kept)] if kept else []
        for alias in node.names:
            root, dot, rest = alias.name.partition(".")
            if root not in self._new:
                continue
            inside = f"{self._package}.{self._new[root]}{dot}{rest}"
            if dot and not alias.asname:
                made.append(ast.Import([ast.alias(inside)]))
                inside = f"{self._package}.{self._new[root]}"
            parent, _, last = inside.rpartition(".")
            bound = alias.asname or root
            made.append(
                ast.ImportFrom(parent, [ast.alias(last, None if last == bound else bound)], 0)
            )
        return made


def on_ast(node: ast.stmt, rewrite: Rewrite) -> ast.stmt:
    assert isinstance(rewrite, Relocate)
    changed = _AstRelocated(rewrite).visit(node)
    assert isinstance(changed, ast.stmt)
    return changed
