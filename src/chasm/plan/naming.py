"""Names for functions, modules' fields and files, from what the author wrote."""

import re
import unicodedata
from collections.abc import Iterable

from chasm.analyse.details import MASK
from chasm.model import Statement
from chasm.plan.group import MODELS, Group, columns_of, divides, refitted, styles
from chasm.plan.phrases import labels_of, phrase_of, phrase_of_changed, phrases_of
from chasm.plan.promises import misleads, tells_of_others
from chasm.plan.reported import report_name
from chasm.plan.split.model import Role
from chasm.plan.told import Told
from chasm.plan.words import RESERVED, identifier, path_stem, snake
from chasm.rulebook import Rulebook

WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*|[0-9]+")
MAX_WORDS = 6
#: What begins to say why something is done.
REASON = re.compile(r"\b(?:because|so that|in order to)\b", re.IGNORECASE)
#: What a question starts with, with or without its mark.
QUESTIONS = frozenset({
    "what", "which", "who", "whose", "where", "when", "why", "how", "whether", "does", "do", "did",
    "is", "are", "was", "were", "can", "could", "should", "will", "would", "has", "have",
})  # fmt: skip
#: The verbs of a function that reads a file, and of one that learns of the records.
LOADS, LEARNS = "load", "learn"
#: Kinds of values that nobody calls learned.
TABLES = ("frame", "series", "array", "table", "sparse")


class Names:
    """Hands out names, each once."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = set(taken) | RESERVED
        self._numbers: dict[str, int] = {}

    def unique(self, wanted: str, fallback: str = "step", others: Iterable[str] = ()) -> str:
        """``wanted`` as an identifier that nobody has, else one of ``others``, else numbered."""
        name = identifier(wanted) or fallback
        candidate, number = name, self._numbers.get(name, 2)
        if candidate in RESERVED:
            candidate = f"{name}_step"
        if candidate in self._taken:
            candidate = next((o for o in others if o not in self._taken), candidate)
        while candidate in self._taken:
            candidate = f"{name}_{number}"
            number += 1
        self._numbers[name] = number
        self._taken.add(candidate)
        return candidate

    def claim(self, wanted: str) -> bool:
        """Whether ``wanted`` was free; nobody else has it from now on."""
        free = wanted.isidentifier() and wanted not in self._taken
        self._taken.add(wanted)
        return free


def function_name(
    group: Group, book: Rulebook, heading: str, told: Told, alone: bool = False
) -> str:
    """What the function of ``group`` is for, in the author's words where there are some.

    ``heading`` is the heading that the group is the first to stand under, else empty; ``alone``
    says that it has one cell below it.
    """
    if group.named:
        return snake(group.named)
    if styles(group):
        drawing = any("plot-style" in s.effects.state for s in group.statements)
        return "set_plot_style" if drawing else "set_display_options"
    loads = any(s.stage == "load" for s in group.statements)
    if loads and not _visible(group) and (name := _loading_name(group)):
        return name
    if group.role is Role.TRAINING:
        columns = [identifier(c) for s in group.statements for c in s.columns]
        return f"prepare_{columns[0]}" if any(columns) else _call_name(group, book)
    if learned := _learned(group):
        return learned
    if selected := _selected(group, book):
        return selected
    if group.role is Role.STEP and group.stage == "split":
        return "select_inputs"
    if name := _model_name(group):
        return name
    named = words_of(heading, book, True) if heading and not _asks(heading) else ""
    named = "" if named in RESERVED or misleads(named, group, book) else named
    headed = named if alone else ""
    if group.tells and not (group.remark and all(s.shown for s in group.statements)):
        return _title(group) or report_name(group, book, told, headed)
    if group.module == "report" and (title := _title(group)):
        return title
    comment = words_of(group.remark, book, group.module == "report")
    others = tells_of_others(group.remark, group)
    if comment and not others and not misleads(comment, group, book):
        return comment
    if group.module == "report" and _visible(group):
        return report_name(group, book, told, headed)
    if named:
        return named
    return _columns_name(group, book) or _call_name(group, book)


def _asks(heading: str) -> bool:
    """Whether a heading is a question: what only prepares the answer is not called so."""
    first = (re.findall(r"[a-z]+", heading.lower()) or [""])[0]
    return heading.rstrip().endswith("?") or first in QUESTIONS


def _visible(group: Group) -> bool:
    return any(s.effects.prints or s.effects.draws or s.shown for s in group.statements)


def words_of(text: str, book: Rulebook, nouns: bool) -> str:
    """A heading or comment as a name, when it is short enough to be one.

    It starts with a verb, or, where ``nouns`` are allowed, says what there is.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    # "X is very high; dropping X": what is done comes last.
    plain = REASON.split(plain.rpartition(";")[2])[0]
    if re.search(r"[=()\[\]{}]|https?:", plain):
        return ""
    words = [w.lower() for w in WORD.findall(plain.replace("'s", "").replace("'", ""))]
    words = _joined(words, book)
    words = [w for w in words if w not in book.noise and not w.isdigit()]
    if not words or len(words) > MAX_WORDS or sum(map(len, words)) > 45:
        return ""
    first, last = book.verbs.get(words[0], ""), book.verbs.get(words[-1], "")
    if first and not (nouns and last and len(words) > 1 and _is_noun(words[0], first)):
        words[0] = first
    elif not nouns:
        return ""
    elif last:
        # "Data Cleaning" says the same as "clean data", "Pre-processing" as "preprocess".
        words = [last, *(word for word in words[:-1] if word != "pre")]
    return identifier(" ".join(words)) if len(words) > 1 or nouns else ""


