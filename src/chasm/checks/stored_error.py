"""Cells that ended in an exception when they were last run."""

import re
from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity
from chasm.model import Cell

#: The line at which a traceback of IPython points.
ARROW = re.compile(r"^-+> ?(\d+) (.*)$", re.MULTILINE)
EXPECTED = "raises-exception"


def run(subject: Subject) -> Iterator[Hit]:
    """One hit for each cell with a stored exception that nobody announced."""
    for cell in subject.code_cells:
        for output in cell.outputs:
            if output.error is not None and EXPECTED not in cell.tags:
                message = f"ended in {output.error} when it was last run"
                yield Hit(message, cell.index, _line(cell, output.text))
                break


def _line(cell: Cell, traceback: str) -> int | None:
    """The line of the cell at which the traceback points, when the cell still has it."""
    lines = cell.raw.split("\n")
    for match in ARROW.finditer(traceback):
        number = int(match.group(1))
        if number <= len(lines) and lines[number - 1].strip() == match.group(2).strip():
            return number
    return None


CHECK = Check("CH103", "stored-error", Severity.ERROR, run)
