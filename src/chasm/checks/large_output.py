"""Outputs that make the file heavy."""

from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity


def run(subject: Subject) -> Iterator[Hit]:
    """Cells whose stored outputs are larger than the settings allow."""
    for cell in subject.code_cells:
        size = sum(output.size for output in cell.outputs)
        if size > subject.settings.max_output_size:
            yield Hit(f"keeps outputs of {size / 1e6:.1f} MB in the file", cell.index)


CHECK = Check("CH507", "large-output", Severity.NOTE, run)
