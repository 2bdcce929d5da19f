"""Imports that the named environment cannot serve."""

import ast
from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity


def run(subject: Subject) -> Iterator[Hit]:
    """Imports of what was found to be missing, but for those that are tried or installed."""
    if not subject.missing:
        return
    excused = _tried(subject) | _installed(subject)
    for statement, node in subject.each(ast.Import, ast.ImportFrom):
        if id(node) in excused or isinstance(node, ast.ImportFrom) and node.level:
            continue
        modules = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module]
        for module in modules:
            root = (module or "").partition(".")[0]
            known = root in excused or subject.book.platform(module or "") is not None
            if root in subject.missing and not known:
                yield subject.at(statement, node, f"the environment has no {root}")


def _tried(subject: Subject) -> set[object]:
    """Imports that may fail, and those for type checkers only."""
    found: set[object] = set()
    for _, node in subject.each(ast.Try, ast.If, ast.With):
        if isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.dump(node.test):
            continue
        if isinstance(node, ast.With) and "suppress" not in ast.dump(node):
            continue
        found |= {id(part) for part in ast.walk(node)}
    return found


def _installed(subject: Subject) -> set[object]:
    """Modules of distributions that the notebook itself installs."""
    named = {one.lower().replace("_", "-") for one in subject.facts.notebook.requirements}
    found: set[object] = set()
    for name in subject.missing:
        distribution = subject.book.distributions.get(name, name)
        if distribution.lower().replace("_", "-") in {_name(one) for one in named}:
            found.add(name)
    return found


def _name(requirement: str) -> str:
    """``scikit-learn`` of ``scikit-learn[alldeps]>=1.0``."""
    end = next((n for n, c in enumerate(requirement) if not (c.isalnum() or c in "-.")), None)
    return requirement[:end]


CHECK = Check("CH104", "import-missing", Severity.ERROR, run)
