"""Downloads that are unpickled: whoever answers runs code here."""

import ast
from collections.abc import Iterator

from chasm.checks.check import Call, Check, Hit, Subject, literal_text
from chasm.checks.network_read import REMOTE
from chasm.findings import Severity, Step


def run(subject: Subject) -> Iterator[Hit]:
    """Loads whose argument is a download, in the same expression or by name or file."""
    names: dict[str, Step] = {}
    files: dict[str, Step] = {}
    if not subject.calls_of("unpickles"):
        return
    for call in _in_order(subject):
        if call.name in subject.words("unpickles"):
            source = _source(subject, call, names, files)
            if source is not None:
                message = f"{call.name} runs code from a file that was downloaded"
                yield subject.at(call.statement, call.node, message, evidence=source)
        if call.name in subject.words("downloads"):
            step = subject.step(call.statement, f"downloaded by {call.name}", call.node)
            for name in call.statement.binds:
                names[name] = step
            for argument in call.node.args[1:2]:
                text = literal_text(argument)
                if text is not None:
                    files[text] = step


def _in_order(subject: Subject) -> list[Call]:
    return sorted(subject.calls, key=lambda call: call.statement.id)


def _source(
    subject: Subject, call: Call, names: dict[str, Step], files: dict[str, Step]
) -> tuple[Step, ...] | None:
    """Where the unpickled bytes come from, when that is the network."""
    for argument in call.node.args[:1]:
        text = literal_text(argument)
        if text is not None and REMOTE.match(text):
            return ()
        for node in ast.walk(argument):
            inner = subject.by_node.get(id(node))
            if inner is not None and inner.name in subject.words("downloads"):
                return ()
            if isinstance(node, ast.Name) and node.id in names:
                return (names[node.id],)
            text = literal_text(node)
            if text is not None and text in files:
                return (files[text],)
    return None


CHECK = Check("CH404", "unpickled-download", Severity.ERROR, run)
