"""Cells with code that was not run when the others were."""

from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity

#: Tags by which tools are told to leave a cell alone.
SKIPPED = {"chasm-skip", "active-py", "skip-execution"}


def run(subject: Subject) -> Iterator[Hit]:
    """Cells without a number in a notebook where most have one."""
    cells = [cell for cell in subject.code_cells if _has_code(cell.raw)]
    ran = [cell for cell in cells if cell.execution_count is not None]
    if 2 * len(ran) <= len(cells):
        return
    for cell in cells:
        if cell.execution_count is None and not cell.outputs and not SKIPPED & set(cell.tags):
            yield Hit("was never run, and the others were", cell.index)


def _has_code(source: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in source.split("\n"))


CHECK = Check("CH102", "never-run", Severity.NOTE, run)
