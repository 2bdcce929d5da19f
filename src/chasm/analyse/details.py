"""What the text of a statement tells beyond its effects: titles, labels, calls in place."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chasm.analyse.nodes import child_nodes, nodes_below
from chasm.analyse.record import Record
from chasm.model import Called
from chasm.rulebook import Rulebook

#: What may need an event loop.
WAITING = (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.comprehension)
#: Statements that do no more than the calls in them.
QUIET = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Return, ast.Pass)
#: The nodes of a statement by their class.
Parts = dict[type, list[Any]]
#: What a call changes that says how things look.
STYLED = frozenset({"plot-style", "display", "options"})
#: Stands among the calls of a statement for ``table[condition]``.
MASK = "mask"
LABEL = re.compile(r"[A-Za-z][\w .-]{0,28}")


def standing_alone(node: ast.stmt) -> set[int]:
    """Identities of the calls that stand alone as a statement, at any depth."""
    return {
        id(n.value)
        for n in nodes_below(node)
        if isinstance(n, ast.Expr) and isinstance(n.value, ast.Call)
    }


def inplace_calls(
    node: ast.stmt, nodes: list[ast.Call], record: Record
) -> tuple[tuple[int, str | None], ...]:
    """Calls with ``inplace=True`` that stand alone and whose receiver can be assigned to."""
    if not any(keyword.arg == "inplace" for call in nodes for keyword in call.keywords):
        return ()
    alone = standing_alone(node)
    found: list[tuple[int, str | None]] = []
    for number, call in enumerate(nodes):
        _, entry = record.entries.get(id(call), ("", None))
        if entry is None or not entry.inplace or id(call) not in alone:
            continue
        given = next((k.value for k in call.keywords if k.arg == "inplace"), None)
        true = isinstance(given, ast.Constant) and given.value is True
        if not true or not isinstance(call.func, ast.Attribute):
            continue
        receiver = call.func.value
        if isinstance(receiver, ast.Name):
            # In a loop the name may be one of several for the same value.
            if isinstance(node, ast.Expr):
                found.append((number, receiver.id))
        elif assignable(receiver):
            found.append((number, None))
    return tuple(found)


def assignable(node: ast.expr) -> bool:
    """Whether ``node`` is one column of a name, by a literal label or a plain name."""
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Name)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        return isinstance(node.slice, ast.Name) or (
            isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, (str, int))
        )
    return False


def show_calls(node: ast.stmt, nodes: list[ast.Call], record: Record) -> tuple[int, ...]:
    found = []
    for number, call in enumerate(nodes):
        _, entry = record.entries.get(id(call), ("", None))
        if entry is not None and entry.shows and not _is_chained(call):
            found.append(number)
    if not found:
        return ()
    alone = standing_alone(node)
    return tuple(number for number in found if id(nodes[number]) in alone)


def _is_chained(call: ast.Call) -> bool:
    """Whether another call gives what is shown: what draws there is not to go with the show."""
    return any(isinstance(node, ast.Call) for node in nodes_below(call.func))


def call_names(nodes: list[ast.AST]) -> tuple[str, ...]:
    """The last part of what is called, looked up or set (``set_x``), inner before outer."""
    found: list[str] = []
    # What stands left of ``[rows, columns] =`` is a place to put something, and takes nothing.
    stores = (n for n in nodes if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store))
    places = {id(n.value) for n in stores if isinstance(n.slice, ast.Tuple)}
    for node in reversed(nodes):
        if isinstance(node, ast.Subscript) and _is_mask(node):
            found.append(MASK)
        elif isinstance(node, ast.Attribute):
            if id(node) in places:
                continue
            if isinstance(node.ctx, ast.Load):
                found.append(node.attr)
            elif isinstance(node.ctx, ast.Store):
                found.append(f"set_{node.attr}")
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                found.append(node.func.id)
            elif isinstance(node.func, ast.Attribute):
                found.append(node.func.attr)
    return tuple(dict.fromkeys(found))


def _is_mask(node: ast.Subscript) -> bool:
    """Whether rows are chosen by a condition that is written out in the brackets."""
    condition = node.slice
    while isinstance(condition, ast.UnaryOp) and isinstance(condition.op, ast.Invert):
        condition = condition.operand
    if isinstance(condition, ast.BinOp) and isinstance(condition.op, (ast.BitAnd, ast.BitOr)):
        condition = condition.left
    return isinstance(node.ctx, ast.Load) and isinstance(condition, ast.Compare)


def receivers(nodes: list[ast.Call], called: Mapping[int, Called]) -> tuple[tuple[str, str], ...]:
    """For the last part of what is called, the kind of its receiver or the root of its module."""
    found: dict[str, str] = {}
    for node in nodes:
        if (one := called.get(id(node))) is not None and not one.own:
            module, _, name = one.name.rpartition(".")
            kind = one.receiver.kind if one.receiver is not None else module.partition(".")[0]
            found.setdefault(name, kind or "")
    return tuple(found.items())


def labels(parts: Parts, record: Record, book: Rulebook) -> tuple[str, ...]:
    """Short literal strings that may be labels of columns, in their order."""
    naming = book.naming_keywords
    told = [k.value for k in parts.get(ast.keyword, ()) if k.arg not in naming]
    other = {id(node) for value in told for node in (value, *_written(value))}
    for call in parts.get(ast.Call, ()):
        _, entry = record.entries.get(id(call), ("", None))
        if entry is not None and entry.state and STYLED.issuperset(entry.state):
            # The name of a style is none of a column.
            other |= {id(node) for node in nodes_below(*call.args)}
        if isinstance(call.func, ast.Attribute) and call.func.attr in book.naming_values:
            other |= {id(node) for one in call.args for node in _written(one)}
        if entry is not None and entry.wraps:
            # What is typed into a table are its values; its keys are labels.
            other |= {id(node) for one in call.args[:1] for node in _written(one, keys=False)}
    found = [
        node.value
        for node in parts.get(ast.Constant, ())
        if isinstance(node.value, str) and id(node) not in other
    ]
    return tuple(dict.fromkeys(text for text in found if LABEL.fullmatch(text)))


def _written(node: ast.expr, keys: bool = True) -> Iterator[ast.expr]:
    """What stands in an argument itself, in lists and dictionaries, with or without ``keys``."""
    match node:
        case ast.Constant():
            yield node
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            for part in parts:
                yield from _written(part, keys)
        case ast.Dict(keys=named, values=values):
            for one in (*(named if keys else ()), *values):
                yield from _written(one, keys) if one is not None else ()


def reworked(node: ast.stmt, parts: Parts, columns: Sequence[str]) -> tuple[str, ...]:
    """The ``columns`` that a statement sets and reads as well: it makes none of them."""
    named = Counter(n.value for n in parts.get(ast.Constant, ()) if isinstance(n.value, str))
    named.update(n.attr for n in parts.get(ast.Attribute, ()))
    again = isinstance(node, ast.AugAssign)
    return tuple(c for c in dict.fromkeys(columns) if again or named[c] > 1)


def closes_figures(
    node: ast.stmt, record: Record, functions: Mapping[str, ast.stmt] | None = None
) -> bool:
    """Whether the last thing that the statement does, in any round of a loop, is to show.

    ``functions`` are the notebook's own by their names; one is no step in another call of itself.
    """
    functions = functions or {}
    while isinstance(node, (ast.For, ast.While, ast.With)) and not getattr(node, "orelse", []):
        node = _last_look(node.body, record)
    if not isinstance(node, (ast.Expr, ast.Assign, ast.Return)):
        return False
    if not isinstance(node.value, ast.Call):
        return False
    called = node.value.func
    own = functions.get(called.id) if isinstance(called, ast.Name) else None
    if isinstance(called, ast.Name) and isinstance(own, ast.FunctionDef):
        ends = [p for p in nodes_below(*own.body) if isinstance(p, (ast.Return, ast.Yield))]
        if any(end is not own.body[-1] for end in ends):
            # It may end before it shows.
            return False
        others = {name: one for name, one in functions.items() if name != called.id}
        return closes_figures(_last_look(own.body, record), record, others)
    _, entry = record.entries.get(id(node.value), ("", None))
    shows = entry is not None and entry.shows and not _is_chained(node.value)
    return shows or entry is not None and entry.closes


def _last_look(body: list[ast.stmt], record: Record) -> ast.stmt:
    """The last statement that may draw or show; behind it stands what does neither."""
    for node in reversed(body):
        if not isinstance(node, QUIET):
            return node
        calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
        entries = [record.entries.get(id(call), ("", None))[1] for call in calls]
        if any(e is None or e.draws or e.shows or e.closes for e in entries):
            return node
    return body[-1]


def imports_inside(statement: ast.stmt, parts: Parts) -> frozenset[str]:
    """Top-level names of the modules that a function or a block imports by itself."""
    found: set[str] = set()
    for node in parts.get(ast.Import, ()):
        if node is not statement:
            found |= {alias.name.partition(".")[0] for alias in node.names}
    for node in parts.get(ast.ImportFrom, ()):
        if node is not statement and node.level == 0:
            found.add((node.module or "").partition(".")[0])
    return frozenset(found)


def awaits(node: ast.stmt, parts: Parts) -> bool:
    """Whether a statement needs an event loop itself, and not only a function that it defines."""
    if parts.keys().isdisjoint(WAITING):
        return False
    stack: list[ast.AST] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, (ast.Await, ast.AsyncFor, ast.AsyncWith)):
            return True
        if isinstance(current, ast.comprehension) and current.is_async:
            return True
        if not isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            stack += child_nodes(current)
    return False


def titles(nodes: list[ast.Call]) -> tuple[str, ...]:
    """Literal titles that the statement gives to figures."""
    found: list[str] = []
    for call in nodes:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        # A legend has a title of its own.
        named = [k.value for k in call.keywords if k.arg == "title" and "legend" not in name]
        if name.endswith("title"):
            named += call.args[:1]
        for value in named:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                found.append(value.value)
    return tuple(found)


def tried(parts: Parts) -> frozenset[str]:
    """Names that stand only where nobody minds when nothing has bound them: in a ``try``."""
    bodies = [part for node in parts.get(ast.Try, ()) if _forgives(node) for part in node.body]
    if not bodies:
        return frozenset()
    forgiven = {id(n) for part in bodies for n in (part, *nodes_below(part))}
    names = parts.get(ast.Name, ())
    elsewhere = {n.id for n in names if id(n) not in forgiven}
    return frozenset(n.id for n in names if id(n) in forgiven) - elsewhere


def _forgives(node: ast.Try) -> bool:
    """Whether a handler takes it that a name is bound by nothing."""
    caught = [n for handler in node.handlers for n in _types(handler.type)]
    return any(name in ("NameError", "Exception", "BaseException") for name in caught)


def _types(node: ast.expr | None) -> list[str]:
    if node is None:
        return ["BaseException"]
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return [part.id for part in parts if isinstance(part, ast.Name)]
