"""Warnings that are silenced for the whole notebook."""

import ast
from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject, literal_text
from chasm.checks.files import argument
from chasm.findings import Severity

NARROWING = ("category", "message", "module")


def run(subject: Subject) -> Iterator[Hit]:
    """Filters that ignore every warning, but for those in a block that puts them back."""
    for call in subject.calls_of("silences"):
        if literal_text(argument(call, "action")) != "ignore":
            continue
        narrowed = len(call.node.args) > 1 or any(call.keyword(word) for word in NARROWING)
        if not narrowed and id(call.node) not in _passing(subject):
            message = "hides every warning from here on, those of changed behaviour too"
            yield subject.at(call.statement, call.node, message)


def _passing(subject: Subject) -> set[int]:
    """Nodes inside of blocks and functions, at whose end the filters may be put back."""
    return {
        id(node) for _, block in subject.each(ast.With, ast.FunctionDef) for node in ast.walk(block)
    }


CHECK = Check("CH207", "silenced-warnings", Severity.NOTE, run)
