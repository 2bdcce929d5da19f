"""Lines of code cells that may be magics: those that start a statement."""

from collections.abc import Iterator

from chasm.checks.check import Subject
from chasm.model import Cell
from chasm.read.lines import starts_of_logical_lines


def logical_lines(cell: Cell) -> Iterator[tuple[int, str]]:
    """Number and text of each line of the cell, as its file has it, that starts a statement.

    Of a cell in another language there is none.
    """
    lines = cell.raw.split("\n")
    if cell.left_out is None:
        for start in starts_of_logical_lines(cell.raw):
            yield start + 1, lines[start]


def signed_lines(subject: Subject) -> Iterator[tuple[Cell, int, str]]:
    """All lines that begin with ``!`` or ``%``, with their cells."""
    for cell in subject.code_cells:
        if "!" in cell.raw or "%" in cell.raw:
            for number, line in logical_lines(cell):
                if line.lstrip()[:1] in ("!", "%"):
                    yield cell, number, line
