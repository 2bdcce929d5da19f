"""Cells whose values nobody reads."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity
from chasm.model import Effects, Statement

NOTHING = Effects()


def run(subject: Subject) -> Iterator[Hit]:
    """Cells that only give names values, all of which are given anew before anyone reads them."""
    cells: dict[int, list[tuple[Statement, ast.stmt]]] = defaultdict(list)
    for statement, tree in subject.pairs:
        cells[statement.cell].append((statement, tree))
    # Most names are never given another value: only of the others the rest is looked through.
    bound = {name: s.id for s in subject.facts.statements for name in s.binds}
    for index, pairs in sorted(cells.items()):
        if not all(_only_binds(statement, tree) for statement, tree in pairs):
            continue
        names = {name for statement, _ in pairs for name in statement.binds}
        last = pairs[-1][0].id
        again = bool(names) and all(bound[name] > last for name in names)
        if again and all(_overwritten(subject, name, last) for name in names):
            listed = ", ".join(sorted(names))
            yield Hit(f"gives {listed} values that a later cell replaces unread", index)


def _only_binds(statement: Statement, tree: ast.stmt) -> bool:
    return (
        isinstance(tree, ast.Assign)
        and statement.effects == NOTHING
        and not statement.mutates
        and all(isinstance(target, ast.Name) for target in tree.targets)
    )


def _overwritten(subject: Subject, name: str, last: int) -> bool:
    """Whether the next statement that has anything to do with ``name`` gives it a new value."""
    if subject.is_in_unread(name):
        return False
    for statement in subject.facts.statements[last + 1 :]:
        if name in statement.reads or name in statement.mutates:
            return False
        if statement.definition is not None and name in statement.definition.free:
            return False
        if name in statement.binds:
            return name not in statement.maybe
    return False


CHECK = Check("CH505", "dead-cell", Severity.NOTE, run)
