"""Reads the rule files of the libraries that are asked for, once a process."""

from collections.abc import Iterable
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from chasm.errors import InputError
from chasm.rulebook.cache import cached, keep
from chasm.rulebook.rulebook import Entry, Library, Pair, Rulebook

#: Files that hold tables of their own and no library.
TABLES = ("imports", "words", "checks")
STARS = "stars"
ALWAYS = ("builtins", "kinds")
TUPLES = ("mutates", "state", "settings", "positions", "needs", "floats", "lost")
ROW_WORDS = (
    "each",
    "reduce",
    "filter",
    "order",
    "groups",
    "apply",
    "split",
    "join",
    "fill",
    "sized",
    "wrapped",
    "product",
)
ENTRY_WORDS = frozenset(field.name for field in fields(Entry)) - {"name"}


def rules_folder() -> Path:
    """Where the rules are: inside the installed package, else beside ``src``."""
    package = Path(__file__).parent.parent
    installed = package / "rules"
    return installed if installed.is_dir() else package.parent.parent / "rules"


def load_rulebook(roots: Iterable[str], extra: Path | None = None) -> Rulebook:
    """The rules for libraries with these import names, and from the user's own folder.

    ``*`` among the names asks for what star imports bind.
    """
    roots = frozenset(roots)
    book = Rulebook()
    for folder in filter(None, (rules_folder(), extra)):
        for name in (*ALWAYS, *TABLES):
            _add(book, folder / f"{name}.toml")
        queue = sorted(set(roots), reverse=True)
        seen = {*TABLES, *ALWAYS, STARS}
        if "*" in roots:
            _add(book, folder / f"{STARS}.toml")
        while queue:
            name = queue.pop()
            if name.isidentifier() and name not in seen:
                seen.add(name)
                queue += _add(book, folder / f"{name}.toml")
        for module, others in book.same.items():
            if module not in book.stars:
                names = (book.stars.get(other, frozenset()) for other in others)
                book.stars[module] = frozenset().union(*names)
    return book


def _add(book: Rulebook, path: Path) -> list[str]:
    """Take the rules of one file; the libraries whose values it hands out are returned."""
    data = parsed(path)
    if data is None:
        return []
    if library := data.get("library"):
        book.libraries[library["import"]] = Library(
            library["import"],
            library.get("distribution", library["import"]),
            library.get("requires", ""),
            library.get("alias"),
            library.get("figures", False),
            library.get("pages", False),
        )
    book.same.update({module: tuple(others) for module, others in data.get("same", {}).items()})
    calls, tables = _entries(path)
    book.calls.update(calls)
    for kind, methods in tables.items():
        book.methods.setdefault(kind, {}).update(methods)
    for kind, facts in data.get("kind", {}).items():
        book.kinds.setdefault(kind, {}).update(facts)
    _add_estimators(book, data, path)
    _add_rows(book, path)
    book.distributions.update(data.get("distributions", {}))
    book.provided.update(data.get("provided", {}))
    book.platforms.update(data.get("platforms", {}))
    book.verbs.update(data.get("verbs", {}))
    book.stages.update({k: v for k, v in data.get("stages", {}).items() if isinstance(v, str)})
    book.ambient.update(data.get("ambient", {}))
    serving = data.get("serving", {})
    book.cannot |= frozenset(serving.get("cannot", ()))
    book.serving.update({k: tuple(v) for k, v in serving.items() if k != "cannot"})
    book.gone_modules.update(data.get("gone", {}))
    book.mute |= frozenset(data.get("mute", {}).get("words", ()))
    book.phrases.update({k: (v[0], v[1]) for k, v in data.get("phrases", {}).items()})
    book.promises.update({k: tuple(v) for k, v in data.get("promises", {}).items()})
    book.figures.update(data.get("figures", {}))
    book.drawn.update(_by_name(data.get("drawn", {})))
    book.tabled.update(_by_name(data.get("tabled", {})))
    book.statistics.update(data.get("statistics", {}))
    book.spoken.update(data.get("spoken", {}) | data.get("compared", {}))
    book.compared |= frozenset(data.get("compared", {}))
    headings = data.get("headings", {})
    book.closing |= frozenset(headings.get("closing", ()))
    book.concluding |= frozenset(headings.get("concluding", ()))
    book.observing |= frozenset(headings.get("observing", ()))
    book.opening |= frozenset(headings.get("opening", ()))
    book.persons |= frozenset(headings.get("persons", ()))
    texts = data.get("texts", {})
    book.ahead |= frozenset(texts.get("ahead", ()))
    book.back |= frozenset(texts.get("back", ()))
    book.states |= frozenset(texts.get("states", ()))
    book.roles.update({k: frozenset(v) for k, v in data.get("roles", {}).items()})
    naming = data.get("naming", {})
    book.naming_keywords |= frozenset(naming.get("keywords", ()))
    book.naming_values |= frozenset(naming.get("values", ()))
    for word, names in data.get("checks", {}).items():
        book.checks[word] = book.checks.get(word, frozenset()) | frozenset(names)
    noise = data.get("noise", {})
    book.noise |= frozenset(noise.get("words", noise) if isinstance(noise, dict) else noise)
    for module, names in data.get("names", {}).items():
        book.stars[module] = frozenset(names)
    return list(data.get("library", {}).get("uses", ()))


