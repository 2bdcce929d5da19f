"""Cells that are too long to read at once."""

from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity


def run(subject: Subject) -> Iterator[Hit]:
    """Cells with more lines of code than the settings allow."""
    for cell in subject.code_cells:
        lines = sum(bool(line.strip()) for line in cell.raw.split("\n"))
        if lines > subject.settings.max_cell_lines:
            limit = subject.settings.max_cell_lines
            yield Hit(f"has {lines} lines, more than {limit}", cell.index)


CHECK = Check("CH506", "long-cell", Severity.NOTE, run)
