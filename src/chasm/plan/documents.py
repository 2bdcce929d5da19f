"""Docstrings: the author's heading or comment, and the cells that a function came from."""

import re

from chasm.plan.group import MODELS, Group, columns_of, divides, refitted, styles
from chasm.plan.naming import LEARNS, is_search, words_of
from chasm.plan.phrases import labels_of, phrase_of, phrase_of_changed
from chasm.plan.promises import misleads, tells_of_others
from chasm.plan.reported import drawn_kind
from chasm.plan.told import Told
from chasm.rulebook import Rulebook

MAX_LENGTH = 70
#: A list of names is as long as that at most.
MAX_LIST = 54

#: Signs of a word that is code and keeps its case at the head of a sentence.
CODE = "_.()[]=/"
#: What functions do whose names say it, whatever the part is about that they stand in.
PLAIN = ("load_", "select_inputs", "select_target", "split_train_test")
#: What stands between the folders of a path, wherever it was written.
FOLDERS = re.compile(r"[/\\]")
#: The number of a heading, or of a step, and what stands between it and the words.
NUMBER = re.compile(
    r"^\W*(?:(?i:step|part|section|task|chapter|question|q)\s*)?"
    r"(?:[1-9]\d*(?:\.\d+)+[.):]?|\d+\s*[.):–—-]|[IVX]+[.)]|[A-Za-z][.)](?=\s))"
    r"(?=\s|$|[A-Z])[\s.:)–—-]*"
)


def doc_of(group: Group, name: str, heading: str, told: Told, book: Rulebook) -> str:
    """The docstring's one line for the function of ``group``, which opens ``heading``."""
    first = group.statements[0].comment
    own = _is_sentence(first) and not tells_of_others(first, group)
    comment = without_number(first) if own else ""
    heading = without_number(heading)
    plain = name.startswith(PLAIN) or group.learns and name.startswith(LEARNS)
    if heading and (plain or misleads(words_of(heading, book, True), group, book)):
        heading = ""
    whole = comment if group.remark else ""
    text = whole or heading or described(group, name, told, book) or comment or _flow(group, told)
    text = " ".join(text.split()).strip(" .:-#=*!")
    if len(text) > MAX_LENGTH:
        text = text[: MAX_LENGTH - 1].rsplit(" ", 1)[0] + "…"
    where = f"[{cells_text(group.cells)}]"
    if not text:
        return where
    if not any(sign in text.split()[0].rstrip(".,:;!?") for sign in CODE):
        text = text[0].upper() + text[1:]
    return f"{text}.  {where}" if text[-1] not in ".!?…" else f"{text}  {where}"


def without_number(heading: str) -> str:
    """``3.1 - Univariate Analysis`` without its number; empty where it was nothing else."""
    text = NUMBER.sub("", heading, count=1)
    return text if any(map(str.isalpha, text)) else ""


def described(group: Group, name: str, told: Told, book: Rulebook) -> str:
    """What a function does, as far as that is known of its statements."""
    members = group.statements
    models = [
        s.owner.rpartition(".")[2]
        for s in members
        if s.owner and any(v.kind in MODELS for v in s.values.values())
    ]
    files = sorted({file for s in members for file in s.effects.reads if file != "*"})
    written = sorted({file for s in members for file in s.effects.writes if file != "*"})
    if (group.module == "report" or group.tells) and (said := _reported(group, told, book)):
        return said
    if name.startswith(("select_inputs", "select_target")):
        what = "the inputs of the model" if "inputs" in name else "the target"
        return f"Take {what} from {_listed(list(told.takes))}" if told.takes else f"Take {what}"
    if files and (group.stage == "load" or any(s.stage == "load" for s in members)):
        return f"Read {_listed([FOLDERS.split(file)[-1] for file in files])}"
    if group.stage == "save" and written:
        return f"Write {_listed([FOLDERS.split(file.rstrip('/'))[-1] for file in written])}"
    if divides(group):
        return "Divide the rows into those to train on and those to test with"
    if any(s.effects.fits for s in members):
        scored = " and evaluate it" if any(s.effects.metric for s in members) else ""
        sought = [name for name in models if not is_search(name)]
        if sought and any(v.kind == "search" for s in members for v in s.values.values()):
            return f"Search the best {sought[-1]}{scored}"
        if models:
            return f"Fit {_article(models[0])} {models[0]}{scored}"
        if not any(s.owner for s in members) and (again := refitted(group)):
            return f"Fit {again[0]}{scored}"
    if group.learns and name.startswith(LEARNS):
        return f"Learn {_listed(list(told.makes))} from {_listed(list(told.takes))}"
    made, changed = columns_of(group)
    if made:
        return f"Make the column{'s' if len(made) > 1 else ''} {_listed(made)}"
    if changed:
        phrase = phrase_of_changed(group, book)
        verb = phrase[0].replace("_", " ").capitalize() if phrase is not None else "Clean"
        return f"{verb} {_listed(changed)}"
    if phrase := phrase_of(group, book):
        verb, noun = phrase
        labels = labels_of(group, book, verb)
        verb = verb if labels else verb.removesuffix("_by")
        what = _listed(labels) if labels else noun.replace("_", " ")
        return f"{verb.replace('_', ' ').capitalize()} {what}".rstrip()
    return ""