def _by_name(lists: dict[str, list[str]]) -> dict[str, str]:
    """The word above each name of the lists."""
    return {name: word for word, names in lists.items() for name in names}


def _add_rows(book: Rulebook, path: Path) -> None:
    """How calls treat the rows of a table, and what they learn of other rows."""
    rows, pairs = _rows(path)
    for kind, table in rows.items():
        book.row_words.setdefault(kind, {}).update(table)
    for kind, learned in pairs.items():
        book.pairs.setdefault(kind, {}).update(learned)


@cache
def _rows(path: Path) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, Pair]]]:
    data = parsed(path) or {}
    rows: dict[str, dict[str, str]] = {}
    for kind, words in data.get("rows", {}).items():
        table = rows.setdefault(kind, {})
        for word, names in words.items():
            if word not in ROW_WORDS:
                raise InputError(f"{path.name}: rows of {kind}: unknown word {word!r}")
            table.update(dict.fromkeys(names.split(), word))
    pairs: dict[str, dict[str, Pair]] = {}
    for kind, learned in data.get("learn", {}).items():
        for name, words in learned.items():
            values: dict[str, Any] = {
                k: tuple(v) if isinstance(v, list) else v for k, v in words.items()
            }
            pairs.setdefault(kind, {})[name] = Pair(**values)
    return rows, pairs


def _add_estimators(book: Rulebook, data: dict[str, Any], path: Path) -> None:
    drawing = {f"{m}.{n}" for m, names in data.get("random", {}).items() for n in names}
    book.checks["draws"] = book.checks.get("draws", frozenset()) | drawing
    for qualname, known, made in _estimators(path):
        current = book.calls.get(qualname)
        if current is not known:
            # Another file has told something of it.
            told = _as_estimator(current, qualname, made.returns, made.stage, made.random)
            made = replace(told, floats=made.floats)
        book.calls[qualname] = made


@cache
def _estimators(path: Path) -> tuple[tuple[str, Entry | None, Entry], ...]:
    """What the file says of its estimators: each with what it says of them as of any call."""
    data = parsed(path) or {}
    stream = data.get("library", {}).get("stream")
    floats = tuple(data.get("library", {}).get("floats", ()))
    streams = {
        f"{module}.{name}": stream
        for table in ("random", "maybe_random", "stirs")
        for module, names in data.get(table, {}).items()
        for name in names
    }
    stages = {
        qualname: stage
        for stage, names in data.get("class_stages", {}).items()
        for qualname in names
    }
    calls = dict(_entries(path)[0])
    found: list[tuple[str, Entry | None, Entry]] = []
    for module, kinds in data.get("estimators", {}).items():
        for kind, names in kinds.items():
            for qualname in (f"{module}.{name}" for name in names):
                known = calls.get(qualname)
                made = _as_estimator(
                    known, qualname, kind, stages.get(qualname), streams.get(qualname)
                )
                made = replace(made, floats=(*made.floats, *floats))
                found.append((qualname, known, made))
                calls[qualname] = made
    return tuple(found)


def _as_estimator(
    known: Entry | None, qualname: str, kind: str | None, stage: str | None, stream: str | None
) -> Entry:
    known = known or Entry(name=qualname)
    return replace(
        known,
        returns=kind,
        stage=stage,
        random=stream,
        unless=known.unless or "random_state",
        settings=known.settings or ("*",),
        constructs=True,
    )


@cache
def parsed(path: Path) -> dict[str, Any] | None:
    """The tables of one rule file; None when there is no such file."""
    known = cached(path)
    if known is not None:
        return known
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    import tomllib

    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name}: not valid TOML ({error})") from None
    keep(path, data)
    return data


@cache
def _entries(path: Path) -> tuple[dict[str, Entry], dict[str, dict[str, Entry]]]:
    """The calls and the methods of one file, made once: several notebooks use most files."""
    data = parsed(path) or {}
    fills = tuple(data.get("library", {}).get("fills", ()))

    def made(table: dict[str, Any]) -> dict[str, Entry]:
        return {
            name: _entry(name, words, path, fills)
            for names, words in table.items()
            for name in names.split()
        }

    methods = {kind: made(table) for kind, table in data.get("method", {}).items()}
    return made(data.get("call", {})), methods


def _entry(name: str, words: dict[str, Any], path: Path, fills: tuple[str, ...]) -> Entry:
    unknown = set(words) - ENTRY_WORDS
    if unknown:
        raise InputError(f"{path.name}: {name}: unknown word {sorted(unknown)[0]!r}")
    values: dict[str, Any] = {
        key: ((value,) if isinstance(value, str) else tuple(value)) if key in TUPLES else value
        for key, value in words.items()
    }
    values["mutates"] = (*values.get("mutates", ()), *fills)
    return Entry(name=name, **values)
