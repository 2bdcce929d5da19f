"""Assignment through two subscripts: it changes the frame, or a copy of a part of it."""

import ast
from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.checks.kinds import kinds_before, since
from chasm.findings import Severity

INDEXERS = {"loc", "iloc", "at", "iat"}


def run(subject: Subject) -> Iterator[Hit]:
    """Assignments to ``frame[a][b]`` and ``frame["x"].loc[b]`` for names that are frames."""
    found: dict[int, list[tuple[str, ast.expr]]] = {}
    for statement, node in subject.each(ast.Assign, ast.AugAssign):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            root = _chained(target)
            if root is not None:
                found.setdefault(statement.id, []).append((root, target))
    for statement, _, kinds in kinds_before(subject) if found else ():
        for root, target in found.get(statement.id, ()):
            if kinds.get(root) == "frame":
                text = subject.text(statement, target)
                message = (
                    f"{text} assigns to a temporary part of {root}: "
                    f"from {since(subject)} on {root} stays as it was"
                )
                yield subject.at(statement, target, message)


def _chained(target: ast.expr) -> str | None:
    """The name whose part of a part is assigned to."""
    if not isinstance(target, ast.Subscript):
        return None
    part = target.value
    if isinstance(part, ast.Attribute) and part.attr in INDEXERS:
        part = part.value
        if isinstance(part, ast.Name):
            return None
    if isinstance(part, ast.Subscript):
        base = part.value
        if isinstance(base, ast.Attribute) and base.attr in INDEXERS:
            base = base.value
        return base.id if isinstance(base, ast.Name) else None
    if isinstance(part, ast.Attribute) and part.attr not in INDEXERS:
        is_column = isinstance(part.value, ast.Name) and part.attr not in ("values", "columns")
        return part.value.id if is_column and isinstance(part.value, ast.Name) else None
    return None


CHECK = Check("CH204", "chained-assignment", Severity.WARNING, run)
