"""Data that is read from the network while the notebook runs."""

import ast
import re
from collections.abc import Iterator

from chasm.analyse.nodes import nodes_below
from chasm.checks.check import Call, Check, Hit, Subject, literal_text
from chasm.checks.files import argument, named_once, read_arguments
from chasm.checks.magic_lines import signed_lines
from chasm.findings import Severity
from chasm.read.shell import FETCHES

REMOTE = re.compile(r"^(https?|ftp|s3a?|gs|gcs|abfss?|wasbs?|hdfs)://", re.IGNORECASE)


def run(subject: Subject) -> Iterator[Hit]:
    """Literal addresses that are read, calls that download, and shell lines that do."""
    seen: set[int] = set()
    guarded = {id(n) for _, one in subject.each(ast.If) for n in nodes_below(*one.body)}
    for call, node in read_arguments(subject):
        text = literal_text(named_once(subject, node))
        if text is not None and REMOTE.match(text):
            seen.add(id(call.node))
            yield subject.at(call.statement, call.node, _message(text, call, guarded))
    for call in subject.calls_of("downloads"):
        if id(call.node) not in seen:
            text = literal_text(named_once(subject, argument(call, "url")))
            where = text if text is not None and REMOTE.match(text) else ""
            yield subject.at(call.statement, call.node, _message(where, call, guarded))
    for cell, number, line in signed_lines(subject):
        if match := FETCHES.match(line):
            message = f"`{match.group(1)}` reads from the network whenever it runs"
            yield Hit(message, cell.index, number, 0, number, len(line))


def _message(text: str, call: Call, guarded: set[int]) -> str:
    host = text.split("//", 1)[-1].split("/")[0] if text else ""
    # Behind a question, as whether the file is there already, it does not read every time.
    when = "" if id(call.node) in guarded else " whenever it runs"
    return f"reads {host}{when}" if host else "reads from the network"


CHECK = Check("CH107", "network-read", Severity.NOTE, run)
