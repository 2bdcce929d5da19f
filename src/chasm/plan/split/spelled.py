"""What a round of a loop has made by now, spelled out by what was there before the loop."""

import ast
from collections.abc import Collection, Mapping

#: What of a table no round changes, whatever it does to columns.
FIXED = ("shape", "columns", "index")


def spelled_out(code: str, made: Mapping[str, str]) -> str:
    """``code`` with names, and columns that are the round's own, as ``made`` has their code."""
    return ast.unparse(_Spelled(made).visit(ast.parse(code, mode="eval")))


def reads_others(code: str, frames: Collection[str], variable: str, over: str) -> bool:
    """Whether ``code`` may read columns of ``frames`` that other rounds of a loop change.

    The rounds each write ``frame[variable]``, for the columns ``over``. A column that stands in
    the code by its name is another one, where ``over`` does not name it.
    """
    inner = ast.iter_child_nodes
    parents = {child: node for node in ast.walk(ast.parse(code)) for child in inner(node)}
    changed = _texts(ast.parse(over))
    return any(
        isinstance(node, ast.Name)
        and node.id in frames
        and not _is_apart(node, parents, variable, changed)
        for node in parents
    )


def _is_apart(
    node: ast.Name, parents: Mapping[ast.AST, ast.AST], variable: str, changed: set[str]
) -> bool:
    """Whether what is taken of a table is the round's own column, or what no round changes."""
    match parents[node]:
        case ast.Subscript(slice=ast.Name(id=name) | ast.List(elts=[ast.Name(id=name)])):
            return name == variable
        case ast.Subscript(slice=ast.Constant() | ast.List() as where):
            return bool(_texts(where)) and not _texts(where) & changed
        case ast.Subscript(value=base) as part if base is node:
            return _only_counts(parents.get(part), variable)
        case ast.Attribute(attr=attr) as part:
            above = parents.get(part)
            called = isinstance(above, ast.Call) and above.func is part
            if called and attr == "groupby" and above is not None:
                return not _texts(above) & changed
            return attr in FIXED or not called and attr not in changed
        case ast.Call(func=ast.Name(id="len")):
            return True
    return False


def _only_counts(use: ast.AST | None, variable: str) -> bool:
    """Whether of rows that were chosen only the number, the labels or one column matters."""
    match use:
        case ast.Subscript(slice=ast.Name(id=name)):
            return name == variable
        case ast.Attribute(attr=attr):
            return attr in FIXED
        case ast.Call(func=ast.Name(id="len")):
            return True
    return False


def _texts(node: ast.AST) -> set[str]:
    """The texts that stand in ``node``, which may name columns."""
    return {
        n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    }


class _Spelled(ast.NodeTransformer):
    def __init__(self, made: Mapping[str, str]) -> None:
        self.made = made

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._made(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        found = self._made(node)
        if found is node:
            self.generic_visit(node)
        return found

    def _made(self, node: ast.expr) -> ast.expr:
        code = self.made.get(ast.unparse(node))
        return node if code is None else ast.parse(code, mode="eval").body
