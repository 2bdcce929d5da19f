"""The entrance of the read layer: choose the dialect, translate the cells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from chasm.errors import InputError, NotPython
from chasm.findings import Finding, Severity
from chasm.model import Cell, CellKind, Notebook
from chasm.read import ipynb, script
from chasm.read.beside import WRITTEN, modules_beside, modules_written
from chasm.read.files import printable, read_text
from chasm.read.magics import translate_cell
from chasm.read.masking import Variables, without_secrets
from chasm.read.raw import RawCell
from chasm.read.secrets import masked
from chasm.read.translation import Translation

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
    return _with_modules(path, _translate(path, raw, odd, metadata))


def _refuse_other_languages(language: str | None, raw: list[RawCell], shown: str) -> None:
    if language is not None and not PYTHON.match(language):
        raise NotPython(f"{shown}: a notebook in {printable(language, 40)}, not in Python")
    if not any(cell.kind is CellKind.CODE and cell.source.strip() for cell in raw):
        raise NotPython(f"{shown}: no code cells")


def _with_modules(path: Path, notebook: Notebook) -> Notebook:
    """``notebook`` with the author's own modules that it imports, their secrets taken out."""
    sources = [cell.source for cell in notebook.cells if cell.kind is CellKind.CODE]
    written = modules_written(cell.raw for cell in notebook.cells if cell.kind is CellKind.CODE)
    found, problems = modules_beside(path, sources, written)
    if not found and not problems:
        return notebook
    notebook = _told_where(notebook, {name for name, _ in found} & {f"{n}.py" for n in written})
    findings = [Finding("CH009", Severity.WARNING, problem) for problem in problems]
    modules: list[tuple[str, str]] = []
    variables = Variables()
    for name, text in found:
        clean, secrets = without_secrets(text, variables)
        modules.append((name, clean))
        for line, variable in secrets:
            told = _secret(0, line, variable).message
            findings.append(
                Finding("CH008", Severity.WARNING, f"{printable(name)}, line {line}: {told}")
            )
    return replace(notebook, findings=(*notebook.findings, *findings), beside=tuple(modules))


def _told_where(notebook: Notebook, modules: set[str]) -> Notebook:
    """Cells that write ``modules`` are left out, and their text is in the package all the same."""
    cells: list[Cell] = []
    taken: set[int] = set()
    for cell in notebook.cells:
        match = WRITTEN.match(cell.raw) if cell.kind is CellKind.CODE else None
        if match is not None and f"{match[2]}.py" in modules:
            cell = replace(cell, left_out="it is the text of a module, which the package has")
            taken.add(cell.index)
        cells.append(cell)
    kept = (f for f in notebook.findings if f.code != "CH002" or f.cell not in taken)
    return replace(notebook, cells=tuple(cells), findings=tuple(kept))


def _translate(
    path: Path, raw: Sequence[RawCell], odd: str, metadata: tuple[tuple[str, str], ...]
) -> Notebook:
    translator = _Translator([Finding("CH001", Severity.WARNING, odd)] if odd else [])
    every = [cell.source if cell.kind is CellKind.CODE else "" for cell in raw]
    cells = tuple(translator.cell(index, cell, every) for index, cell in enumerate(raw, start=1))
    findings = [*translator.findings, *(_secret(*secret) for secret in translator.secrets)]
    return Notebook(
        path.stem,
        path.name,
        cells,
        tuple(findings),
        tuple(translator.requirements),
        tuple(translator.dropped),
        tuple(translator.secrets),
        metadata=metadata,
    )


@dataclass(slots=True)
class _Translator:
    """Translates one cell after the other, and keeps what is to be said of them."""

    findings: list[Finding]
    requirements: list[str] = field(default_factory=list)
    dropped: list[tuple[int, int, str]] = field(default_factory=list)
    secrets: list[tuple[int, int, str]] = field(default_factory=list)
    variables: Variables = field(default_factory=Variables)

    def cell(self, index: int, raw: RawCell, every: list[str]) -> Cell:
        """The cell as the later layers see it; ``every`` are the sources of all code cells."""
        for note in raw.notes:
            self._warn("CH001", note, index)
        source, left_out = raw.source, raw.left_out
        if raw.kind is CellKind.CODE and (hidden := DIRECTION.search(source)):
            line = source.count("\n", 0, hidden.start()) + 1
            text = "hidden marks of writing direction: the code may not be what it looks like"
            self._warn("CH007", text, index, line)
        if raw.kind is CellKind.CODE and left_out is None:
            magic = source.lstrip().startswith("%%")
            elsewhere = "\n".join([*every[: index - 1], *every[index:]]) if magic else ""
            source, left_out = self._code(index, source, elsewhere)
        else:
            source = masked(source)
            if source != raw.source:
                self.secrets.append((index, 1, ""))
        written = raw.source if raw.kind is CellKind.CODE and raw.left_out is None else ""
        return Cell(
            index, raw.kind, source, raw.execution_count, raw.tags, left_out, raw.drew,
            raw.printed, written, raw.id, raw.source, raw.outputs,
        )  # fmt: skip

    def _code(self, index: int, source: str, elsewhere: str) -> tuple[str, str | None]:
        result = translate_cell(source, elsewhere)
        self.requirements += [r for r in result.requirements if r not in self.requirements]
        self.dropped += [(index, line, reason) for line, reason in result.dropped]
        for line, message in result.notes:
            self._warn("CH002", message, index, line)
        clean, found = _without_secrets(source, result, self.variables)
        self.secrets += [(index, line, variable) for line, variable in found]
        return clean, result.left_out

    def _warn(self, code: str, message: str, cell: int, line: int | None = None) -> None:
        self.findings.append(Finding(code, Severity.WARNING, message, cell, line))


def _without_secrets(
    source: str, result: Translation, variables: Variables
) -> tuple[str, list[tuple[int, str]]]:
    """The translated cell without secrets, and where some were, dropped lines included."""
    clean, found = without_secrets(result.source, variables)
    lines = source.split("\n") if result.dropped or result.left_out else []
    gone = {line for line, _ in result.dropped} if not result.left_out else set()
    found += [(line, "") for line in sorted(gone) if masked(lines[line - 1]) != lines[line - 1]]
    return clean, found


def _secret(cell: int, line: int, variable: str) -> Finding:
    """What a reader is told of a secret: where it was, never what it was."""
    text = "a secret stands in the notebook; it does not go into the package"
    if variable:
        text += f", which reads it from the environment variable {variable}"
    return Finding("CH008", Severity.WARNING, text, cell, line)
