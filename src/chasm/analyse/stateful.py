"""Which of the author's own modules remember something from one call to the next."""

import ast
from collections.abc import Iterable

from chasm.analyse.nodes import nodes_below
from chasm.analyse.scopes import DEFINITIONS, free_names, global_names

#: The state of the world that all of these modules are: they may call each other.
MODULES = "modules"
#: Methods that change a list, a dictionary or a set.
CHANGING = {
    "append", "extend", "insert", "remove", "pop", "popitem", "clear", "update", "setdefault",
    "add", "discard", "sort", "reverse", "appendleft", "popleft", "write",
}  # fmt: skip


def stateful_modules(beside: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Names of modules, by path and with text, whose functions change what the module holds.

    So are those that import one of them.
    """
    trees: dict[str, list[ast.Module]] = {}
    for path, text in beside:
        root = path.split("/")[0].removesuffix(".py")
        trees.setdefault(root, []).append(ast.parse(text))
    found = {root for root, modules in trees.items() if any(map(_remembers, modules))}
    while more := {
        root for root, modules in trees.items() if found & _imported(modules) and root not in found
    }:
        found |= more
    return frozenset(found)


def _remembers(module: ast.Module) -> bool:
    held = {
        n.id
        for statement in module.body
        if isinstance(statement, (ast.Assign, ast.AnnAssign))
        for n in nodes_below(statement)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    functions = [n for n in nodes_below(module) if isinstance(n, DEFINITIONS)]
    return any(global_names(f) or _changes(f, held & free_names(f)) for f in functions)


def _changes(function: ast.AST, names: set[str] | frozenset[str]) -> bool:
    """Whether a function changes what one of ``names``, which are not its own, holds."""
    for node in nodes_below(function):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)):
                changed = name if method in CHANGING else ""
            case ast.Call(func=ast.Name(id="next"), args=[ast.Name(id=name), *_]):
                changed = name
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                changed = name
            case ast.Attribute(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                changed = name
            case _:
                continue
        if changed in names:
            return True
    return False


def _imported(modules: Iterable[ast.Module]) -> set[str]:
    found: set[str] = set()
    for node in nodes_below(*modules):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found
