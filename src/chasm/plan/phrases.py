"""What the calls of a function say of it: a verb, and what it is done to."""

from chasm.analyse.details import MASK
from chasm.model import Statement
from chasm.plan.group import Group
from chasm.plan.words import snake
from chasm.rulebook import Rulebook

#: Verbs that say how a column was changed and not what for.
WEAK = {"split", "map", "replace", "derive", "transform"}
#: Verbs of what is done on the way to something else.
CHOOSING = {"select", "filter_rows_by"}
#: The method that drops rows or columns, and the attribute that has the names of rows.
DROP, INDEX = "drop", "index"


def phrases_of(book: Rulebook, s: Statement) -> list[tuple[str, str]]:
    """What is said of the calls of a statement: verbs and nouns."""
    if s.syntax == "Delete" and s.labels:
        return [("drop", "columns")]
    receivers = dict(s.receivers)
    # A part of another table is a value like others; a table of which rows go is filtered.
    calls = [c for c in s.calls if c != MASK or s.binds & s.reads]
    if calls[-1:] == [DROP] and INDEX in calls:
        # Rows are dropped by the index of those that a condition chooses, columns by their names.
        calls = [MASK if c == DROP else c for c in calls]
    told = (book.phrase(snake(c), receivers.get(c, "")) for c in calls)
    return [one for one in told if one is not None]


def phrase_of(group: Group, book: Rulebook) -> tuple[str, str] | None:
    """What the first statement of which something is said does: choosing is said last."""
    for s in group.statements:
        if said := phrases_of(book, s):
            return next((one for one in said if one[0] not in CHOOSING), said[0])
    return None


def labels_of(group: Group, book: Rulebook, verb: str) -> list[str]:
    """The columns that are named where ``verb`` is done, and nowhere else."""
    doing = (s for s in group.statements if verb in (v for v, _ in phrases_of(book, s)))
    return list(dict.fromkeys(label for s in doing for label in s.labels))


def phrase_of_changed(group: Group, book: Rulebook) -> tuple[str, str] | None:
    """What is done to columns that were there, where a call says it."""
    found = (p for s in group.statements if s.reworked for p in phrases_of(book, s))
    return next((phrase for phrase in found if phrase[0] not in WEAK), None)