def _flow(group: Group, told: Told) -> str:
    """What is made of what, where nothing better is known."""
    if told.printed and any(s.effects.prints for s in group.statements):
        return _printed(told)
    if styles(group):
        return "Set how figures and tables look"
    made = list(told.makes)
    if told.shown and not made:
        return f"Show {_listed(list(told.shown))}"
    if not made:
        changed = [n for s in group.statements for n in s.ordered if n in s.mutates]
        if changed:
            return f"Change {_listed(list(dict.fromkeys(changed)))}"
        calls = group.statements[-1].calls
        taken = _listed(list(told.takes))
        if any(s.effects.prints for s in group.statements):
            return f"Print {taken}" if taken else ""
        return f"Call {calls[-1]}{f' on {taken}' if taken else ''}" if calls else ""
    others = [name for name in told.takes if name not in made]
    if not others:
        return f"{'Change' if told.takes else 'Define'} {_listed(made)}"
    return f"Compute {_listed(made)} from {_listed(others)}"


def _reported(group: Group, told: Told, book: Rulebook) -> str:
    """What a function of the report shows: by the figure's title, else by the columns in it."""
    members = group.statements
    titles = list(dict.fromkeys(title for s in members for title in s.titles))
    if any(s.effects.draws for s in members):
        drawn = drawn_kind(group, book)
        texts = [x for s in members for x in s.labels if x not in s.effects.writes]
        labels = list(dict.fromkeys(x for x in texts if len(x) > 1))
        what = _listed(titles) or _listed([] if drawn else labels) or _listed(list(told.takes))
        if told.picture is not None and not titles:
            noun = told.picture.noun
            article = "" if told.picture.many else f"{_article(noun)} "
            return f"Draw {article}{noun} of {told.picture.said}"
        if titles or not drawn:
            return f"Draw {what or 'a figure'}"
        # What of it is drawn is not known.
        taken = f" from {what}" if what else ""
        return f"Draw {_article(drawn)} {drawn}{taken}"
    if any(s.effects.prints for s in members):
        return _printed(told)
    if told.table is not None:
        return f"Show {told.table.said}"
    # A value that has a name and is shown as it stands.
    if told.shown and all(s.shown and not s.calls for s in members):
        return f"Show {_listed(list(told.shown))}"
    return ""


def _printed(told: Told) -> str:
    """What is printed: as much of it as a line holds."""
    return f"Print {_listed(list(told.printed))}" if told.printed else ""


def _article(noun: str) -> str:
    """The article before a noun as it is said: letters that stand for words by their names."""
    if noun.endswith("distribution"):
        return "the"
    spelled = re.match(r"[A-Z]{2,}(?![a-z])|[A-Z](?=[A-Z][a-z])", noun)
    return "an" if noun[:1] in ("AEFHILMNORSX" if spelled else "AEIOaeio") else "a"


def _listed(names: list[str]) -> str:
    """``A``, ``A and B``, ``A, B and 3 more``."""
    plain = [" ".join(name.split()) for name in names]
    if len(plain) < 2:
        return "".join(plain)
    if len(plain) <= 3 and len(", ".join(plain)) <= MAX_LIST:
        return f"{', '.join(plain[:-1])} and {plain[-1]}"
    first = plain[:2] if len(plain) > 2 and len(", ".join(plain[:2])) <= MAX_LIST else plain[:1]
    return f"{', '.join(first)} and {len(plain) - len(first)} more"


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
