"""What a name promises of a function."""

import dataclasses
import re

from chasm.model import Effects, Statement
from chasm.plan.group import Group, columns_of
from chasm.rulebook import Rulebook

#: What a statement may do; other words are stages.
EFFECTS = frozenset(field.name for field in dataclasses.fields(Effects))


def tells_of_others(text: str, group: Group) -> bool:
    """Whether a comment names columns that its cell changes in another function."""
    words = set(re.findall(r"\w+", text.lower()))
    own = {column for columns in columns_of(group) for column in columns}
    return any(column.lower() in words for column in group.beside - own)


def misleads(name: str, group: Group, book: Rulebook) -> bool:
    """Whether a name promises what no statement does: a figure, a fit, a table that is read."""
    promised = book.promises.get(name.partition("_")[0], ())
    return bool(promised) and not any(_does(s, word) for s in group.statements for word in promised)


def _does(s: Statement, word: str) -> bool:
    """Whether a statement has an effect, or is of a stage."""
    if word == "shown":
        return s.shown is not None
    return bool(getattr(s.effects, word)) if word in EFFECTS else s.stage == word
