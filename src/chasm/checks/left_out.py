"""Magics and shell lines that do something which a package cannot do."""

import re
from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.checks.magic_lines import signed_lines
from chasm.findings import Severity

#: What comes along in another form, or only measures or shows: nothing is lost.
HARMLESS = re.compile(
    r"\bbecame\b|only measures|the package runs it as well"
    r"|^%%(html|javascript|js|latex|markdown|svg)\b"
)
#: Lines of which other checks tell more.
ELSEWHERE = re.compile(r"^\s*([!%]\s*(cd|pushd|popd)\b|!\s*(wget|curl|kaggle|gdown)\b)")
OTHER_LANGUAGE = "cell, not Python"


def odd_file(subject: Subject) -> Iterator[Hit]:
    """What the reader found odd about the file itself."""
    for one in subject.facts.findings:
        if one.code == "CH001" and not one.message.endswith(OTHER_LANGUAGE):
            yield Hit(one.message, one.cell, one.line)


def run(subject: Subject) -> Iterator[Hit]:
    """What the reader left out: one hit a cell and kind, and cells in another language."""
    told = {(cell.index, n) for cell, n, line in signed_lines(subject) if ELSEWHERE.match(line)}
    lines: dict[tuple[int | None, str], list[int]] = {}
    for one in subject.facts.findings:
        other = one.code == "CH001" and one.message.endswith(OTHER_LANGUAGE)
        kept = one.code != "CH002" or HARMLESS.search(one.message)
        if (not other and kept) or (one.cell, one.line) in told:
            continue
        lines.setdefault((one.cell, one.message), []).append(one.line or 1)
    for (cell, message), found in lines.items():
        more = f", and {len(found) - 1} more of its lines" if len(found) > 1 else ""
        yield Hit(message + more, cell, min(found))


ODD = Check("CH001", "odd-file", Severity.WARNING, odd_file)
CHECK = Check("CH002", "left-out", Severity.NOTE, run)
