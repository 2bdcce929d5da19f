"""Names that mean one thing above and another thing below."""

import ast
from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity, Step
from chasm.model import Statement

#: Kinds that nobody takes for one another, in families.
FAMILIES = {
    "frame": "a frame", "series": "a series", "string": "a text", "number": "a number",
    "dict": "a dict", "figure": "a figure", "function": "a function", "classifier": "a model",
    "regressor": "a model", "transformer": "a transformer", "list": "a list",
}  # fmt: skip
#: What is counted through in loops is nobody's name.
MIN_LENGTH = 2


def run(subject: Subject) -> Iterator[Hit]:
    """Names that one cell binds to a kind and a later one to another, both read afterwards."""
    last: dict[str, tuple[Statement, str]] = {}
    for position, (statement, tree) in enumerate(subject.pairs):
        if not isinstance(tree, ast.Assign):
            for name in statement.binds:
                last.pop(name, None)
            continue
        for name in sorted(statement.binds):
            value = statement.values.get(name)
            kind = FAMILIES.get(value.kind or "") if value is not None else None
            before = last.pop(name, None)
            if kind is None or len(name) < MIN_LENGTH:
                continue
            last[name] = (statement, kind)
            if before is None or before[1] == kind or before[0].cell == statement.cell:
                continue
            # ``y = y.values`` goes on with the same thing; a text that is converted as well.
            if name in statement.reads or subject.is_in_unread(name):
                continue
            if not _read_later(subject, name, position):
                continue
            message = f"{name} is {kind} from here on, and was {before[1]} in cell {before[0].cell}"
            evidence = (Step(before[0].cell, before[0].line, f"{name} is {before[1]}"),)
            yield subject.at(statement, tree, message, evidence)


def _read_later(subject: Subject, name: str, position: int) -> bool:
    return any(name in s.reads for s in subject.facts.statements[position + 1 :])


CHECK = Check("CH504", "changed-kind", Severity.NOTE, run)
