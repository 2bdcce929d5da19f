"""Comments above imports: what they say of the cell stays with the code that follows."""

import re
from collections.abc import Iterable

from chasm.model import Facts, Statement
from chasm.plan.items import Carried
from chasm.plan.model import Fate, Function
from chasm.plan.words import snake
from chasm.read.secrets import masked
from chasm.rulebook import Rulebook

WORD = re.compile(r"[^\W\d_]+")
#: A shorter comment only says that something is imported, in whatever language; a longer one says
#: more in a few words that are not of every day.
MIN_LENGTH, MIN_WORDS = 8, 3


def handed_on(
    facts: Facts, fates: dict[int, tuple[Fate, str]], functions: Iterable[Function], book: Rulebook
) -> tuple[tuple[int, int], ...]:
    """Imports with a comment, and the statement below them in their cell that takes it."""
    carried = {i.statement for f in functions for i in f.body if isinstance(i, Carried)}
    found: list[tuple[int, int]] = []
    waiting: list[Statement] = []
    for s in facts.statements:
        waiting = [one for one in waiting if one.cell == s.cell]
        if fates[s.id][0] is Fate.IMPORT and _tells(facts, s, book):
            waiting.append(s)
        elif s.id in carried:
            found += [(one.id, s.id) for one in waiting]
            waiting = []
    return tuple(found)


def comment_over(facts: Facts, s: Statement) -> str:
    """The comment lines between a statement and the one above it, joined."""
    lines = next(c.source for c in facts.notebook.cells if c.index == s.cell).split("\n")
    found: list[str] = []
    for line in reversed(lines[: s.line - 1]):
        if line.strip() and not line.lstrip().startswith("#"):
            break
        found.append(line.strip(" \t#"))
    return masked(" ".join(" ".join(reversed(found)).split()))


def _tells(facts: Facts, s: Statement, book: Rulebook) -> bool:
    """Whether the comment above an import says more than what is imported."""
    names = [part for one in s.imports for part in (one.name, *one.module.split("."))]
    imported = {word for name in names for word in (name.lower(), *snake(name).split("_"))}
    words = [word.lower() for word in WORD.findall(comment_over(facts, s))]
    if len(words) < MIN_LENGTH or not book.opening.isdisjoint(words):
        return False
    return len(set(words) - imported - book.noise - book.verbs.keys()) >= MIN_WORDS
