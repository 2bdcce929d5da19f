"""Which arguments of calls name files; what several checks ask."""

import ast
from collections.abc import Iterator

from chasm.checks.check import Call, Subject


def file_arguments(subject: Subject) -> Iterator[tuple[Call, ast.expr]]:
    """Calls with the expressions that name what they read or write, literals of lists included."""
    for call in subject.calls:
        entry = call.entry
        if entry is None:
            continue
        for parameter in (entry.reads, entry.writes, entry.place):
            node = argument(call, parameter, entry.position) if parameter else None
            if isinstance(node, (ast.List, ast.Tuple)):
                for part in node.elts:
                    yield call, part
            elif node is not None:
                yield call, node


def read_arguments(subject: Subject) -> Iterator[tuple[Call, ast.expr]]:
    """Calls with the expressions that name what they read."""
    for call in subject.calls:
        if call.entry is not None and call.entry.reads:
            node = argument(call, call.entry.reads, call.entry.position)
            if node is not None:
                yield call, node


def named_once(subject: Subject, node: ast.expr | None) -> ast.expr | None:
    """The value of a name that one plain assignment binds, and nothing else; else ``node``."""
    if not isinstance(node, ast.Name):
        return node
    found = [(s, tree) for s, tree in subject.pairs if node.id in s.binds | s.mutates]
    if len(found) != 1 or not isinstance(found[0][1], ast.Assign):
        return node
    (target, *others), value = found[0][1].targets, found[0][1].value
    return value if isinstance(target, ast.Name) and not others else node


def argument(call: Call, name: str, position: int = 0) -> ast.expr | None:
    """The argument that is passed by ``name`` or at ``position``."""
    given = call.keyword(name)
    if given is None and position < len(call.node.args):
        given = call.node.args[position]
        if isinstance(given, ast.Starred):
            return None
    return given
