"""Showing a figure becomes saving it: the state of the plotting library ends there as before."""

import ast

import libcst as cst

from chasm.emit.rewrites.numbering import change_call_cst, expression, nth_call, swap
from chasm.plan.model import Rewrite, Show


def code(output: str, name: str) -> str:
    return f"{output}.figure({name!r})"


def on_cst(node: cst.CSTNode, rewrite: Rewrite) -> cst.CSTNode:
    assert isinstance(rewrite, Show)
    call = cst.parse_expression(code(rewrite.output, rewrite.figure))
    return change_call_cst(node, rewrite.call, lambda _: call)


def on_ast(node: ast.stmt, rewrite: Rewrite) -> ast.stmt:
    assert isinstance(rewrite, Show)
    return swap(
        node, nth_call(node, rewrite.call), expression(code(rewrite.output, rewrite.figure))
    )
