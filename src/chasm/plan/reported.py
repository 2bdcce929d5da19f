"""Names for the functions of the report: by what they draw, print and show."""

from chasm.plan.group import Group
from chasm.plan.told import Told
from chasm.plan.words import LITTLE, RESERVED, identifier, snake, trimmed
from chasm.rulebook import Rulebook

#: The verb of a function that does nothing but show a value.
SHOWS = "show"
#: The name of a figure or a table is as long as that at most.
MAX_NAME = 48
#: What a phrase for a value starts with, other than the name of a variable.
THE = "the "


def report_name(group: Group, book: Rulebook, told: Told, heading: str = "") -> str:
    """A figure by what it draws, a table by what it counts, a print by what it prints.

    What only its calls would name is called as its ``heading``.
    """
    drawn = any(s.effects.draws for s in group.statements)
    if told.picture is not None:
        return _whole_words(told.picture.name)
    calls = [snake(c) for s in group.statements for c in s.calls]
    calls = [c for c in dict.fromkeys(calls) if c not in RESERVED and c not in book.mute]
    named = [
        t for s in group.statements if not s.titles for t in s.labels if t not in s.effects.writes
    ]
    labels = [identifier(t) for t in named]
    subject = [t for t in dict.fromkeys(labels) if 1 < len(t) <= 24][:2]
    if drawn:
        kind = drawn_kind(group, book)
        if not kind:
            # What a function of the notebook draws may be told by what it is given.
            return identifier("_".join([*subject, *calls[-1:]])) or "figure"
        taken = [name for name in map(snake, told.takes) if name and name not in book.noise]
        return _whole_words(" ".join([*taken[:1], kind]))
    if any(s.effects.prints for s in group.statements):
        said = [text for text in map(_short, told.texts[:2]) if text not in LITTLE]
        said = said if len(set("_".join(said).split("_"))) <= 4 else said[:1]
        if not said and heading:
            return heading
        words = said or calls[:2] or subject
        values = "_and_".join(words) or "_".join(told_of(group)) or "values"
        return identifier(f"print_{values}")
    if told.table is not None:
        return _whole_words(told.table.name)
    if len(told.shown) == 1:
        (phrase,) = told.shown
        is_name = not phrase.startswith(THE)
        return _whole_words(f"{SHOWS} {phrase}" if is_name else phrase.replace(THE, ""))
    if heading:
        return heading
    words = [*subject, *calls[-1:]] if subject else calls[-2:]
    if not words and (shown := told_of(group)):
        words = [SHOWS, *shown, *(c for c in group.statements[-1].calls[-1:] if c not in shown)]
    return identifier("_".join(words)) or "show_value"


def drawn_kind(group: Group, book: Rulebook) -> str:
    """What kind of figure is drawn, where it is of one kind."""
    calls = [snake(call) for s in group.statements for call in s.calls]
    kinds = {book.figures[call] for call in calls if call in book.figures}
    return kinds.pop() if len(kinds) == 1 else ""


def _whole_words(text: str) -> str:
    """A name of whole words, not too long to be read in a call."""
    words = identifier(text).split("_")
    if len("_".join(words)) <= MAX_NAME:
        return "_".join(words)
    while len("_".join(words)) > MAX_NAME and len(words) > 2:
        words.pop()
    return "_".join(trimmed(words))


def _short(text: str) -> str:
    """The first words of a printed text, without what a name does not end with."""
    return "_".join(trimmed(identifier(text).split("_")[:4]))


def told_of(group: Group) -> list[str]:
    """The first two names that a function of the report takes its values from."""
    told = [n for s in group.statements for n in s.ordered if n in s.reads - {"print"}]
    return [name for name in dict.fromkeys(told) if 1 <= len(identifier(name)) <= 24][:2]


def shown_name(function: str) -> str:
    """What the file or line of a shown value is called: as the function, without its verb."""
    return function.removeprefix(f"{SHOWS}_")
