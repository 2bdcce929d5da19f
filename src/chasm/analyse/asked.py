"""Names that a notebook asks for: whether ``"x" in globals()`` holds is known before it runs.

Within the functions of a package nothing of this is true any more, so the answer stands there
instead of the question.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chasm.analyse.names import name_flow
from chasm.analyse.nodes import has_long_text, nodes_below
from chasm.analyse.syntax import parse_cells
from chasm.model import Notebook

#: Calls that give the names which exist.
NAMESPACES = ("globals", "locals", "vars", "dir")
ASKS = re.compile(rf"\b(?:{'|'.join(NAMESPACES)})\s*\(\s*\)")
#: What a module has of itself, as a notebook has.
OF_MODULES = frozenset({"__name__", "__doc__", "__builtins__"})
DEFERRED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
REPEATED = (ast.For, ast.AsyncFor, ast.While)

#: A span, as lines and columns, and what stands there instead.
Edit = tuple[int, int, int, int, str]
#: The lines of a statement, and those of its one branch that is ever taken.
Branch = tuple[range, range]


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
    branches: dict[int, list[Branch]] = {}
    cells = parse_cells(notebook)[0]
    stars = any(_brings_all(node) for cell in cells for node in cell.body)
    ever = {name for cell in cells for flow in cell.flows for name in flow.binds} | OF_MODULES
    sure, perhaps = set(OF_MODULES), set(OF_MODULES)
    for cell in cells:
        for node, flow in zip(cell.body, cell.flows, strict=True):
            for one in _questions(node):
                early = not (one.deferred or one.again) and _asked_first(node, one.node)
                some = ever if one.deferred else perhaps if early else perhaps | flow.binds
                known = _known(one, sure, {*some, one.name} if stars else some)
                branch = _one_branch(node, one, known, cell.cell.source)
                if branch is not None:
                    branches.setdefault(cell.cell.index, []).append(branch)
                elif (found := _answer(one, known)) is not None:
                    edits.setdefault(cell.cell.index, []).append(found)
            for part, name, otherwise in _lookups(node):
                if name in sure:
                    edits.setdefault(cell.cell.index, []).append(_edit(part, name))
                elif otherwise is not None and not stars and name not in ever:
                    edits.setdefault(cell.cell.index, []).append(_edit(part, otherwise))
            sure = (sure | flow.definite | _made_where_missing(node)) - flow.deletes
            perhaps |= flow.binds
    changed = []
    for one_cell in notebook.cells:
        source = _edited(one_cell.source, edits.get(one_cell.index, []))
        source = _chosen(source, branches.get(one_cell.index, []))
        changed.append(replace(one_cell, source=source))
    return replace(notebook, cells=tuple(changed))


def _known(one: _Question, sure: set[str], some: set[str]) -> bool | None:
    """What the question comes to, where that is the same in each run."""
    if one.name in sure or one.name not in some:
        return (one.name in sure) is not one.negated
    return None


def _answer(one: _Question, known: bool | None) -> Edit | None:
    if known is not None:
        return _edit(one.node, str(known))
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


def _lookups(node: ast.AST) -> Iterator[tuple[ast.expr, str, str | None]]:
    """``globals()["x"]`` and ``globals().get("x", 0)``, with what that gives without ``x``.

    In a function the name may stand for something of its own.
    """
    for part in () if isinstance(node, DEFERRED) else ast.walk(node):
        match part:
            case ast.Subscript(value=where, slice=ast.Constant(value=str(name)), ctx=ast.Load()):
                otherwise = None
            case ast.Call(
                func=ast.Attribute(value=where, attr="get"),
                args=[ast.Constant(value=str(name)), *rest],
                keywords=[],
            ) if (
                len(rest) < 2
            ):
                otherwise = ast.unparse(rest[0]) if rest else "None"
            case _:
                continue
        if _namespace(where)[1] == "globals":
            yield part, name, otherwise


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


def _one_branch(node: ast.stmt, one: _Question, known: bool | None, source: str) -> Branch | None:
    """The branch that is taken, if the statement asks nothing else and can be cut along lines."""
    if not isinstance(node, ast.If) or node.test is not one.node or known is None:
        return None
    rows = source.split("\n")
    blocks = [block for block in (node.body, node.orelse) if block]
    indented = [rows[block[0].lineno - 1].startswith((" ", "\t")) for block in blocks]
    ends = [node.test.end_lineno or 0, node.body[-1].end_lineno or 0]
    below = [block[0].lineno > end for block, end in zip(blocks, ends, strict=False)]
    taken = node.body if known else node.orelse
    if node.col_offset or not all(indented + below) or any(map(has_long_text, taken)):
        return None
    whole = range(node.lineno, (node.end_lineno or 0) + 1)
    lines = range(taken[0].lineno, (taken[-1].end_lineno or 0) + 1) if taken else range(0)
    return whole, lines


def _chosen(source: str, branches: list[Branch]) -> str:
    """``source`` with one branch in place of each such statement; all lines keep their numbers."""
    rows = source.split("\n")
    for whole, taken in branches:
        first = rows[taken[0] - 1] if taken else ""
        indent = len(first) - len(first.lstrip())
        start = taken.start
        while start - 1 > whole.start and rows[start - 2].lstrip().startswith("#"):
            start -= 1
        for number in whole:
            row = rows[number - 1]
            stays = start <= number < taken.stop
            rows[number - 1] = row[min(indent, len(row) - len(row.lstrip())) :] if stays else ""
    return "\n".join(rows)


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
