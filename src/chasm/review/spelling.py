"""One spelling for code that means the same: names of libraries in full, keywords in order.

Without it ``import pandas`` in place of ``import pandas as pd`` would change every statement, and
the same name taken from another library none.
"""

import ast
from collections.abc import Iterable, Mapping

#: Values of keywords that may do more than be there: their order stays.
DOING = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)


def imported(nodes: Iterable[ast.AST], apart: str = "") -> dict[str, str]:
    """Names that imports alone bind, with what they stand for; none of the package ``apart``."""
    found: dict[str, set[str]] = {}
    bound: set[str] = set()
    for node in nodes:
        for one in ast.walk(node):
            match one:
                case ast.Import(names=names):
                    for alias in names:
                        full = alias.name if alias.asname else alias.name.partition(".")[0]
                        found.setdefault(alias.asname or full, set()).add(full)
                case ast.ImportFrom(module=str(module), names=names, level=0):
                    if apart and module.partition(".")[0] == apart:
                        continue
                    for alias in names:
                        name = alias.asname or alias.name
                        found.setdefault(name, set()).add(f"{module}.{alias.name}")
                case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                    bound.add(name)
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    bound.add(name)
    single = {name: full.pop() for name, full in found.items() if len(full) == 1}
    return {name: full for name, full in single.items() if name not in bound}


def spelled(node: ast.AST, names: Mapping[str, str]) -> str:
    """The code of ``node`` with what ``names`` stand for in their place."""
    return ast.unparse(_copied(node, names))


def _copied(node: ast.AST, names: Mapping[str, str]) -> ast.AST:
    if isinstance(node, ast.Name) and node.id in names:
        return ast.Name(names[node.id], node.ctx)
    fields: dict[str, object] = {}
    for name, value in ast.iter_fields(node):
        if isinstance(value, list):
            value = [_copied(one, names) if isinstance(one, ast.AST) else one for one in value]
        fields[name] = _copied(value, names) if isinstance(value, ast.AST) else value
    if isinstance(node, ast.Call) and _unordered(node, names):
        order = sorted(node.keywords, key=lambda one: one.arg or "")
        fields["keywords"] = [_copied(one, names) for one in order]
    return ast.copy_location(type(node)(**fields), node)


def _unordered(call: ast.Call, names: Mapping[str, str]) -> bool:
    """Whether the keywords may stand in any order: those of a method may name columns."""
    root: ast.AST = call.func
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name) or root.id not in names:
        return False
    plain = not any(isinstance(one, DOING) for k in call.keywords for one in ast.walk(k.value))
    return plain and all(k.arg for k in call.keywords)
