"""Names that a notebook asks for: whether ``"x" in globals()`` holds is known before it runs.

Within the functions of a package nothing of this is true any more, so the answer stands there
instead of the question.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chasm.analyse.names import name_flow
from chasm.analyse.nodes import nodes_below
from chasm.analyse.syntax import parse_cells
from chasm.model import Notebook

#: Calls that give the names which exist.
NAMESPACES = ("globals", "locals", "vars", "dir")
ASKS = re.compile(rf"\b(?:{'|'.join(NAMESPACES)})\s*\(\s*\)")
#: What a module has of itself, as a notebook has.
OF_MODULES = frozenset({"__name__", "__doc__", "__builtins__"})
DEFERRED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
REPEATED = (ast.For, ast.AsyncFor, ast.While)

Edit = tuple[int, int, int, int, str]


@dataclass(frozen=True, slots=True)
class _Question:
    """``"name" in globals()``, or ``not in``; ``again`` where it may be asked more than once."""

    node: ast.Compare
    name: str
    namespace: ast.expr
    deferred: bool
    again: bool

    @property
    def negated(self) -> bool:
        return isinstance(self.node.ops[0], ast.NotIn)


def with_known_names(notebook: Notebook) -> Notebook:
    """The notebook with the answer for each such question; where it is not known, of the function.

    A name exists once each way to the question binds it, and does not before anything does.
    """
    if not any(ASKS.search(cell.source) for cell in notebook.cells):
        return notebook
    edits: dict[int, list[Edit]] = {}
    cells = parse_cells(notebook)[0]
    stars = any(_brings_all(node) for cell in cells for node in cell.body)
    ever = {name for cell in cells for flow in cell.flows for name in flow.binds} | OF_MODULES
    sure, perhaps = set(OF_MODULES), set(OF_MODULES)
    for cell in cells:
        for node, flow in zip(cell.body, cell.flows, strict=True):
            for one in _questions(node):
                early = not (one.deferred or one.again) and _asked_first(node, one.node)
                some = ever if one.deferred else perhaps if early else perhaps | flow.binds
                found = _answer(one, sure, {*some, one.name} if stars else some)
                if found is not None:
                    edits.setdefault(cell.cell.index, []).append(found)
            sure = (sure | flow.definite | _made_where_missing(node)) - flow.deletes
            perhaps |= flow.binds
    changed = tuple(
        (
            replace(cell, source=_edited(cell.source, edits[cell.index]))
            if cell.index in edits
            else cell
        )
        for cell in notebook.cells
    )
    return replace(notebook, cells=changed)


def _answer(one: _Question, sure: set[str], some: set[str]) -> Edit | None:
    known = True if one.name in sure else False if one.name not in some else None
    if known is not None:
        return _edit(one.node, str(known is not one.negated))
    if one.deferred:
        return None
    # What the cell's function has so far is what the notebook had.
    return _edit(one.namespace, "locals()")


def _edit(node: ast.expr, text: str) -> Edit:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, text


def _questions(node: ast.AST, deferred: bool = False, again: bool = False) -> Iterator[_Question]:
    match node:
        case ast.Compare(
            left=ast.Constant(value=str(name)), ops=[ast.In() | ast.NotIn()], comparators=[where]
        ):
            namespace, called = _namespace(where)
            if called == "globals" or called in NAMESPACES and not deferred:
                yield _Question(node, name, namespace, deferred, again)
    deferred = deferred or isinstance(node, DEFERRED)
    again = again or isinstance(node, REPEATED)
    for child in ast.iter_child_nodes(node):
        yield from _questions(child, deferred, again)


def _namespace(node: ast.expr) -> tuple[ast.expr, str]:
    """The call that gives the names, without ``.keys()``, and what it calls."""
    match node:
        case ast.Call(func=ast.Attribute(value=inner, attr="keys"), args=[], keywords=[]):
            return _namespace(inner)
        case ast.Call(func=ast.Name(id=called), args=[], keywords=[]):
            return node, called
    return node, ""


def _asked_first(node: ast.stmt, question: ast.Compare) -> bool:
    """Whether a statement asks before it binds anything: in its condition, or in its value."""
    match node:
        case ast.If(test=test):
            return question in nodes_below(test)
        case ast.Assign() | ast.AnnAssign() | ast.AugAssign() | ast.Expr():
            return True
    return False


def _made_where_missing(node: ast.stmt) -> set[str]:
    """What ``if "x" not in globals(): x = ...`` makes sure of."""
    match node:
        case ast.If(test=ast.Compare() as test, body=body, orelse=[]):
            asked = [one.name for one in _questions(test) if one.node is test and one.negated]
            bound = set[str]().union(*(name_flow(one).definite for one in body))
            return bound.intersection(asked)
    return set()


def _brings_all(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and node.names[0].name == "*"


def _edited(source: str, edits: list[Edit]) -> str:
    """``source`` with spans replaced, which lie apart; ``ast`` counts columns in bytes."""
    lines = [line.encode("utf-8", "surrogatepass") for line in source.split("\n")]
    for first, start, last, end, text in sorted(edits, reverse=True):
        # A question over several lines leaves them empty, so that all others keep their numbers.
        rest = lines[last - 1][end:]
        head = lines[first - 1][:start] + text.encode()
        if first == last:
            lines[first - 1] = head + rest
        else:
            lines[first - 1 : last] = [head + rest, *[b""] * (last - first)]
    return b"\n".join(lines).decode("utf-8", "surrogatepass")
