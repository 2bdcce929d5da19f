"""The sentences of a review that all its formats share."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from chasm.findings import Severity
from chasm.report.safe import shaped
from chasm.report.text import number
from chasm.review.model import Change, Delta, How, Part, Review

#: Parts that no result depends on.
ASIDE = (Part.REPORT,)


def title(change: Change) -> str:
    """``Filter removed``."""
    return f"{change.part.value.capitalize()} {change.how.value}"


def where(change: Change) -> str:
    """The cells of both versions, as far as they differ."""
    old, new = change.old_at, change.new_at
    if new is None:
        return f"was in cell {old.cell}" if old is not None else ""
    place = f"cell {new.cell}, line {new.line}"
    moved = change.how is How.ORDER and old is not None and old.cell != new.cell
    return f"{place} (was in cell {old.cell})" if moved and old is not None else place


def delta_words(one: Delta) -> str:
    """``n_estimators 100 -> 300``; what came is after a plus, what went after a minus."""
    if not one.old:
        return f"{one.name} + {one.new}".strip()
    if not one.new:
        return f"{one.name} - {one.old}".strip()
    return f"{one.name} {one.old} -> {one.new}".strip()


def difference(old: str, new: str) -> list[str]:
    """The lines of both, each after a sign that says whether it came, went or stayed."""
    # Spaces at a line's end change nothing.
    before, after = ([shaped(x).rstrip() for x in text.split("\n")] for text in (old, new))
    found: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, False).get_opcodes():
        if kind == "equal":
            found += [f"  {line}" for line in before[a:b]]
        else:
            found += [f"- {line}" for line in before[a:b]] + [f"+ {line}" for line in after[c:d]]
    return found


def needs_name(change: Change) -> bool:
    """Whether the pieces that differ do not say themselves what they belong to."""
    texts = [text for d in change.deltas for text in (d.name, d.old, d.new)]
    return not any(change.what in text for text in texts)


def main_changes(review: Review) -> list[Change]:
    """The changes that a result may depend on."""
    return [one for one in review.changes if one.part not in ASIDE]


def side_changes(review: Review) -> list[Change]:
    """The changes of what is only looked at."""
    return [one for one in review.changes if one.part in ASIDE]


def unchanged(review: Review) -> list[str]:
    """What is other in the file and changes nothing that is computed."""
    found = []
    for move in review.moves:
        count, old, new = number(move.count, "statement"), move.old_cell, move.new_cell
        if not move.reordered:
            way = f"of the former cell {old} now in cell {new}"
        elif old == new:
            way = f"moved within cell {new}"
        else:
            way = f"moved from cell {old} to cell {new}"
        found.append(f"{count} {way}, without effect")
    if review.texts:
        found.append(f"only words or layout changed in {number(review.texts, 'cell')}")
    if review.cleared:
        found.append("the stored outputs were cleared: there are no figures to compare")
    return found


def headline(review: Review) -> str:
    """What the review of one notebook comes to."""
    if review.error:
        return "could not be reviewed"
    if review.how is not How.CHANGED:
        base = "new notebook" if review.how is How.ADDED else "notebook removed"
        return ", ".join([base, *_findings(review)])
    parts = []
    if main := main_changes(review):
        parts.append(number(len(main), "change"))
    if side := side_changes(review):
        parts.append(f"{number(len(side), 'change')} of what is only looked at")
    if review.metrics:
        parts.append(f"{number(len(review.metrics), 'stored figure')} changed")
    parts += _findings(review)
    if review.package.breaking:
        parts.append("breaks old clients")
    if review.stale:
        parts.append("package out of date")
    return ", ".join(parts) or "nothing that is computed changed"


def _findings(review: Review) -> list[str]:
    parts = []
    for severity in Severity:
        count = sum(one.finding.severity is severity for one in review.found)
        if count:
            parts.append(number(count, f"new {severity.value}"))
    if review.mended:
        parts.append(f"{len(review.mended)} mended")
    return parts


def overview(reviews: Sequence[Review]) -> str:
    """The one line over all notebooks."""
    if not reviews:
        return "No notebook changed."
    count = _counted(reviews)
    if all(one.quiet for one in reviews):
        return f"{count}; nothing that is computed did."
    changes = sum(len(main_changes(one)) for one in reviews)
    parts = [number(changes, "change") + " in the pipeline"] if changes else []
    for text, total in (
        ("new finding", sum(len(one.found) for one in reviews)),
        ("mended finding", sum(len(one.mended) for one in reviews)),
    ):
        if total:
            parts.append(number(total, text))
    if any(one.package.breaking for one in reviews):
        parts.append("old clients break")
    return f"{count}: {', '.join(parts)}." if parts else f"{count}."


def _counted(reviews: Sequence[Review]) -> str:
    """``2 notebooks changed, 1 added``."""
    counts = {how: sum(one.how is how for one in reviews) for how in How}
    parts = [f"{count} {how.value}" for how, count in counts.items() if count]
    first, _, rest = ", ".join(sorted(parts, key=lambda part: "changed" not in part)).partition(" ")
    return f"{number(int(first), 'notebook')} {rest}"
