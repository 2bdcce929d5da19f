"""Cells whose stored numbers show that they were run in another order than they stand."""

from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity


def run(subject: Subject) -> Iterator[Hit]:
    """One hit a notebook, at the first cell that was run before one above it."""
    # Some services store 0 for every cell that shows nothing.
    counted = [cell for cell in subject.code_cells if cell.execution_count]
    turned = [
        (before, after)
        for before, after in zip(counted, counted[1:], strict=False)
        if (after.execution_count or 0) < (before.execution_count or 0)
    ]
    if not turned:
        return
    before, after = turned[0]
    message = (
        f"was run as In [{after.execution_count}], before cell {before.index} above it, "
        f"which was In [{before.execution_count}]"
    )
    if len(turned) > 1:
        others = len(turned) - 1
        message += f"; so {'was' if others == 1 else 'were'} {others} more"
    yield Hit(message, after.index)


CHECK = Check("CH101", "out-of-order", Severity.WARNING, run)
