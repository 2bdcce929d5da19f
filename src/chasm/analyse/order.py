"""The order of the cells: the document's, unless a name is read before any cell binds it."""

import ast
import builtins
from collections import Counter
from collections.abc import Set

from chasm.analyse.nodes import nodes_below
from chasm.analyse.scopes import DEFINITIONS, free_names, global_names, late_names
from chasm.analyse.syntax import ParsedCell
from chasm.findings import Finding, Severity
from chasm.rulebook import Rulebook

GIVEN = frozenset(dir(builtins)) | {
    "__name__", "__file__", "__doc__", "display", "exit", "quit",
}  # fmt: skip

#: What has statements inside: they are bound and called in an order of their own.
BLOCKS = (ast.For, ast.AsyncFor, ast.While, ast.If, ast.With, ast.AsyncWith, ast.Try)
#: Methods that run when an object of the class is made.
MAKERS = frozenset({"__init__", "__new__", "__post_init__"})


def put_in_order(cells: list[ParsedCell], book: Rulebook) -> tuple[list[ParsedCell], list[Finding]]:
    """The cells in the order in which every name is defined, and what was odd about it.

    The document's order stands when it defines every name. Else the order of the stored
    execution counts is taken, when that one does better; else the document's stands.
    """
    stars = any(
        isinstance(n, ast.ImportFrom) and n.names[0].name == "*" and n.module not in book.stars
        for cell in cells
        for n in cell.body
    )
    missing = [] if stars else _undefined(cells, book)
    if not missing:
        return cells, []
    counted = [c for c in cells if c.cell.execution_count]
    if len(counted) == len([c for c in cells if c.body]):
        executed = sorted(cells, key=lambda c: c.cell.execution_count or 0)
        left = _undefined(executed, book)
        if len(left) < len(missing):
            where = missing[0]
            message = (
                f"reads {where[1]!r}, which only a later cell binds; "
                "the cells are taken in the order in which they were executed"
            )
            note = Finding("CH005", Severity.WARNING, message, where[0])
            return executed, [note, *_findings(left, executed)]
    defined = _by_definition(cells, missing, book)
    if defined is not None:
        cell, name = missing[0]
        message = (
            f"reads {name!r}, which only a later cell binds; "
            "the cells are taken in the order in which every name is defined"
        )
        return defined, [Finding("CH005", Severity.WARNING, message, cell)]
    return cells, _findings(missing, cells)


def _by_definition(
    cells: list[ParsedCell], missing: list[tuple[int, str]], book: Rulebook
) -> list[ParsedCell] | None:
    """The cells with what binds a name before what reads it, else in their order.

    None when that leaves a name undefined, or when two cells bind one that is missing: then
    nobody can say which of them the author ran first.
    """
    binders = Counter(
        name for cell in cells for name in {n for flow in cell.flows for n in flow.binds}
    )
    if any(binders[name] != 1 for _, name in missing):
        return None
    needs = [({name for _, name in _undefined([cell], book)}, cell) for cell in cells]
    known: set[str] = set()
    ordered: list[ParsedCell] = []
    while needs:
        place = next((i for i, (names, _) in enumerate(needs) if names <= known), None)
        if place is None:
            return None
        _, cell = needs.pop(place)
        ordered.append(cell)
        known |= {name for flow in cell.flows for name in flow.binds}
    return ordered if not _undefined(ordered, book) else None


def _findings(missing: list[tuple[int, str]], cells: list[ParsedCell]) -> list[Finding]:
    bound = {name for cell in cells for flow in cell.flows for name in flow.binds}
    found: list[Finding] = []
    for cell, name in missing:
        if name in bound:
            message = f"reads {name!r}, which only a later cell binds"
            found.append(Finding("CH005", Severity.WARNING, message, cell))
        else:
            message = f"reads {name!r}, which no cell binds"
            found.append(Finding("CH004", Severity.WARNING, message, cell))
    return found