def _joined(words: list[str], book: Rulebook) -> list[str]:
    """Two words that are a known one together, as "cross validation", as that one."""
    found: list[str] = []
    for word in words:
        if found and found[-1] + word in book.verbs:
            found[-1] += word
        else:
            found.append(word)
    return found


def _is_noun(word: str, verb: str) -> bool:
    """Whether a word that tells of a verb is none itself: the model, but not the modelling."""
    return word[:5] != verb[:5] and not word.endswith(("ing", "ed"))


def _loading_name(group: Group) -> str:
    """A function that reads something is named for its file, else for what it gives."""
    for s in group.statements:
        files = [str(one.value) for one in s.literals if one.role == "read"]
        for file in (*files, *sorted(s.effects.reads - {"*"})):
            if path_stem(file, LOADS) != LOADS:
                return path_stem(file, LOADS)
        if s.call and s.stage == "load" and (name := s.call.rpartition(".")[2]).startswith("load_"):
            return identifier(name)
    made = (min(s.binds) for s in group.statements if s.binds)
    return next((identifier(f"{LOADS} {name}") for name in made), "")


def _model_name(group: Group) -> str:
    if group.stage == "split" and divides(group):
        return "split_train_test"
    owners = [s.owner.rpartition(".")[2] for s in group.statements if s.owner]
    fits = any(s.effects.fits for s in group.statements)
    kinds = {v.kind for s in group.statements for v in s.values.values()}
    chosen = [o for s, o in zip((s for s in group.statements if s.owner), owners, strict=True)
              if any(v.kind in MODELS for v in s.values.values())]  # fmt: skip
    if group.stage == "scale" and not (fits and chosen):
        made = [n for s in group.statements for n in s.ordered if n in s.binds]
        return "scale_features" if fits or not made else f"scale_{identifier(made[-1])}"
    if not fits:
        return ""
    if not owners and (again := refitted(group)):
        return f"fit_{identifier(again[0])}"
    if not chosen or len(set(chosen)) > 2:
        return ""
    if "search" in kinds:
        # What is searched for, rather than how.
        sought = [snake(one) for one in chosen if not is_search(one)]
        return f"search_{sought[-1]}" if sought else snake(chosen[-1]).removesuffix("_cv")
    return f"fit_{snake(chosen[0])}"


def is_search(name: str) -> bool:
    """Whether a class is called as one that searches for settings."""
    return snake(name).removesuffix("_cv").endswith("_search")


