"""Compares the files that two processes wrote, by their names and contents."""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from chasm.verify.model import Difference, Event, Result, Run, Status
from chasm.verify.printed import same_line
from chasm.verify.values import Comparison
from chasm.verify.words import NOTHING

#: Pictures of figures are compared by the data of the figures.
PICTURES = {".png", ".jpg", ".jpeg", ".svg", ".pdf", ".eps", ".gif", ".webp"}
#: Archives of texts, some of which say when they were made.
BOOKS, WHEN = {".xlsx", ".ods"}, ("docProps/", "meta.xml")
FIGURE_KINDS = ("figure", "picture")


def file_results(
    notebook: Run, again: Sequence[Run], package: Run, saved: frozenset[str]
) -> Iterator[Result]:
    """A result for each file of the notebook.

    Of those ``saved`` the values are compared apart, and here what can be read besides.
    """
    answers: dict[str, list[Path]] = {}
    for _, path in package.files.values():
        answers.setdefault(path.name, []).append(path)
    moving = {way for other in again for way in _moving(notebook, other)}
    pictures = Pictures(notebook, package)
    for way, (cell, path) in notebook.files.items():
        if way in moving:
            yield Result(Status.UNSTABLE, "file", path.name, cell)
            answers.get(path.name, [])[:1] = []
            continue
        if path.name in saved and not _readable(path):
            continue
        found = [
            (pictures.difference(path, candidate, cell), candidate)
            for candidate in answers.get(path.name, [])
        ]
        if not found:
            if path.name not in saved:
                yield Result(Status.MISSING, "file", path.name, cell)
            continue
        difference, candidate = min(found, key=lambda pair: pair[0] is not None)
        answers[path.name].remove(candidate)
        status = Status.DIFFERS if difference else Status.EQUAL
        if path.name not in saved or difference:
            yield Result(status, "file", path.name, cell, difference)


def _moving(notebook: Run, again: Run) -> set[str]:
    """The files that another run of the notebook wrote otherwise."""
    pictures = Pictures(notebook, again)
    found = set()
    for way, (cell, path) in notebook.files.items():
        other = again.files.get(way)
        if other is None or pictures.difference(path, other[1], cell):
            found.add(way)
    return found


class Pictures:
    """Compares files, among them those that show figures."""

    def __init__(self, notebook: Run, package: Run) -> None:
        self._comparison = Comparison(notebook.values, package.values)
        self._ours, self._theirs = _last(notebook), _last(package)
        self._drawing = {event.cell for event in notebook.events if event.kind in FIGURE_KINDS}

    def difference(self, path: Path, other: Path, cell: int | None) -> Difference | None:
        """The first difference of two files; a picture is what the figure in it shows."""
        if path.suffix.lower() not in PICTURES:
            return _difference(path, other)
        if path.name in self._ours and path.name in self._theirs:
            return self._comparison.difference(self._ours[path.name], self._theirs[path.name])
        # What was drawn by no figure is nothing but its file.
        return None if cell in self._drawing else _difference(path, other)


def _last(run: Run) -> Mapping[str, Any]:
    """The figures that were saved to pictures, by the names of these."""
    events: list[Event] = [event for event in run.events if event.kind == "picture"]
    return {event.name: event.value for event in events}


def _readable(path: Path) -> bool:
    """Whether a file says how it was written, besides which values."""
    if path.suffix.lower() in BOOKS:
        return True
    try:
        with path.open(encoding="utf-8") as file:
            return "\0" not in file.read(4096)
    except (OSError, UnicodeDecodeError):
        return False


def _difference(path: Path, other: Path) -> Difference | None:
    try:
        one, two = path.read_bytes(), other.read_bytes()
    except OSError:
        return Difference("file", path.name, NOTHING)
    if one == two:
        return None
    if path.suffix.lower() in BOOKS:
        return _book_difference(path, other)
    try:
        texts = one.decode("utf-8"), two.decode("utf-8")
    except UnicodeDecodeError:
        return Difference("bytes", f"{len(one)} bytes", f"{len(two)} other bytes")
    return _text_difference(*texts)


def _text_difference(one: str, two: str, where: str = "") -> Difference | None:
    lines = zip_longest(one.splitlines(), two.splitlines(), fillvalue=NOTHING)
    for number, (left, right) in enumerate(lines, start=1):
        if not same_line(left, right):
            return Difference(f"{where}line {number}", left[:120], right[:120])
    return None


def _book_difference(path: Path, other: Path) -> Difference | None:
    """The first part of two workbooks that differs."""
    try:
        with zipfile.ZipFile(path) as one, zipfile.ZipFile(other) as two:
            for name in sorted({*one.namelist(), *two.namelist()}):
                if name.startswith(WHEN):
                    continue
                left, right = (
                    book.read(name).decode("utf-8", "replace") if name in book.namelist() else ""
                    for book in (one, two)
                )
                if found := _text_difference(left, right, f"{name}, "):
                    return found
    except (OSError, zipfile.BadZipFile):
        return Difference("file", path.name, "no such workbook")
    return None
