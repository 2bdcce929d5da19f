"""Changes of the working folder, on which every relative path depends."""

import re
from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.checks.magic_lines import signed_lines
from chasm.findings import Severity

MAGIC = re.compile(r"^\s*%\s*(cd|pushd|popd)\b")
SHELL = re.compile(r"^\s*!\s*cd\s+[^&;|]+$")


def run(subject: Subject) -> Iterator[Hit]:
    """Calls and magics that change it, and shell lines that only seem to."""
    for call in subject.calls:
        entry = call.entry
        if entry is not None and "cwd" in entry.state and entry.returns == "none":
            message = "changes the working folder: the paths after it mean something else"
            yield subject.at(call.statement, call.node, message)
    for cell, number, line in signed_lines(subject):
        if match := MAGIC.match(line):
            message = f"%{match.group(1)} changes the working folder: the paths after it "
            yield Hit(message + "mean something else", cell.index, number, 0, number, len(line))
        elif SHELL.match(line):
            message = "!cd changes nothing: the folder is that of a shell that ends at once"
            yield Hit(message, cell.index, number, 0, number, len(line))


CHECK = Check("CH110", "working-folder", Severity.WARNING, run)
