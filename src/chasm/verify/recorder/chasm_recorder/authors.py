"""Statements that the installed version of a library no longer carries out as it did."""

import ast
from importlib import metadata
from typing import Any

from chasm_recorder.state import STATE


def outlived(versions: dict[str, str]) -> bool:
    """Whether a change in place through a part of a value is ignored by what is installed.

    ``versions`` gives the release since which a distribution ignores it.
    """
    for distribution, since in versions.items():
        try:
            installed = metadata.version(distribution)
        except metadata.PackageNotFoundError:
            continue
        major = installed.partition(".")[0]
        if major.isdigit() and int(major) >= int(since):
            return True
    return False


class AsTheAuthorRanIt(ast.NodeTransformer):
    """``x[part].f(…, inplace=True)`` changes ``x``, as it did for the author of the notebook."""

    def visit_Expr(self, node: ast.Expr) -> Any:
        call = node.value
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            return node
        part = call.func.value
        inplace = [word for word in call.keywords if word.arg == "inplace"]
        if not inplace or not isinstance(part, (ast.Subscript, ast.Attribute)):
            return node
        if getattr(inplace[0].value, "value", None) is not True:
            return node
        call.keywords = [word for word in call.keywords if word not in inplace]
        made = ast.parse(f"{ast.unparse(part)} = {ast.unparse(call)}").body[0]
        STATE.emit("restored", "", None)
        return ast.copy_location(made, node)
