"""Text that is run as code."""

import ast
from collections.abc import Iterator

from chasm.checks.check import BUILTIN, Check, Hit, Subject
from chasm.findings import Severity

RUNS = {"eval", "exec"}


def run(subject: Subject) -> Iterator[Hit]:
    """Calls of ``eval`` and ``exec`` with anything but a literal, and where they are handed on."""
    bound = {name for s in subject.facts.statements for name in s.binds}
    for call in subject.calls:
        name = call.name.removeprefix(BUILTIN)
        if call.name.startswith(BUILTIN) and name in RUNS and call.node.args:
            if not isinstance(call.node.args[0], ast.Constant):
                yield subject.at(call.statement, call.node, f"{name} runs whatever the text says")
            continue
        for argument in call.node.args:
            if isinstance(argument, ast.Name) and argument.id in RUNS - bound:
                message = f"{argument.id} runs whatever the data says"
                yield subject.at(call.statement, argument, message)


CHECK = Check("CH403", "evaluated-text", Severity.WARNING, run)
