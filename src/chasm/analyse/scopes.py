"""Names of functions, lambdas and comprehensions: their own, and those of their surroundings."""

import ast
import re
from collections.abc import Sequence
from functools import lru_cache

from chasm.analyse.nodes import child_nodes, nodes_below

SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
#: Methods that take a condition, or an expression, as a text; and what a variable is in one.
CONDITIONS = ("query", "eval")
VARIABLE = re.compile(r"(?<![\w@])@([A-Za-z_]\w*)")
#: How many functions' names are kept at a time: they are asked for wherever one is called.
KEPT = 1000


@lru_cache(KEPT)
def free_names(node: ast.AST) -> frozenset[str]:
    """Names that the function, lambda or class body reads or rebinds of its surroundings."""
    if isinstance(node, ast.ClassDef):
        # Names that the class body binds are no names of its functions' surroundings.
        free: set[str] = set()
        for part in node.body:
            if isinstance(part, DEFINITIONS):
                free |= free_names(part)
            else:
                # The class body runs where it stands; what its functions read comes later.
                for inner in nodes_below(part):
                    if isinstance(inner, ast.Lambda):
                        free |= free_names(inner)
        return frozenset(free)
    assert isinstance(node, SCOPES)
    body = [node.body] if isinstance(node, ast.Lambda) else node.body
    local = parameters(node) | names_bound(body)
    declared = global_names(node)
    return frozenset(names_read(body, local - declared)) | declared


def late_names(node: ast.stmt) -> frozenset[str]:
    """Names that lambdas read when they are called, to which ``node`` gives a name.

    They may stand in a list or a table of the functions there are.
    """
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return frozenset()
    found: frozenset[str] = frozenset()
    stack: list[ast.expr] = [node.value]
    while stack:
        match stack.pop():
            case ast.Lambda() as function:
                found |= free_names(function)
            case ast.Dict(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts):
                stack += parts
    return found


def positional(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """The names of the parameters that a call may fill by their place."""
    return [a.arg for a in (*node.args.posonlyargs, *node.args.args)]


def handed_over(
    call: ast.Call, node: ast.FunctionDef | ast.AsyncFunctionDef
) -> dict[str, ast.expr]:
    """What a call gives a function, by the names of its parameters."""
    given = dict(zip(positional(node), call.args, strict=False))
    return given | {k.arg: k.value for k in call.keywords if k.arg}


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> set[str]:
    """The names of all parameters."""
    args = node.args
    names = {a.arg for a in (*args.posonlyargs, *args.args, *args.kwonlyargs)}
    return names | {a.arg for a in (args.vararg, args.kwarg) if a is not None}


@lru_cache(KEPT)
def global_names(node: ast.AST) -> frozenset[str]:
    """Names that ``global`` gives to the notebook, anywhere inside."""
    below = nodes_below(node)
    return frozenset(name for n in below if isinstance(n, ast.Global) for name in n.names)


def names_assigned_in(node: ast.AST) -> set[str]:
    """What assignment expressions bind: only they reach out of a comprehension."""
    return {
        n.target.id
        for n in nodes_below(node)
        if isinstance(n, ast.NamedExpr) and isinstance(n.target, ast.Name)
    }


def names_bound(body: Sequence[ast.AST]) -> set[str]:
    """Names bound in this scope, nested scopes left out."""
    found: set[str] = set()
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                found.add(node.id)
        elif isinstance(node, DEFINITIONS):
            found.add(node.name)
        elif isinstance(node, (ast.Lambda, *COMPREHENSIONS)):
            found |= names_assigned_in(node)
        else:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                found |= {(a.asname or a.name).partition(".")[0] for a in node.names}
            elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
                found.add(node.name)
            stack += child_nodes(node)
    return found


def names_in_text(node: ast.Call) -> set[str]:
    """Variables in the text of a condition: ``table.query("age > @limit")`` reads ``limit``."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in CONDITIONS:
        return set()
    parts = nodes_below(*node.args, *(k.value for k in node.keywords if k.arg == "expr"))
    texts = (n.value for n in parts if isinstance(n, ast.Constant) and isinstance(n.value, str))
    return {name for text in texts for name in VARIABLE.findall(text)}


def names_read(body: Sequence[ast.AST], local: set[str]) -> set[str]:
    """Names read in this scope or in nested ones and bound in none of them."""
    found: set[str] = set()
    stack: list[tuple[ast.AST, frozenset[str]]] = [(n, frozenset(local)) for n in body]
    while stack:
        node, bound = stack.pop()
        if isinstance(node, ast.Name):
            if node.id not in bound and isinstance(node.ctx, ast.Load):
                found.add(node.id)
            continue
        if isinstance(node, ast.Call):
            found |= names_in_text(node) - bound
        if isinstance(node, SCOPES):
            outer = [*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)]
            outer += getattr(node, "decorator_list", [])
            stack += [(n, bound) for n in outer]
            inner = [node.body] if isinstance(node, ast.Lambda) else node.body
            own = parameters(node) | names_bound(inner)
            stack += [(n, bound | own) for n in inner]
            continue
        if isinstance(node, COMPREHENSIONS):
            targets = nodes_below(*(generator.target for generator in node.generators))
            bound = bound | {n.id for n in targets if isinstance(n, ast.Name)}
        stack += [(n, bound) for n in child_nodes(node)]
    return found
