"""Functions that work only where certain variables of the notebook are."""

import ast
import builtins
from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity

GIVEN = frozenset(dir(builtins))


def run(subject: Subject) -> Iterator[Hit]:
    """Functions with free names that are variables, and no constants, modules or functions."""
    variables = _variables(subject)
    for statement, tree in subject.pairs:
        definition = statement.definition
        if definition is None or definition.is_class or not isinstance(tree, ast.FunctionDef):
            continue
        names = sorted((definition.direct | definition.stores) & variables - GIVEN)
        if names:
            line = ast.copy_location(ast.Name(tree.name), tree)
            line.end_lineno, line.end_col_offset = tree.lineno, tree.col_offset + 4 + len(tree.name)
            listed = ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
            yield subject.at(
                statement, line, f"{tree.name} reads {listed} of the notebook: pass as arguments"
            )


def _variables(subject: Subject) -> frozenset[str]:
    """Names that are given values in the notebook, but for literals that stay as they are."""
    times: dict[str, int] = {}
    constant: set[str] = set()
    other: set[str] = set()
    for statement in subject.facts.statements:
        if statement.definition is not None or statement.imports:
            other |= statement.binds
            continue
        for name in statement.binds:
            times[name] = times.get(name, 0) + 1
            if statement.is_constant:
                constant.add(name)
    named = {n for n in times if n.isupper() and len(n) > 1}
    fixed = named | {n for n in constant if times[n] == 1}
    return frozenset(times) - fixed - other


CHECK = Check("CH502", "reads-globals", Severity.NOTE, run)
