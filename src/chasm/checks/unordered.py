"""Iteration in an order that is another on another machine, or in another run."""

import ast
from collections.abc import Iterator

from chasm.checks.check import Call, Check, Hit, Subject
from chasm.findings import Edit, Severity
from chasm.model import Statement

#: Calls for whose result the order of their argument does not matter.
INDIFFERENT = {"sorted", "len", "sum", "min", "max", "any", "all", "set", "frozenset"}


def run(subject: Subject) -> Iterator[Hit]:
    """Listings of folders, and sets of strings, that are iterated as they come."""
    indifferent = {
        id(part)
        for _, n in subject.each(ast.Call)
        if isinstance(n.func, ast.Name) and n.func.id in INDIFFERENT
        for part in (*n.args, *(g.iter for a in n.args for g in _generators(a)))
    }
    seen: set[int] = set()
    listed = _named(subject)
    for statement, node in _iterated(subject):
        if isinstance(node, ast.Name) and node.id in listed and id(node) not in indifferent:
            statement, node = listed[node.id]
        if id(node) in indifferent or id(node) in seen:
            continue
        seen.add(id(node))
        call = subject.by_node.get(id(node))
        if call is not None and _lists(subject, call):
            message = f"{call.name} lists in no fixed order: sort it"
            yield subject.at(statement, node, message, edits=_sorted(subject, call))
        elif _is_set_of_texts(node):
            message = "a set of strings has another order in every run: sort it"
            yield subject.at(statement, node, message)


def _lists(subject: Subject, call: Call) -> bool:
    """Whether ``call`` lists a folder as the file system has it."""
    of_path = call.kind == "path" and call.name in subject.words("unordered_methods")
    return of_path or call.name in subject.words("unordered")


def _named(subject: Subject) -> dict[str, tuple[Statement, ast.expr]]:
    """Listings by the name that each is given, where nothing else binds, sorts or changes it."""
    found: dict[str, tuple[Statement, ast.expr]] = {}
    for statement, tree in subject.pairs:
        call = subject.by_node.get(id(tree.value)) if isinstance(tree, ast.Assign) else None
        if call is not None and _lists(subject, call):
            found |= dict.fromkeys(statement.binds, (statement, call.node))
    for name in list(found):
        if sum(name in s.binds | s.mutates for s in subject.facts.statements) > 1:
            del found[name]
    return found


def _iterated(subject: Subject) -> Iterator[tuple[Statement, ast.expr]]:
    """What loops, comprehensions of lists and dicts, ``list`` and ``enumerate`` go through."""
    for statement, loop in subject.each(ast.For, ast.AsyncFor):
        yield statement, _inner(loop.iter)
    for statement, made in subject.each(ast.ListComp, ast.DictComp, ast.GeneratorExp):
        for generator in made.generators:
            yield statement, _inner(generator.iter)
    for statement, call in subject.each(ast.Call):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name in ("list", "tuple") and call.args:
            yield statement, call.args[0]


def _inner(node: ast.expr) -> ast.expr:
    """What ``enumerate`` and the like hand on in its order."""
    while (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("enumerate", "list", "tuple")
        and node.args
    ):
        node = node.args[0]
    return node


def _generators(node: ast.expr) -> list[ast.comprehension]:
    return node.generators if isinstance(node, (ast.ListComp, ast.GeneratorExp)) else []


def _is_set_of_texts(node: ast.expr) -> bool:
    """Whether ``node`` makes a set whose members are strings for certain."""
    if isinstance(node, ast.BinOp):
        return _is_set_of_texts(node.left)
    if isinstance(node, ast.Set):
        return all(isinstance(e, ast.Constant) and isinstance(e.value, str) for e in node.elts)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return False
    if node.func.id not in ("set", "frozenset") or len(node.args) != 1:
        return False
    inside = node.args[0]
    if isinstance(inside, ast.Call) and isinstance(inside.func, ast.Attribute):
        return inside.func.attr == "split" or _is_columns(inside.func.value)
    return _is_columns(inside)


def _is_columns(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "columns"


def _sorted(subject: Subject, call: Call) -> tuple[Edit, ...]:
    node, cell = call.node, call.statement.cell
    if node.end_lineno != node.lineno or call.name not in subject.words("listings"):
        return ()
    start = subject.column(cell, node.lineno, node.col_offset)
    end = subject.column(cell, node.lineno, node.end_col_offset or 0)
    return (
        Edit(cell, node.lineno, start, start, "sorted("),
        Edit(cell, node.lineno, end, end, ")"),
    )


CHECK = Check("CH202", "unordered-iteration", Severity.WARNING, run)
