"""A verdict for people: a line a cell, the differences, what it comes to."""

from collections import Counter
from collections.abc import Iterator

from chasm.verify.model import Result, Status, Verdict

COLUMNS = (Status.EQUAL, Status.DIFFERS, Status.MISSING, Status.UNSTABLE)
KINDS = {
    "fit": ("fit", "fits"),
    "predict": ("prediction", "predictions"),
    "metric": ("metric", "metrics"),
    "figure": ("figure", "figures"),
    "save": ("saved value", "saved values"),
    "file": ("file", "files"),
    "shown": ("shown value", "shown values"),
    "print": ("printed line", "printed lines"),
    "variable": ("last value", "last values"),
}
#: So many results of one status are told apart; of more, only their number.
TOLD = 50


def verdict_text(verdict: Verdict) -> str:
    """The verdict as lines of text."""
    lines = [
        *_table(verdict),
        *_told(verdict),
        *_stored(verdict),
        *(f"note: {note}" for note in verdict.notes),
        *_failures(verdict),
        summary_line(verdict),
    ]
    return "\n".join(lines) + "\n"


def summary_line(verdict: Verdict) -> str:
    """What the verdict comes to, in one line."""
    if not verdict.ran:
        equal = sum(stored.status is Status.EQUAL for stored in verdict.stored)
        return (
            f"as stored, {equal} of {len(verdict.stored)} lines with figures: {verdict.notebook} "
            "was not run, so nothing is proved"
        )
    counts = {status: verdict.count(status) for status in Status}
    counted = counts[Status.EQUAL] + counts[Status.DIFFERS] + counts[Status.MISSING]
    parts = [f"{counts[Status.EQUAL]} of {counted} results equal"]
    parts += [
        f"{counts[status]} {words}"
        for status, words in (
            (Status.DIFFERS, "differ" if counts[Status.DIFFERS] != 1 else "differs"),
            (Status.MISSING, "missing"),
            (Status.UNSTABLE, "unstable and not counted"),
            (Status.EXTRA, "of the package alone"),
        )
        if counts[status]
    ]
    if verdict.agrees:
        end = f"{verdict.package} does what {verdict.notebook} does" if counted else "no results"
    else:
        end = f"{verdict.package} is not shown to do what {verdict.notebook} does"
    return f"{', '.join(parts)}: {end}"


def _table(verdict: Verdict) -> Iterator[str]:
    cells = sorted({result.cell for result in verdict.results if result.cell is not None})
    if not cells:
        return
    yield "cell " + "".join(f"{status.value:>10}" for status in COLUMNS) + "   what"
    for cell in cells:
        results = [result for result in verdict.results if result.cell == cell]
        counts = Counter(result.status for result in results)
        numbers = "".join(f"{counts[status] or '-':>10}" for status in COLUMNS)
        yield f"{cell:>4} {numbers}   {_kinds(results)}"


def _kinds(results: list[Result]) -> str:
    counts = Counter(result.kind for result in results)
    return ", ".join(
        f"{counts[kind]} {names[counts[kind] != 1]}"
        for kind, names in KINDS.items()
        if counts[kind]
    )


def _told(verdict: Verdict) -> Iterator[str]:
    for status in (Status.DIFFERS, Status.MISSING, Status.UNSTABLE):
        found = [result for result in verdict.results if result.status is status]
        for result in found[:TOLD]:
            yield f"{verdict.notebook}:cell {result.cell}: {status.value}: {_what(result)}"
        if len(found) > TOLD:
            yield f"{verdict.notebook}: {len(found) - TOLD} more: {status.value}"


def _what(result: Result) -> str:
    text = f"{KINDS[result.kind][0]} {result.name}".rstrip()
    if (found := result.difference) is not None:
        text += f": {found.where}: {found.notebook} in the notebook, {found.package} in the package"
    return text


def _stored(verdict: Verdict) -> Iterator[str]:
    """What the file had stored, which proves nothing, and is told where it says otherwise."""
    if not verdict.stored:
        return
    equal = sum(stored.status is Status.EQUAL for stored in verdict.stored)
    yield f"as stored in {verdict.notebook}: {equal} of {len(verdict.stored)} lines with figures"
    for stored in verdict.stored:
        if stored.status is Status.DIFFERS:
            yield f"as stored: cell {stored.cell}: {stored.line} | now: {stored.package}"
        elif stored.status is Status.MISSING and not verdict.ran:
            yield f"as stored: cell {stored.cell}: {stored.line} | now: nowhere"


def _failures(verdict: Verdict) -> Iterator[str]:
    for failure in verdict.failures:
        if failure.cell is not None:
            yield f"{verdict.notebook}:cell {failure.cell}: error: {failure.message}"
        else:
            yield f"{verdict.package}: error: {failure.message}"
