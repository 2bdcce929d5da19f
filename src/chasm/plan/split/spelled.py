"""What a round of a loop has made by now, spelled out by what was there before the loop."""

import ast
from collections.abc import Collection, Mapping

#: What of a table no round changes, whatever it does to columns.
FIXED = ("shape", "columns", "index")
#: Statistics that a table has one of for each column, made of that column alone.
BY_COLUMN = (
    "skew", "kurt", "kurtosis", "mean", "median", "std", "var", "min", "max", "sum", "sem", "count",
    "nunique", "quantile",
)  # fmt: skip
#: Keywords that name the columns of a figure.
TOLD = ("column", "columns", "x", "y")


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
        case ast.Subscript(slice=ast.Tuple(elts=[ast.Slice() as rows, column])):
            return _is_own(column, variable) and not (rows.lower or rows.upper)
        case ast.Attribute(attr="iloc" | "loc") as part:
            return _is_located(parents.get(part), parents, variable, changed)
        case ast.keyword(arg="data") as part:
            above = parents.get(part)
            return _is_told(above, variable) and above is not None and not _texts(above) & changed
        case ast.Subscript(value=base) as part if base is node:
            return _only_counts(parents.get(part), variable)
        case ast.Attribute(attr=attr) as part:
            above = parents.get(part)
            called = isinstance(above, ast.Call) and above.func is part
            if called and above is not None and (attr == "groupby" or _is_told(above, variable)):
                return not _texts(above) & changed
            if called and attr in BY_COLUMN:
                return _picked(above, parents, variable)
            return attr in FIXED or not called and attr not in changed
        case ast.Call(func=ast.Name(id="len")):
            return True
    return False


def _is_own(node: ast.expr | None, variable: str) -> bool:
    return isinstance(node, ast.Name) and node.id == variable


def _is_located(
    part: ast.AST | None, parents: Mapping[ast.AST, ast.AST], variable: str, changed: set[str]
) -> bool:
    """Whether ``df.loc[rows, column]`` takes the round's own column, or one that none changes."""
    match part:
        case ast.Subscript(slice=ast.Tuple(elts=[_, column])):
            named = _texts(column)
            return _is_own(column, variable) or bool(named) and not named & changed
        case ast.Subscript():
            return _only_counts(parents.get(part), variable)
    return False


def _is_told(call: ast.AST | None, variable: str) -> bool:
    """Whether a call is told of which column it makes a figure, and that is the round's own."""
    given = call.keywords if isinstance(call, ast.Call) else []
    return any(k.arg in TOLD and _is_own(k.value, variable) for k in given)


def _picked(node: ast.AST | None, parents: Mapping[ast.AST, ast.AST], variable: str) -> bool:
    """Whether of what has a value for each column only the round's own is taken."""
    above = parents.get(node) if node is not None else None
    if isinstance(above, ast.Attribute) and above.attr == "loc":
        above = parents.get(above)
    return isinstance(above, ast.Subscript) and _is_own(above.slice, variable)


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
