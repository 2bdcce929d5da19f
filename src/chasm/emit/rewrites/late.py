"""Imports at the head of an own function, for what cannot be imported with its module."""

import ast

import libcst as cst

from chasm.emit.imports import import_lines
from chasm.plan.items import Rewrite
from chasm.plan.moves import Late


def on_cst(node: cst.CSTNode, rewrite: Rewrite) -> cst.CSTNode:
    assert isinstance(rewrite, Late)
    assert isinstance(node, cst.FunctionDef)
    body = node.body
    if isinstance(body, cst.SimpleStatementSuite):
        body = cst.IndentedBlock([cst.SimpleStatementLine(body.body)])
    assert isinstance(body, cst.IndentedBlock)
    place = 1 if node.get_docstring() is not None else 0
    lines = [*body.body[:place], *import_statements(rewrite), *body.body[place:]]
    return node.with_changes(body=body.with_changes(body=lines))


def import_statements(late: Late) -> list[cst.BaseStatement]:
    """The imports as statements of a function's body."""
    return [
        cst.parse_statement(line) for line in import_lines(late.imports, "").split("\n") if line
    ]


def on_ast(node: ast.stmt, rewrite: Rewrite) -> ast.stmt:
    assert isinstance(rewrite, Late)
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    place = 1 if ast.get_docstring(node) is not None else 0
    node.body[place:place] = ast.parse(import_lines(rewrite.imports, "")).body
    return node
