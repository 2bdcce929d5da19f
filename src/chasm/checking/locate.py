"""Findings with the lines of the file in which they stand."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from chasm.findings import Finding, Located
from chasm.model import Cell, Notebook
from chasm.read.memory import digest
from chasm.read.places import lines_of_cells


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
    last = max(finding.cell or 0 for finding in findings)
    lines = lines_of_cells(text, path.suffix.lower(), sources, last)
    seen: dict[str, int] = {}
    found: list[Located] = []
    for finding in findings:
        cell = notebook.cells[finding.cell - 1] if finding.cell is not None else None
        line = finding.line or _first_line(cell)
        code = _code(cell, line)
        place = lines[finding.cell - 1] if finding.cell and finding.cell <= len(lines) else []
        mark = digest(finding.code, _own_name(cell), " ".join(code.split()), finding.message)[:16]
        seen[mark] = seen.get(mark, 0) + 1
        found.append(
            Located(
                finding,
                names.get(finding.code, ""),
                _line(place, line),
                _line(place, finding.end_line or line),
                _own_name(cell),
                cell.execution_count if cell is not None else None,
                code,
                mark if seen[mark] == 1 else f"{mark}-{seen[mark]}",
            )
        )
    return tuple(found)


def _first_line(cell: Cell | None) -> int:
    """The first line with anything in it: it stands for the cell as a whole."""
    lines = cell.raw.split("\n") if cell is not None else []
    return next((n for n, one in enumerate(lines, 1) if one.strip()), 1)


def _line(lines: list[int], line: int) -> int:
    return lines[min(line, len(lines)) - 1] if lines else 1


def _code(cell: Cell | None, line: int) -> str:
    lines = cell.raw.split("\n") if cell is not None else []
    return lines[line - 1] if line <= len(lines) else ""


def _own_name(cell: Cell | None) -> str:
    """The cell's id, or one made of its text where the format has none."""
    if cell is None:
        return ""
    return cell.id or f"text-{digest(cell.raw)[:8]}"
