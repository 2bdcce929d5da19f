"""Columns that are computed from the time at which the notebook runs."""

import ast
from collections.abc import Iterator

from chasm.analyse.nodes import root_name
from chasm.checks.check import Check, Hit, Subject
from chasm.checks.kinds import kinds_before
from chasm.findings import Severity


def run(subject: Subject) -> Iterator[Hit]:
    """Assignments to a column that read the clock, or a name that was read from it."""
    read: dict[str, int] = {}
    calls = {c.statement.id: c for c in subject.calls_of("clock")}
    if not calls:
        return
    for statement, tree, kinds in kinds_before(subject):
        call = calls.get(statement.id)
        column = isinstance(tree, ast.Assign) and any(
            isinstance(written, (ast.Subscript, ast.Attribute))
            and kinds.get(root_name(written) or "") == "frame"
            for written in (*tree.targets, *_assigned(tree.value))
        )
        names = sorted(statement.reads & read.keys())
        if column and (call is not None or names):
            what = call.name if call is not None else names[0]
            message = f"a column is computed from {what}: it is another in every run"
            yield subject.at(statement, call.node if call is not None else tree, message)
        for name in statement.binds:
            read.pop(name, None)
            value = statement.values.get(name)
            # Rows may be chosen by the clock: their columns do not tell the time.
            rows = value is not None and value.kind in ("frame", "table")
            if call is not None and isinstance(tree, ast.Assign) and not (column or rows):
                read[name] = statement.id


def _assigned(value: ast.expr) -> list[ast.expr]:
    """The method in ``frame.assign(x=…)``."""
    func = value.func if isinstance(value, ast.Call) else None
    return [func] if isinstance(func, ast.Attribute) and func.attr == "assign" else []


CHECK = Check("CH206", "time-in-features", Severity.WARNING, run)
