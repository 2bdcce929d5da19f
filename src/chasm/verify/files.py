"""Compares the files that two processes wrote, by their names and contents."""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from chasm.verify.model import Difference, Result, Run, Status
from chasm.verify.printed import NUMBER, same_figures
from chasm.verify.values import NOTHING

#: Pictures are compared as figures, by their data; here it counts that they were written.
PICTURES = {".png", ".jpg", ".jpeg", ".svg", ".pdf", ".eps", ".gif", ".webp"}
MAX_BYTES = 50_000_000


def file_results(
    notebook: Run, again: Run | None, package: Run, saved: frozenset[str]
) -> Iterator[Result]:
    """A result for each file of the notebook; the values of those ``saved`` are compared apart."""
    answers: dict[str, list[Path]] = {}
    for _, path in package.files.values():
        answers.setdefault(path.name, []).append(path)
    for way, (cell, path) in notebook.files.items():
        other = again.files.get(way) if again else None
        if again and (other is None or _difference(path, other[1])):
            yield Result(Status.UNSTABLE, "file", path.name, cell)
            answers.get(path.name, [])[:1] = []
            continue
        if path.name in saved:
            continue
        found = [
            (_difference(path, candidate), candidate) for candidate in answers.get(path.name, [])
        ]
        if not found:
            yield Result(Status.MISSING, "file", path.name, cell)
            continue
        difference, candidate = min(found, key=lambda pair: pair[0] is not None)
        answers[path.name].remove(candidate)
        status = Status.DIFFERS if difference else Status.EQUAL
        yield Result(status, "file", path.name, cell, difference)


def _difference(path: Path, other: Path) -> Difference | None:
    if path.suffix.lower() in PICTURES:
        return None
    try:
        one, two = path.read_bytes(), other.read_bytes()
    except OSError:
        return Difference("file", path.name, NOTHING)
    if one == two:
        return None
    try:
        texts = one[:MAX_BYTES].decode("utf-8"), two[:MAX_BYTES].decode("utf-8")
    except UnicodeDecodeError:
        return Difference("bytes", f"{len(one)} bytes", f"{len(two)} other bytes")
    lines = zip_longest(*(text.splitlines() for text in texts), fillvalue=NOTHING)
    for number, (left, right) in enumerate(lines, start=1):
        if left != right and not _same_line(left, right):
            return Difference(f"line {number}", left[:120], right[:120])
    return None


def _same_line(left: str, right: str) -> bool:
    return NUMBER.sub("#", left) == NUMBER.sub("#", right) and same_figures(left, right)
