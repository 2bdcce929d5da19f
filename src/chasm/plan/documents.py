"""Docstrings: the author's heading or comment, and the cells that a function came from."""

from chasm.plan.groups import MODELS, Group
from chasm.plan.naming import misleads, snake, told_of, words_of
from chasm.rulebook import Rulebook

MAX_LENGTH = 70

#: Signs of a word that is code and keeps its case at the head of a sentence.
CODE = "_.()[]=/"


def doc_of(group: Group, heading: str, book: Rulebook) -> str:
    """The docstring's one line for the function of ``group``, which opens ``heading``."""
    comment = group.statements[0].comment
    if heading and misleads(words_of(heading, book, True), group):
        heading = ""
    text = (comment if _is_sentence(comment) else heading) or described(group, book)
    text = " ".join(text.split()).strip(" .:-#=*!")
    if len(text) > MAX_LENGTH:
        text = text[: MAX_LENGTH - 1].rsplit(" ", 1)[0] + "…"
    where = f"[{cells_text(group.cells)}]"
    if not text:
        return where
    if not any(sign in text.split()[0].rstrip(".,:;!?") for sign in CODE):
        text = text[0].upper() + text[1:]
    return f"{text}.  {where}" if text[-1] not in ".!?…" else f"{text}  {where}"


def described(group: Group, book: Rulebook) -> str:
    """What a function does, as far as that is known of its statements."""
    members = group.statements
    models = [
        s.owner.rpartition(".")[2]
        for s in members
        if s.owner and any(v.kind in MODELS for v in s.values.values())
    ]
    files = sorted({file for s in members for file in s.effects.reads if file != "*"})
    columns = list(dict.fromkeys(c for s in members for c in s.columns))
    if group.module == "report" and (told := _reported(group)):
        return told
    if group.stage == "load" and files:
        return f"Read {_listed(files)}"
    if any(s.stage == "split" for s in members):
        return "Divide the rows into those to train on and those to test with"
    if any(s.effects.fits for s in members) and models:
        scored = " and evaluate it" if any(s.effects.metric for s in members) else ""
        return f"Fit {_article(models[0])} {models[0]}{scored}"
    if columns:
        return f"Make the column{'s' if len(columns) > 1 else ''} {_listed(columns)}"
    for s in members:
        for call in s.calls:
            verb, noun = book.phrases.get(snake(call), ("", ""))
            if verb:
                labels = list(dict.fromkeys(label for other in members for label in other.labels))
                what = _listed(labels) if labels else noun.replace("_", " ")
                return f"{verb.replace('_', ' ').capitalize()} {what}"
    return ""


def _reported(group: Group) -> str:
    """What a function of the report shows: by the figure's title, else by the columns in it."""
    members = group.statements
    titles = list(dict.fromkeys(title for s in members for title in s.titles))
    labels = list(dict.fromkeys(label for s in members for label in s.labels))
    what = _listed(titles) or _listed(labels)
    if any(s.effects.draws for s in members):
        return f"Draw {what or 'a figure'}"
    if any(s.effects.prints for s in members):
        return f"Print {what}" if what else ""
    # A value that has a name and is shown as it stands.
    if all(s.shown and not s.calls for s in members) and (told := told_of(group)):
        return f"Show {_listed(told)}"
    return ""


def _article(noun: str) -> str:
    return "an" if noun[:1] in "AEIO" else "a"


def _listed(names: list[str]) -> str:
    """``A``, ``A and B``, ``A, B and 3 more``."""
    plain = [" ".join(name.split()) for name in names]
    if len(plain) > 3:
        return f"{', '.join(plain[:2])} and {len(plain) - 2} more"
    return " and ".join([", ".join(plain[:-1]), plain[-1]] if len(plain) > 1 else plain)


def with_cells(doc: str, before: tuple[int, ...], now: list[int]) -> str:
    """A docstring that names the cells ``now`` where it named those ``before``."""
    return doc.replace(f"[{cells_text(before)}]", f"[{cells_text(now)}]")


def _is_sentence(comment: str) -> bool:
    return len(comment.split()) >= 2 and not any(c in comment for c in "=()[]{}")


def cells_text(cells: list[int] | tuple[int, ...]) -> str:
    """``cell 3`` or ``cells 7-8, 12``."""
    runs: list[list[int]] = []
    for cell in cells:
        if runs and cell == runs[-1][-1] + 1:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    text = ", ".join(f"{r[0]}-{r[-1]}" if len(r) > 1 else str(r[0]) for r in runs)
    return f"cell{'s' if len(cells) > 1 else ''} {text}"
