"""Showing a figure becomes saving it: the state of the plotting library ends there as before."""

import ast

import libcst as cst

from chasm.emit.rewrites.numbering import Change, change_calls, expression, nth_call, swap
from chasm.plan.items import Rewrite, Show


def code(rewrite: Show) -> str:
    name = rewrite.figure if rewrite.variable else repr(rewrite.figure)
    return f"{rewrite.output}.figure({name})"


def change(rewrite: Rewrite) -> Change:
    """What the call that shows figures becomes."""
    assert isinstance(rewrite, Show)
    saved = cst.parse_expression(code(rewrite))
    return lambda _: saved


def on_cst(node: cst.CSTNode, rewrite: Rewrite) -> cst.CSTNode:
    assert isinstance(rewrite, Show)
    return change_calls(node, {rewrite.call: [change(rewrite)]})


def on_ast(node: ast.stmt, rewrite: Rewrite) -> ast.stmt:
    assert isinstance(rewrite, Show)
    return swap(node, nth_call(node, rewrite.call), expression(code(rewrite)))
