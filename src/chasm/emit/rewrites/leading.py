"""The folder at the head of a path that is put together becomes a setting; the rest stays."""

import ast

import libcst as cst


def cst_with_folder(node: cst.BaseExpression, folder: str, name: str) -> cst.BaseExpression:
    """``node``, a sum or an f-string whose text starts with ``folder``, with ``name`` for it."""
    match node:
        case cst.BinaryOperation(left=left):
            return node.with_changes(left=cst_with_folder(left, folder, name))
        case cst.ConcatenatedString(left=cst.SimpleString() as left):
            rest = left.raw_value[len(folder) :].replace("{", "{{").replace("}", "}}")
            new = _formatted(name, rest, ()).with_changes(start=f"f{left.quote}", end=left.quote)
            return node.with_changes(left=new)
        case cst.ConcatenatedString(left=left):
            return node.with_changes(left=cst_with_folder(left, folder, name))
        case cst.FormattedString(parts=[cst.FormattedStringText(value=text), *others]):
            return node.with_changes(
                parts=_formatted(name, text[len(folder) :], tuple(others)).parts
            )
        case cst.SimpleString():
            rest = str(node.evaluated_value)[len(folder) :]
            if not rest:
                return cst.Name(name)
            return cst.BinaryOperation(cst.Name(name), cst.Add(), cst.SimpleString(repr(rest)))
    raise AssertionError("a path that starts with no text")


def _formatted(
    name: str, rest: str, others: tuple[cst.BaseFormattedStringContent, ...]
) -> cst.FormattedString:
    head: list[cst.BaseFormattedStringContent] = [cst.FormattedStringExpression(cst.Name(name))]
    if rest:
        head.append(cst.FormattedStringText(rest))
    return cst.FormattedString([*head, *others])


def ast_with_folder(node: ast.expr, folder: str, name: str) -> ast.expr:
    """The same on the abstract tree."""
    match node:
        case ast.BinOp(left=left):
            node.left = ast_with_folder(left, folder, name)
            return node
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *others]):
            rest: list[ast.expr] = [ast.Constant(text[len(folder) :])] if text != folder else []
            node.values = [ast.FormattedValue(ast.Name(name, ast.Load()), -1), *rest, *others]
            return node
        case ast.Constant(value=str(text)):
            head = ast.Name(name, ast.Load())
            rest_of = ast.Constant(text[len(folder) :])
            return head if text == folder else ast.BinOp(head, ast.Add(), rest_of)
    raise AssertionError("a path that starts with no text")
