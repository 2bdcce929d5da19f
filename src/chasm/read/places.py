"""Where the lines of the cells stand in the file: physical lines, and spans for edits."""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from json.decoder import scanstring  # type: ignore[attr-defined]

#: What stands between two members or items, and between a key and its value.
GAP = re.compile(r"[ \t\n\r,]*")
COLON = re.compile(r"[ \t\n\r]*:[ \t\n\r]*")
DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Piece:
    """One JSON string of a cell's source: where it stands in the text, and what it says."""

    start: int
    end: int
    value: str


class _Unreadable(Exception):
    """The text is not laid out as notebooks are."""


def pieces_of(text: str, wanted: Collection[int] | None = None) -> list[list[Piece]]:
    """The strings that make the source of each cell of an ``.ipynb`` file, in their order.

    Of nbformat 3 only the first worksheet counts. Empty when the text is no notebook. When only
    some cells are ``wanted``, the others have no strings, and what follows the last is left out.
    """
    try:
        return _Scanner(text).cells(wanted)
    except (_Unreadable, ValueError, IndexError, RecursionError):
        return []


def lines_of_cells(
    text: str, dialect: str, sources: list[str], wanted: Collection[int] | None = None
) -> list[list[int]]:
    """For each cell the physical line of each of its lines; of an empty cell, of its start.

    The lines of the ``wanted`` cells are there, when the others do not matter.
    """
    if dialect == ".py":
        return _lines_of_script(text, sources)
    found: list[list[int]] = []
    line, position = 1, 0
    for pieces in pieces_of(text, wanted):
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
        self._gap()

    def cells(self, wanted: Collection[int] | None) -> list[list[Piece]]:
        for key in self._keys():
            if key == "cells":
                last = max(wanted, default=0) if wanted is not None else None
                numbered = enumerate(islice(self._items(), last), start=1)
                return [self._cell(wanted is None or number in wanted) for number, _ in numbered]
            if key == "worksheets":
                for _ in self._items():
                    return self.cells(wanted)
            self._skip()
        return []

    def _cell(self, is_wanted: bool) -> list[Piece]:
        found: list[Piece] = []
        if not is_wanted:
            self._skip()
            return found
        for key in self._keys():
            if key in ("source", "input"):
                found = self._source()
            else:
                self._skip()
        return found

    def _source(self) -> list[Piece]:
        if self.text[self.at] != "[":
            return [self._string()]
        return [self._string() for _ in self._items()]

    def _string(self) -> Piece:
        if self.text[self.at] != '"':
            raise _Unreadable
        start = self.at
        value, self.at = scanstring(self.text, start + 1, False)
        return Piece(start, self.at, value)

    def _keys(self) -> Iterator[str]:
        for _ in self._parts("{", "}"):
            key, self.at = scanstring(self.text, self.at + 1, False)
            colon = COLON.match(self.text, self.at)
            if colon is None:
                raise _Unreadable
            self.at = colon.end()
            yield key

    def _items(self) -> Iterator[int]:
        return self._parts("[", "]")

    def _parts(self, opening: str, closing: str) -> Iterator[int]:
        """Stops at each part of an object or a list; who asks for the next has gone past it."""
        text = self.text
        if text[self.at] != opening:
            raise _Unreadable
        self.at += 1
        while True:
            self._gap()
            if text[self.at] == closing:
                self.at += 1
                return
            yield self.at

    def _gap(self) -> None:
        found = GAP.match(self.text, self.at)
        self.at = found.end() if found is not None else self.at

    def _skip(self) -> None:
        _, self.at = DECODER.raw_decode(self.text, self.at)
