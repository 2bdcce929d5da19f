"""Reviews as annotations of GitHub Actions, on the lines of the new notebook."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chasm.findings import Severity
from chasm.report.review_words import delta_words, main_changes, title
from chasm.report.safe import cut, harmless, visible
from chasm.report.text import said
from chasm.review.model import Change, Review

KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
#: More of one kind are not shown for one step.
SHOWN = 10
MAX_TEXT = 400


@dataclass(frozen=True, slots=True)
class _Note:
    kind: str
    title: str
    text: str
    file: str
    line: int = 1
    end_line: int = 1


def render(reviews: Sequence[Review]) -> str:
    """Errors, warnings, notices; of each kind as many as are shown, the last counts the rest."""
    notes = [note for one in reviews for note in _notes(one)]
    lines: list[str] = []
    for kind in ("error", "warning", "notice"):
        found = [note for note in notes if note.kind == kind]
        kept = found if len(found) <= SHOWN else found[: SHOWN - 1]
        lines += [_command(note) for note in kept]
        if len(kept) < len(found):
            more = f"{len(found) - len(kept)} more in the summary"
            lines.append(f"::{kind} title=chasm review::{more}")
    return "\n".join(lines)


def _notes(review: Review) -> Iterator[_Note]:
    if review.error:
        yield _Note("error", "chasm review", review.error, review.file)
        return
    for client in review.package.clients:
        if client.breaks:
            text = f"{client.name} {client.text}".strip()
            yield _Note("warning", "Old clients break", text, review.file)
    for folder in review.stale:
        yield _Note("warning", "The package is out of date", folder, review.file)
    for one in review.found:
        name = f"{one.finding.code} {one.name}"
        lines = (one.raw_line, one.raw_end_line)
        yield _Note(KINDS[one.finding.severity], name, said(one), review.file, *lines)
    for change in main_changes(review):
        at = change.new_at
        lines = (at.raw_line, at.raw_end_line) if at is not None else (1, 1)
        yield _Note("notice", title(change), _text(change), review.file, *lines)


def _text(change: Change) -> str:
    cell = change.new_at or change.old_at
    parts = [delta_words(d) for d in change.deltas]
    what = ", ".join(parts) if parts else change.new or change.old
    return f"{'was in ' if change.new_at is None else ''}cell {cell.cell if cell else '?'}: {what}"


def _command(note: _Note) -> str:
    properties = [("title", note.title), ("file", note.file), ("line", str(note.line))]
    if note.end_line > note.line:
        properties.append(("endLine", str(note.end_line)))
    told = ",".join(f"{key}={_property(value)}" for key, value in properties)
    return f"::{note.kind} {told}::{_data(harmless(cut(visible(note.text), MAX_TEXT)))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")
