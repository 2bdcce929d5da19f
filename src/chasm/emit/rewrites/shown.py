"""The value that a cell showed last goes into the report."""

import ast

import libcst as cst

from chasm.emit.rewrites.numbering import expression
from chasm.plan.model import Report, Rewrite


def on_cst(node: cst.CSTNode, rewrite: Rewrite) -> cst.CSTNode:
    assert isinstance(rewrite, Report) and isinstance(node, cst.SimpleStatementLine)
    (small,) = node.body
    assert isinstance(small, cst.Expr)
    kept = cst.parse_expression(f"output.table({rewrite.name!r}, None)")
    assert isinstance(kept, cst.Call)
    args = [kept.args[0], cst.Arg(small.value)]
    return node.with_changes(body=[small.with_changes(value=kept.with_changes(args=args))])


def on_ast(node: ast.stmt, rewrite: Rewrite) -> ast.stmt:
    assert isinstance(rewrite, Report) and isinstance(node, ast.Expr)
    call = expression(f"output.table({rewrite.name!r}, None)")
    assert isinstance(call, ast.Call)
    call.args[1] = node.value
    return ast.Expr(call)
