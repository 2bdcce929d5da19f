"""Where the lines of the cells stand in the file: physical lines, and spans for edits."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from json.decoder import scanstring  # type: ignore[attr-defined]

WHITESPACE = re.compile(r"[ \t\n\r]*")
DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Piece:
    """One JSON string of a cell's source: where it stands in the text, and what it says."""

    start: int
    end: int
    value: str


class _Unreadable(Exception):
    """The text is not laid out as notebooks are."""


def pieces_of(text: str, count: int | None = None) -> list[list[Piece]]:
    """The strings that make the source of each cell of an ``.ipynb`` file, in their order.

    Of nbformat 3 only the first worksheet counts. Empty when the text is no notebook. When only
    the first ``count`` cells are asked for, the rest of the text is not looked at.
    """
    try:
        return _Scanner(text).cells(count)
    except (_Unreadable, ValueError, IndexError, RecursionError):
        return []


def lines_of_cells(
    text: str, dialect: str, sources: list[str], count: int | None = None
) -> list[list[int]]:
    """For each cell the physical line of each of its lines; of an empty cell, of its start.

    At least the first ``count`` cells are there, when the others do not matter.
    """
    if dialect == ".py":
        return _lines_of_script(text, sources)
    found: list[list[int]] = []
    line, position = 1, 0
    for pieces in pieces_of(text, count):
        lines: list[int] = []
        for piece in pieces:
            line += text.count("\n", position, piece.start)
            position = piece.start
            # A string that ends with a line break is one line, any other one reaches further.
            count = piece.value.count("\n") + (not piece.value.endswith("\n"))
            lines += [line] * count
        found.append(lines)
    return found


def _lines_of_script(text: str, sources: list[str]) -> list[list[int]]:
    """Each cell is looked for from the end of the one before; comments may hide its lines."""
    physical = [_bare(line) for line in text.split("\n")]
    found: list[list[int]] = []
    at = 0
    for source in sources:
        wanted = [_bare(line) for line in source.split("\n")]
        start = next(
            (i for i in range(at, len(physical)) if physical[i : i + len(wanted)] == wanted), None
        )
        if start is None:
            found.append([min(at, len(physical) - 1) + 1] * len(wanted))
            continue
        found.append([start + n + 1 for n in range(len(wanted))])
        at = start + len(wanted)
    return found


def _bare(line: str) -> str:
    line = line.rstrip()
    for mark in ("# MAGIC ", "# "):
        if line.startswith(mark):
            return line[len(mark) :]
    return line


class _Scanner:
    """Finds its way through JSON without building what it does not need."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 1 if text.startswith("\ufeff") else 0

    def cells(self, count: int | None) -> list[list[Piece]]:
        for key in self._keys():
            if key == "cells":
                return [self._cell() for _ in islice(self._items(), count)]
            if key == "worksheets":
                for _ in self._items():
                    return self.cells(count)
            self._skip()
        return []

    def _cell(self) -> list[Piece]:
        found: list[Piece] = []
        for key in self._keys():
            if key in ("source", "input"):
                found = self._source()
            else:
                self._skip()
        return found

    def _source(self) -> list[Piece]:
        self._space()
        if self.text[self.at] != "[":
            return [self._string()]
        pieces: list[Piece] = []
        for _ in self._items():
            self._space()
            pieces.append(self._string())
        return pieces

    def _string(self) -> Piece:
        if self.text[self.at] != '"':
            raise _Unreadable
        start = self.at
        value, self.at = scanstring(self.text, start + 1, False)
        return Piece(start, self.at, value)

    def _space(self) -> None:
        found = WHITESPACE.match(self.text, self.at)
        self.at = found.end() if found is not None else self.at

    def _take(self, sign: str) -> bool:
        self._space()
        if self.text[self.at] != sign:
            return False
        self.at += 1
        return True

    def _keys(self) -> Iterator[str]:
        if not self._take("{"):
            raise _Unreadable
        while not self._take("}"):
            self._take(",")
            self._space()
            key = self._string().value
            if not self._take(":"):
                raise _Unreadable
            yield key

    def _items(self) -> Iterator[int]:
        if not self._take("["):
            raise _Unreadable
        while not self._take("]"):
            self._take(",")
            yield self.at

    def _skip(self) -> None:
        self._space()
        _, self.at = DECODER.raw_decode(self.text, self.at)