def _undefined(cells: list[ParsedCell], book: Rulebook) -> list[tuple[int, str]]:
    """Names that a cell reads at a point where nothing has bound them, with the cell."""
    known: set[str] = {*GIVEN, *book.ambient}
    bound = {name for cell in cells for flow in cell.flows for name in flow.binds}
    deferred: dict[str, ast.stmt] = {}
    found: list[tuple[int, str]] = []
    reported: set[str] = set()
    stored = _bound_by_global(cells)
    for cell in cells:
        for node, flow in zip(cell.body, cell.flows, strict=True):
            reads = set(flow.reads)
            if stored:
                # What a function inside of it says to be global, it may bind before it is read.
                reads -= global_names(node)
            late = _read_late(node)
            if late or isinstance(node, DEFINITIONS):
                # What a function reads has to be there when it is called, not before.
                reads -= late
                deferred |= dict.fromkeys(flow.binds, node)
            else:
                # What a block binds it may bind before it calls what reads it.
                inside = flow.binds if isinstance(node, BLOCKS) else frozenset()
                reads -= _bound_above(node, reads & inside - known)
                for name in sorted(reads & deferred.keys()):
                    free = _read_late(deferred[name]) - inside
                    # Of what is called later, only names that nothing ever binds are missing.
                    reads |= (free - bound | free & _read_at_once(node, deferred[name])) - stored
                for name in flow.binds & deferred.keys():
                    del deferred[name]
            for name in sorted(reads - known - reported):
                found.append((cell.cell.index, name))
                reported.add(name)
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                known |= book.stars.get(node.module or "", frozenset())
            known |= flow.binds
            if stored:
                # A function that says `global` may bind them when it is called.
                known |= global_names(node)
    return found


def _bound_above(node: ast.stmt, names: Set[str]) -> set[str]:
    """Those of ``names`` that a line of the block may bind above any that reads them.

    Which of its ways the block takes nobody can say; the notebook's author ran it.
    """
    if not names:
        return set()
    changed = {id(n.target) for n in ast.walk(node) if isinstance(n, ast.AugAssign)}
    bound: dict[str, int] = {}
    read: dict[str, int] = {}
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and one.id in names:
            stored = isinstance(one.ctx, ast.Store) and id(one) not in changed
            first = bound if stored else read
            first[one.id] = min(one.lineno, first.get(one.id, one.lineno))
    return {name for name, line in bound.items() if line < read.get(name, line + 1)}


def _read_late(definition: ast.stmt) -> frozenset[str]:
    """What a function, a class or a named lambda reads of its surroundings when it is called."""
    return free_names(definition) if isinstance(definition, DEFINITIONS) else late_names(definition)


def _read_at_once(node: ast.stmt, definition: ast.stmt) -> frozenset[str]:
    """Names that the function or class reads while ``node`` runs; none when it is called later."""
    if not isinstance(definition, DEFINITIONS):
        # Lambdas stand in lists and tables as well, whose name is not what is called.
        return late_names(definition)
    if definition.name not in _called(node):
        return frozenset()
    if not isinstance(definition, ast.ClassDef):
        return free_names(definition)
    makers = [m for m in definition.body if isinstance(m, DEFINITIONS) and m.name in MAKERS]
    return frozenset(name for maker in makers for name in free_names(maker))


def _called(node: ast.stmt) -> set[str]:
    """Names that are called, or passed to what calls them: a class keeps them for later."""
    found: set[str] = set()
    for call in nodes_below(node):
        if not isinstance(call, ast.Call):
            continue
        own = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        given = [] if own[:1].isupper() else [*call.args, *(k.value for k in call.keywords)]
        found |= {one.id for one in (call.func, *given) if isinstance(one, ast.Name)}
    return found


def _bound_by_global(cells: list[ParsedCell]) -> set[str]:
    return {
        name
        for cell in cells
        if "global" in cell.cell.source
        for node in cell.body
        for name in global_names(node)
    }