def learns(group: Group, given: frozenset[tuple[str, int]]) -> bool:
    """Whether a function only gives what the records' way learns, or is ``given``, and no table."""
    if group.role not in (None, Role.LEARN) or _visible(group):
        return False
    if any(s.mutates or s.effects.fits or s.columns or s.effects.reads for s in group.statements):
        return False
    made = [(name, s.id) for s in group.statements for name in s.binds]
    tables = any(v.kind in TABLES for s in group.statements for v in s.values.values())
    return bool(made) and not tables and (group.role is not None or given.issuperset(made))


def _learned(group: Group) -> str:
    """For functions that only learn, without a word of the author's on it."""
    if not group.learns or group.remark:
        return ""
    made = list(dict.fromkeys(n for s in group.statements for n in s.ordered if n in s.binds))
    names = [name for name in map(identifier, made) if name]
    if not names or len(names) < len(made):
        return ""
    listed = "_and_".join(names)
    return f"{LEARNS}_{listed if len(listed) <= 36 else f'{names[0]}_and_others'}"


def _title(group: Group) -> str:
    titles = [t for s in group.statements for t in s.titles]
    if len(set(titles)) == 1:
        name = identifier(titles[0])
        if 2 < len(name) <= 48:
            return name
    return ""


def _columns_name(group: Group, book: Rulebook) -> str:
    made, changed = columns_of(group)
    named = [c for c in map(identifier, made or changed) if c]
    if not named:
        return ""
    verb = "add" if made else "clean"
    if not made and (phrase := phrase_of_changed(group, book)) is not None:
        verb = phrase[0]
    if len(named) <= 2 and sum(map(len, named)) <= 36:
        return f"{verb}_{'_and_'.join(named)}"
    return f"{verb}_{named[0]}_and_others"


def _selected(group: Group, book: Rulebook) -> str:
    """For functions that only take apart what the model is given and what it is to say."""
    if any(
        s.effects.fits or s.effects.predicts or s.columns or s.stage == "split"
        for s in group.statements
    ):
        return ""
    if any(s.binds & s.reads and phrases_of(book, s) for s in group.statements):
        # What goes into the model is not chosen here but changed.
        return ""
    bound = {name.lower().split("_")[0] for s in group.statements for name in s.binds}
    found = [role for role, words in sorted(book.roles.items()) if bound & words]
    if not found or not all(s.binds for s in group.statements):
        return ""
    known = frozenset().union(*book.roles.values())
    return f"select_{'_and_'.join(found)}" if bound <= known else ""


def _is_model(s: Statement, name: str) -> bool:
    """Whether a statement gives ``name`` a fitted model, or what a fit gives in its place."""
    value = s.values.get(name)
    return value is not None and value.kind in (*MODELS, "result", "booster")


def _call_name(group: Group, book: Rulebook) -> str:
    calls = [c for s in group.statements for c in s.calls if c != MASK]
    bound = [n for s in group.statements for n in s.ordered if n in s.binds]
    if group.stage in ("evaluate", "predict"):
        return identifier(f"{group.stage} {bound[-1] if bound else ''}")
    if group.stage == "save":
        files = sorted({f for s in group.statements for f in s.effects.writes} - {"*"})
        return f"save_{path_stem(files[0]) if files else (bound or ['results'])[-1]}"
    if phrase := phrase_of(group, book):
        fitted = [n for s in group.statements if s.effects.fits for n in s.binds if _is_model(s, n)]
        if fitted and phrase[0] == "predict":
            return identifier(f"fit {fitted[-1]}")
        return _phrase(labels_of(group, book, phrase[0]), *phrase)
    call = next((snake(c) for c in calls if len(c) > 2 and c not in RESERVED), "")
    target = identifier(bound[-1]) if bound and group.role is None else ""
    if call and target and target not in call:
        return identifier(f"{call} {target}")
    return identifier(call or f"prepare {target or 'values'}")


def _phrase(columns: list[str], verb: str, noun: str) -> str:
    """What is done to which columns, where the code names one or two, else to what in general."""
    labels = [t for t in dict.fromkeys(map(identifier, columns)) if t]
    if 0 < len(labels) <= 2 and sum(map(len, labels)) <= 32:
        return f"{verb}_{'_and_'.join(labels)}"
    return f"{verb.removesuffix('_by')}_{noun}".rstrip("_")
