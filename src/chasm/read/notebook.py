"""The entrance of the read layer: choose the dialect, translate the cells."""

import re
from collections.abc import Iterable
from pathlib import Path

from chasm.errors import InputError, NotPython
from chasm.findings import Finding, Severity
from chasm.model import Cell, CellKind, Notebook
from chasm.read import ipynb, script
from chasm.read.files import printable, read_text
from chasm.read.magics import translate_cell
from chasm.read.raw import RawCell

PYTHON = re.compile(r"^(i?python\d*(\.\d+)?|xpython|pyspark|sage.*|pyodide)$", re.IGNORECASE)
#: What makes a line look other than it runs (CVE-2021-42574).
DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")


def read_notebook(path: Path) -> Notebook:
    """The notebook at ``path``; an :class:`InputError` names the file when it is none."""
    text, odd = read_text(path)
    return parse_notebook(path, text, odd)


def parse_notebook(path: Path, text: str, odd: str = "") -> Notebook:
    """The notebook in ``text``, which stands in ``path``; ``odd`` is what is odd about the file."""
    shown = printable(path.name)
    suffix = path.suffix.lower()
    metadata: tuple[tuple[str, str], ...] = ()
    if suffix == ".py":
        raw = script.cells_of(text, shown)
        language: str | None = None
    elif suffix in (".ipynb", ".json", ""):
        raw, language, metadata = ipynb.cells_of(text, shown)
    else:
        raise InputError(f"{shown}: neither .ipynb nor .py")
    _refuse_other_languages(language, raw, shown)
    return _translate(path, raw, odd, metadata)


def _refuse_other_languages(language: str | None, raw: list[RawCell], shown: str) -> None:
    if language is not None and not PYTHON.match(language):
        raise NotPython(f"{shown}: a notebook in {printable(language, 40)}, not in Python")
    if not any(cell.kind is CellKind.CODE and cell.source.strip() for cell in raw):
        raise NotPython(f"{shown}: no code cells")


def _translate(
    path: Path, raw: Iterable[RawCell], odd: str, metadata: tuple[tuple[str, str], ...]
) -> Notebook:
    cells: list[Cell] = []
    findings = [Finding("CH001", Severity.WARNING, odd)] if odd else []
    requirements: list[str] = []
    dropped: list[tuple[int, int, str]] = []
    for index, cell in enumerate(raw, start=1):
        source, left_out = cell.source, cell.left_out
        for note in cell.notes:
            findings.append(Finding("CH001", Severity.WARNING, note, index))
        if cell.kind is CellKind.CODE and (hidden := DIRECTION.search(source)):
            line = source.count("\n", 0, hidden.start()) + 1
            text = "hidden marks of writing direction: the code may not be what it looks like"
            findings.append(Finding("CH007", Severity.WARNING, text, index, line))
        if cell.kind is CellKind.CODE and left_out is None:
            result = translate_cell(source)
            source, left_out = result.source, result.left_out
            requirements += [r for r in result.requirements if r not in requirements]
            dropped += [(index, line, reason) for line, reason in result.dropped]
            findings += [
                Finding("CH002", Severity.WARNING, message, index, line)
                for line, message in result.notes
            ]
        cells.append(
            Cell(
                index,
                cell.kind,
                source,
                cell.execution_count,
                cell.tags,
                left_out,
                cell.drew,
                cell.id,
                cell.source,
                cell.outputs,
            )
        )
    return Notebook(
        path.stem,
        path.name,
        tuple(cells),
        tuple(findings),
        tuple(requirements),
        tuple(dropped),
        metadata,
    )
