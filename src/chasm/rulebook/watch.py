"""What of each library is worth recording while a notebook or a package runs."""

from typing import Any

from chasm.rulebook.load import load_rulebook, parsed, rules_folder
from chasm.rulebook.rulebook import Entry, Rulebook

#: Words of an entry that make a call a result, the most telling first.
RESULTS = {"fits": "fit", "metric": "metric", "predicts": "predict"}
Methods = dict[str, dict[str, str]]


def load_watch() -> dict[str, Any]:
    """Functions and classes to watch, by their modules, as plain data for another process."""
    paths = sorted(p for p in rules_folder().glob("*.toml") if ".cases" not in p.name)
    book = load_rulebook(path.stem for path in paths)
    records = [(parsed(path) or {}).get("record", {}) for path in paths]
    libraries = [(parsed(path) or {}).get("library", {}) for path in paths]
    figures = [name for record in records for name in record.get("figures", ())]
    return {
        "libraries": {name: library.distribution for name, library in book.libraries.items()},
        "functions": _functions(book),
        "classes": _classes(book, figures, [n for r in records for n in r.get("looks", ())]),
        "transparent": [
            *(name for record in records for name in record.get("transparent", ())),
            *(
                name
                for kind, facts in book.kinds.items()
                if facts.get("holds")
                for name in facts.get("types", ())
            ),
        ],
        "open_figures": [r["open_figures"] for r in records if "open_figures" in r],
        "data": [name for record in records for name in record.get("data", ())],
        "learned": [name for record in records for name in record.get("learned", ())],
        "options": {
            library["import"]: record["notebook_options"]
            for library, record in zip(libraries, records, strict=True)
            if "notebook_options" in record
        },
        "outlived": {
            library["distribution"]: record["parts_in_place_until"]
            for library, record in zip(libraries, records, strict=True)
            if "parts_in_place_until" in record
        },
    }


def _functions(book: Rulebook) -> dict[str, Methods]:
    found: dict[str, Methods] = {}
    for name, entry in book.calls.items():
        module, _, function = name.rpartition(".")
        kind = _kind(entry, ("metric", "predicts", "fits"))
        if kind is None and (entry.shows or entry.closes):
            kind = "end"
        if kind is None and entry.display:
            kind = "shown"
        words = {"kind": kind} if kind else {}
        # What is written has to come first, for only then is it known what it is.
        if not kind and entry.writes and entry.position == 1 and not entry.opens:
            words = {"kind": "save", "writes": entry.writes}
        if words and not entry.constructs and module:
            found.setdefault(module, {})[function] = words
    return found


def _kind(entry: Entry, words: tuple[str, ...] = tuple(RESULTS)) -> str | None:
    return next((RESULTS[word] for word in words if getattr(entry, word)), None)


def _classes(book: Rulebook, figures: list[str], looks: list[str]) -> dict[str, dict[str, Methods]]:
    """The methods to watch of each class; a model may be of several kinds and has those of all."""
    of_models: Methods = {name: {"kind": "look"} for name in looks}
    for table in book.methods.values():
        for name, entry in table.items():
            if kind := _kind(entry):
                of_models.setdefault(name, {"kind": kind})
    found: dict[str, dict[str, Methods]] = {}
    for kind, facts in book.kinds.items():
        table = book.methods.get(kind, {})
        saved: Methods = {
            name: {"kind": "save", "writes": entry.writes}
            for name, entry in table.items()
            if entry.writes and entry.writes != "self"
        }
        is_model = any(_kind(entry) for entry in table.values())
        for path in facts.get("types", ()):
            module, _, name = path.rpartition(".")
            methods = saved | (of_models if is_model else {})
            if path in figures:
                methods = {name: words | {"kind": "figure"} for name, words in saved.items()}
                methods["show"] = {"kind": "figure"}
            if module and methods:
                found.setdefault(module, {}).setdefault(name, {}).update(methods)
    return found
