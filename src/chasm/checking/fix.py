"""Edits of findings carried out in the text of the file, with nothing else changed."""

import json
import re
from collections.abc import Iterable, Sequence

from chasm.errors import InputError
from chasm.findings import Edit, Finding
from chasm.read.places import Piece, pieces_of

#: One character of a JSON string; two escapes of surrogates are one.
CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)


def fixed_text(text: str, findings: Iterable[Finding], suffix: str) -> tuple[str, int]:
    """``text`` with as many findings mended as do not touch each other, and their number."""
    if suffix != ".ipynb":
        raise InputError("--fix is for .ipynb files only")
    pieces = pieces_of(text)
    taken: dict[tuple[int, int], list[Edit]] = {}
    count = 0
    for finding in findings:
        if finding.edits and all(_is_free(edit, taken, pieces) for edit in finding.edits):
            count += 1
            for edit in finding.edits:
                taken.setdefault((edit.cell, edit.line), []).append(edit)
    for (cell, line), edits in sorted(taken.items(), reverse=True):
        text = _edited(text, pieces[cell - 1][line - 1], edits)
    return text, count


def _is_free(
    edit: Edit, taken: dict[tuple[int, int], list[Edit]], pieces: Sequence[Sequence[Piece]]
) -> bool:
    """Whether the line is a string of its own in the file, and no edit is in the way."""
    if edit.cell > len(pieces) or edit.line > len(pieces[edit.cell - 1]):
        return False
    if any(piece.value.count("\n") > 1 for piece in pieces[edit.cell - 1]):
        return False
    return (edit.cell, edit.line) not in taken


def _edited(text: str, piece: Piece, edits: list[Edit]) -> str:
    """``text`` with the edits made inside of one of its strings; all other bytes stay."""
    raw = text[piece.start + 1 : piece.end - 1]
    offsets = [match.start() for match in CHARACTER.finditer(raw)] + [len(raw)]
    for edit in sorted(edits, key=lambda e: (e.column, e.end_column), reverse=True):
        start, end = offsets[edit.column], offsets[edit.end_column]
        raw = raw[:start] + json.dumps(edit.text, ensure_ascii=text.isascii())[1:-1] + raw[end:]
    return text[: piece.start + 1] + raw + text[piece.end - 1 :]
