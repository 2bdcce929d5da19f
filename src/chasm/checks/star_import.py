"""Imports that bind names which nobody can see."""

import ast
from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity


def run(subject: Subject) -> Iterator[Hit]:
    """``from x import *``."""
    for statement, node in subject.each(ast.ImportFrom):
        if node.names[0].name == "*":
            module = "." * node.level + (node.module or "")
            message = f"binds whatever names {module} has, and hides others of the same name"
            yield subject.at(statement, node, message)


CHECK = Check("CH503", "star-import", Severity.WARNING, run)
