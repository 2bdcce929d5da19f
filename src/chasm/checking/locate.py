"""Findings with the lines of the file in which they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chasm.findings import Finding, Located
from chasm.model import Cell, Notebook
from chasm.read.memory import digest
from chasm.read.places import lines_of_cells

#: Nobody reads more of a line, and a line may be the whole of a file.
MAX_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class _Place:
    """A cell, its lines, and where each of them stands in the file."""

    name: str
    execution_count: int | None
    lines: list[str]
    physical: list[int]

    def first_line(self) -> int:
        """The first line with anything in it: it stands for the cell as a whole."""
        return next((n for n, one in enumerate(self.lines, 1) if one.strip()), 1)

    def raw_line(self, line: int) -> int:
        """The line of the file."""
        return self.physical[min(line, len(self.physical)) - 1] if self.physical else 1

    def code(self, line: int) -> str:
        """The text of the line."""
        return self.lines[line - 1][:MAX_TEXT] if line <= len(self.lines) else ""


NOWHERE = _Place("", None, [], [])


def located(
    findings: Sequence[Finding],
    notebook: Notebook,
    path: Path,
    text: str,
    names: Mapping[str, str],
) -> tuple[Located, ...]:
    """``findings`` with physical lines, the cells' own names, the code, and marks."""
    if not findings:
        return ()
    sources = [cell.raw for cell in notebook.cells]
    numbers = {finding.cell for finding in findings if finding.cell is not None}
    physical = lines_of_cells(text, path.suffix.lower(), sources, numbers)
    places = {
        number: _place(
            notebook.cells[number - 1], physical[number - 1] if number <= len(physical) else []
        )
        for number in numbers
    }
    seen: dict[str, int] = {}
    found: list[Located] = []
    for finding in findings:
        place = places[finding.cell] if finding.cell is not None else NOWHERE
        line = finding.line or place.first_line()
        code = place.code(line)
        mark = digest(finding.code, place.name, " ".join(code.split()), finding.message)[:16]
        seen[mark] = seen.get(mark, 0) + 1
        found.append(
            Located(
                finding,
                names.get(finding.code, ""),
                place.raw_line(line),
                place.raw_line(finding.end_line or line),
                place.name,
                place.execution_count,
                code,
                mark if seen[mark] == 1 else f"{mark}-{seen[mark]}",
            )
        )
    return tuple(found)


def _place(cell: Cell, physical: list[int]) -> _Place:
    # Where the format has no ids, one is made of the text.
    name = cell.id or f"text-{digest(cell.raw)[:8]}"
    return _Place(name, cell.execution_count, cell.raw.split("\n"), physical)
