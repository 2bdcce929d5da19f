"""Magics and shell lines that do something which a package cannot do."""

import re
from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity

#: What comes along in another form, or only measures or shows: nothing is lost.
HARMLESS = re.compile(
    r"\bbecame\b|only measures|the package runs it as well"
    r"|^%%(html|javascript|js|latex|markdown|svg)\b"
)
OTHER_LANGUAGE = "cell, not Python"


def odd_file(subject: Subject) -> Iterator[Hit]:
    """What the reader found odd about the file itself."""
    for one in subject.facts.findings:
        if one.code == "CH001" and not one.message.endswith(OTHER_LANGUAGE):
            yield Hit(one.message, one.cell, one.line)


def run(subject: Subject) -> Iterator[Hit]:
    """What the reader left out, and whole cells in another language."""
    for one in subject.facts.findings:
        other = one.code == "CH001" and one.message.endswith(OTHER_LANGUAGE)
        if other or one.code == "CH002" and not HARMLESS.search(one.message):
            yield Hit(one.message, one.cell, one.line)


ODD = Check("CH001", "odd-file", Severity.WARNING, odd_file)
CHECK = Check("CH002", "left-out", Severity.NOTE, run)
