"""What every name is, before each statement."""

import ast
from collections.abc import Iterator

from chasm.checks.check import Subject
from chasm.model import Statement


def kinds_before(subject: Subject) -> Iterator[tuple[Statement, ast.stmt, dict[str, str | None]]]:
    """Each statement at the level of the notebook, with the kinds of the names before it.

    Definitions are left out: what their parameters are is not known.
    """
    kinds: dict[str, str | None] = {}
    for statement, tree in subject.pairs:
        if statement.definition is None:
            yield statement, tree, kinds
        for name in statement.binds:
            value = statement.values.get(name)
            kinds[name] = value.kind if value is not None else None


def since(subject: Subject) -> str:
    """The library and version in which a part of a frame is always a copy, in words."""
    return next(iter(sorted(subject.words("copies_since"))), "a later version")
