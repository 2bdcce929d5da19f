"""Edits of findings carried out in the text of the file, with nothing else changed."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chasm.errors import InputError
from chasm.findings import Edit, Finding
from chasm.read.places import Piece, pieces_of

#: One character of a JSON string; two escapes of surrogates are one.
CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A line of a cell in the file: the string that has it, and where it starts in its value."""

    piece: Piece
    start: int

    @property
    def length(self) -> int:
        return len(self.piece.value[self.start :].partition("\n")[0])


def fixed_text(text: str, findings: Iterable[Finding], suffix: str) -> tuple[str, int]:
    """``text`` with as many findings mended as do not touch each other, and their number."""
    if suffix != ".ipynb":
        raise InputError("--fix is for .ipynb files only")
    spots = [_spots(pieces) for pieces in pieces_of(text)]
    taken: dict[tuple[int, int], list[Edit]] = {}
    count = 0
    for finding in findings:
        if finding.edits and all(_is_free(edit, taken, spots) for edit in finding.edits):
            count += 1
            for edit in finding.edits:
                taken.setdefault((edit.cell, edit.line), []).append(edit)
    for (cell, line), edits in sorted(taken.items(), reverse=True):
        text = _edited(text, spots[cell - 1][line], edits)
    return text, count


def _spots(pieces: Sequence[Piece]) -> dict[int, _Spot]:
    """The lines of a cell that start inside of one of its strings, counted from 1."""
    found: dict[int, _Spot] = {}
    line, is_start = 1, True
    for piece in pieces:
        if is_start:
            found[line] = _Spot(piece, 0)
        for place, sign in enumerate(piece.value, 1):
            if sign == "\n":
                line += 1
                if place < len(piece.value):
                    found[line] = _Spot(piece, place)
        is_start = piece.value.endswith("\n")
    return found


def _is_free(
    edit: Edit, taken: dict[tuple[int, int], list[Edit]], spots: Sequence[dict[int, _Spot]]
) -> bool:
    """Whether the place is inside of one string in the file, and no edit is in the way."""
    spot = spots[edit.cell - 1].get(edit.line) if edit.cell <= len(spots) else None
    if spot is None or edit.end_column > spot.length:
        return False
    return (edit.cell, edit.line) not in taken


def _edited(text: str, spot: _Spot, edits: list[Edit]) -> str:
    """``text`` with the edits made inside of one of its strings; all other bytes stay."""
    start, end = spot.piece.start + 1, spot.piece.end - 1
    offsets = [start + match.start() for match in CHARACTER.finditer(text[start:end])] + [end]
    for edit in sorted(edits, key=lambda e: (e.column, e.end_column), reverse=True):
        first, last = offsets[spot.start + edit.column], offsets[spot.start + edit.end_column]
        new = json.dumps(edit.text, ensure_ascii=text.isascii())[1:-1]
        text = text[:first] + new + text[last:]
    return text
