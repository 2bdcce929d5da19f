"""``.ipynb`` files of nbformat 3 and 4, read tolerantly: what is odd becomes a note.

nbformat is imported only for the formats before 4, which it upgrades: its import costs
more than the rest of the reading.
"""

import json
from collections.abc import Iterator
from typing import Any

from chasm.errors import InputError
from chasm.model import CellKind
from chasm.read.outputs import metadata_texts, outputs_of
from chasm.read.raw import RawCell

KINDS = {"code": CellKind.CODE, "markdown": CellKind.MARKDOWN, "raw": CellKind.OTHER}


def cells_of(text: str, name: str) -> tuple[list[RawCell], str | None, tuple[tuple[str, str], ...]]:
    """The cells of the notebook in ``text``, its language when it names one, its metadata."""
    data = _load(text, name)
    version = data.get("nbformat")
    if isinstance(version, bool) or not isinstance(version, int):
        if "cells" not in data and "worksheets" not in data:
            raise InputError(f"{name}: JSON, but no notebook (no nbformat, no cells)")
        version = 3 if "worksheets" in data else 4
    if version > 4:
        raise InputError(f"{name}: nbformat {version} is newer than chasm knows (4)")
    if version < 4:
        data = _upgrade(text, version, name)
    cells = data.get("cells")
    if not isinstance(cells, list):
        raise InputError(f"{name}: the notebook's 'cells' is not a list")
    found = [_cell(cell, number, name) for number, cell in enumerate(cells, 1)]
    return found, _language(data), metadata_texts(data.get("metadata"))


def _load(text: str, name: str) -> dict[str, Any]:
    if not text or text.isspace():
        raise InputError(f"{name}: the file is empty")
    try:
        data = json.loads(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        raise InputError(
            f"{name}: not valid JSON (line {error.lineno}, column {error.colno}: {error.msg})"
        ) from None
    except RecursionError:
        raise InputError(f"{name}: JSON nested too deeply") from None
    except ValueError as error:
        raise InputError(f"{name}: not valid JSON ({str(error)[:80]})") from None
    if not isinstance(data, dict):
        raise InputError(f"{name}: JSON, but no notebook (a {type(data).__name__})")
    return data


def _upgrade(text: str, version: int, name: str) -> dict[str, Any]:
    import nbformat

    try:
        return dict(nbformat.reads(text.lstrip("\ufeff"), as_version=4))
    except Exception as error:  # nbformat raises whatever its fields provoke
        raise InputError(
            f"{name}: nbformat {version} that cannot be upgraded ({type(error).__name__})"
        ) from None


def _cell(cell: Any, number: int, name: str) -> RawCell:
    if not isinstance(cell, dict):
        raise InputError(f"{name}: cell {number} is no object but a {type(cell).__name__}")
    notes: list[str] = []
    kind = KINDS.get(str(cell.get("cell_type")))
    if kind is None:
        notes.append("the cell's type is none that notebooks have; it was left out")
        return RawCell(CellKind.OTHER, "", notes=tuple(notes))
    source = cell.get("source", cell.get("input"))
    text = _text(source)
    if text is None:
        notes.append("the cell's source is no text; it was left out")
        text = ""
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    count = cell.get("execution_count")
    return RawCell(
        kind,
        text,
        count if isinstance(count, int) and not isinstance(count, bool) else None,
        tuple(t for t in tags if isinstance(t, str)) if isinstance(tags, list) else (),
        None,
        tuple(notes),
        _drew(cell.get("outputs")),
        tuple(_printed(cell.get("outputs"))),
        str(cell.get("id") or ""),
        outputs_of(cell.get("outputs")),
    )


def _drew(outputs: Any) -> bool:
    """Whether a picture is among the stored outputs."""
    if not isinstance(outputs, list):
        return False
    bundles = [o.get("data") for o in outputs if isinstance(o, dict)]
    return any("image/png" in bundle for bundle in bundles if isinstance(bundle, dict))


def _printed(outputs: Any) -> Iterator[str]:
    """The lines that the cell had printed, and the value that it showed last if it is one line."""
    for output in outputs if isinstance(outputs, list) else ():
        if not isinstance(output, dict):
            continue
        data = output.get("data")
        shown = _text(data.get("text/plain")) if isinstance(data, dict) else None
        text = _text(output.get("text")) if output.get("name") == "stdout" else shown
        lines = [line.rstrip() for line in (text or "").split("\n") if line.strip()]
        yield from lines if text is not shown or len(lines) == 1 else ()


def _text(source: Any) -> str | None:
    if isinstance(source, list):
        if not all(isinstance(line, str) for line in source):
            return None
        source = "".join(source)
    if not isinstance(source, str):
        return None
    # Only what editors call a line ends one; form feeds and their like stay in the line.
    return source.replace("\r\n", "\n").replace("\r", "\n")


def _language(data: dict[str, Any]) -> str | None:
    metadata = data.get("metadata")
    if not isinstance(metadata, dict):
        return None
    info, spec = metadata.get("language_info"), metadata.get("kernelspec")
    for place, key in ((info, "name"), (spec, "language")):
        if isinstance(place, dict) and isinstance(place.get(key), str) and place[key].strip():
            return str(place[key]).strip()
    return None
