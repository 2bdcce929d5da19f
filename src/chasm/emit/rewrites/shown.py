"""The value that a cell showed last goes into the report."""

import ast

import libcst as cst

from chasm.emit.rewrites.numbering import expression
from chasm.plan.items import Report, Rewrite


def code(rewrite: Report) -> str:
    name = rewrite.name if rewrite.variable else repr(rewrite.name)
    return f"{rewrite.output}.table({name}, None)"


def on_cst(node: cst.CSTNode, rewrite: Rewrite) -> cst.CSTNode:
    assert isinstance(rewrite, Report)
    assert isinstance(node, cst.SimpleStatementLine)
    (small,) = node.body
    assert isinstance(small, cst.Expr)
    kept = cst.parse_expression(code(rewrite))
    assert isinstance(kept, cst.Call)
    args = [kept.args[0], cst.Arg(_in_parentheses(small.value))]
    return node.with_changes(body=[small.with_changes(value=kept.with_changes(args=args))])


def _in_parentheses(value: cst.BaseExpression) -> cst.BaseExpression:
    """A bare tuple is one argument only within parentheses."""
    if isinstance(value, (cst.Tuple, cst.NamedExpr, cst.Yield)) and not value.lpar:
        return value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return value


def on_ast(node: ast.stmt, rewrite: Rewrite) -> ast.stmt:
    assert isinstance(rewrite, Report)
    assert isinstance(node, ast.Expr)
    call = expression(code(rewrite))
    assert isinstance(call, ast.Call)
    call.args[1] = node.value
    return ast.Expr(call)
