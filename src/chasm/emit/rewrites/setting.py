"""A literal argument, or a default of its call, becomes a setting or a path that is handed in."""

import ast
from functools import cache

import libcst as cst

from chasm.emit.rewrites.leading import ast_with_folder, cst_with_folder
from chasm.emit.rewrites.numbering import Change, change_calls, expression, nth_call
from chasm.plan.items import Rewrite
from chasm.plan.moves import Replace


def change(rewrite: Rewrite) -> Change:
    """What happens to the call that has the literal among its arguments."""
    assert isinstance(rewrite, Replace)
    value = _parsed(rewrite.code)

    def replaced(call: cst.Call) -> cst.Call:
        args = list(call.args)
        names = [arg.keyword.value for arg in args if arg.keyword is not None]
        if isinstance(rewrite.argument, str) and rewrite.argument not in names:
            equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
            args.append(cst.Arg(value, keyword=cst.Name(rewrite.argument), equal=equal))
        for place, arg in enumerate(args):
            name = arg.keyword.value if arg.keyword is not None else None
            if rewrite.argument == (name if name is not None else place):
                new = value
                if rewrite.folder:
                    new = cst_with_folder(arg.value, rewrite.folder, rewrite.code)
                args[place] = arg.with_changes(value=new)
        return call.with_changes(args=args)

    return replaced


def on_cst(node: cst.CSTNode, rewrite: Rewrite) -> cst.CSTNode:
    assert isinstance(rewrite, Replace)
    return change_calls(node, {rewrite.call: [change(rewrite)]})


@cache
def _parsed(code: str) -> cst.BaseExpression:
    return cst.parse_expression(code)


def on_ast(node: ast.stmt, rewrite: Rewrite) -> ast.stmt:
    assert isinstance(rewrite, Replace)
    call = nth_call(node, rewrite.call)
    if isinstance(rewrite.argument, int):
        call.args[rewrite.argument] = _value(call.args[rewrite.argument], rewrite)
        return node
    for keyword in call.keywords:
        if keyword.arg == rewrite.argument:
            keyword.value = _value(keyword.value, rewrite)
            return node
    call.keywords.append(ast.keyword(rewrite.argument, expression(rewrite.code)))
    return node


def _value(old: ast.expr, rewrite: Replace) -> ast.expr:
    if rewrite.folder:
        return ast_with_folder(old, rewrite.folder, rewrite.code)
    return expression(rewrite.code)
