"""Functions that say the same of other values are one function, called once for each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from chasm.model import UNKNOWN, Facts, Value
from chasm.plan.documents import with_cells
from chasm.plan.interfaces import Made
from chasm.plan.items import (
    Carried,
    Copy,
    Item,
    Rename,
    Report,
    Rewrite,
    SaveFigures,
    Show,
    Unbound,
)
from chasm.plan.likeness import NUMBER, key_of, named_of, numbers_of, statements_of
from chasm.plan.model import Function, Parameter
from chasm.plan.naming import Names
from chasm.plan.settings import Settings
from chasm.plan.split.model import Role
from chasm.plan.words import RESERVED

#: What the same step of several values calls them, where their names have no word in common.
PLAIN_NAMES = {
    "frame": "frame", "series": "column", "array": "values",
    "classifier": "model", "regressor": "model", "clusterer": "model",
}  # fmt: skip


def join_alike(facts: Facts, functions: list[Made], settings: Settings, names: Names) -> None:
    """Let functions whose bodies differ in names alone be the first of them."""
    groups: dict[object, list[Made]] = {}
    for made in functions:
        key = key_of(facts, made, settings)
        if key is not None:
            groups.setdefault(key, []).append(made)
    for alike in groups.values():
        if len(alike) > 1:
            _join(facts, alike, settings, names)


def _join(facts: Facts, alike: list[Made], settings: Settings, names: Names) -> None:
    """All of ``alike`` call one function: that of the records' own way where it is among them."""
    chosen = next((m for m in alike if m.group.role is Role.STEP), alike[0])
    renamed = _common_names(facts, alike, chosen)
    cells = sorted({cell for m in alike for cell in m.function.cells})
    name = min((m.function.name for m in alike), key=lambda name: (len(name), name))
    bare = NUMBER.sub("", name).rstrip("_")
    if bare != name and "_" in bare and names.claim(bare):
        name = bare
    # What a function calls its figure or its table, each call says.
    figures = [named_of(m.function) for m in alike]
    taken = {n for s in statements_of(facts, chosen) for n in s.named | s.binds}
    told = next(n for n in ("name", "title", "figure_name") if n not in taken | {*renamed.values()})
    common = _renamed(_of_all(facts, alike, chosen), renamed)
    function = replace(
        _naming(common, told) if figures[0] else common,
        name=name,
        cells=tuple(cells),
        doc=_doc(alike, chosen, renamed, cells),
        twins=tuple(
            item.statement
            for m in alike
            if m is not chosen
            for item in m.function.body
            if isinstance(item, Carried)
        ),
    )
    config = next((p for p in chosen.function.parameters if p.source == "config"), None)
    arguments = [_arguments(facts, made, chosen, config) for made in alike]
    for made, given, figure in zip(alike, arguments, figures, strict=True):
        made.arguments = _with_name(given, told, figure[0]) if figure else given
        if made is not chosen and config is not None:
            _forget(settings, made, config.setting)
        made.function = function


def _of_all(facts: Facts, alike: list[Made], chosen: Made) -> Function:
    """The chosen function, of whose values it says only what holds in every call."""
    of_chosen = numbers_of(facts, chosen)
    known: dict[int, set[Value]] = {}
    for made in alike:
        numbers, f = numbers_of(facts, made), made.function
        given = [(p.name, p.value) for p in f.parameters if p.source == "value"]
        for name, value in (*given, *f.returns):
            known.setdefault(numbers[name], set()).add(value)

    def shared(name: str, value: Value) -> Value:
        kinds = {one.kind for one in known[of_chosen[name]]}
        if len(known[of_chosen[name]]) == 1:
            return value
        return Value(value.kind) if len(kinds) == 1 else UNKNOWN

    f = chosen.function
    parameters = [
        replace(p, value=shared(p.name, p.value)) if p.source == "value" else p
        for p in f.parameters
    ]
    returns = tuple((name, shared(name, value)) for name, value in f.returns)
    return replace(f, parameters=tuple(parameters), returns=returns)


def _doc(alike: list[Made], chosen: Made, renamed: dict[str, str], cells: list[int]) -> str:
    """What is true of all calls: the words for one of them, unless they are its own."""
    docs = [with_cells(m.function.doc, m.function.cells, cells) for m in alike]
    told = with_cells(chosen.function.doc, chosen.function.cells, cells)
    if len(set(docs)) > 1:
        for name, common in renamed.items():
            told = re.sub(rf"(?<![\w.]){re.escape(name)}(?!\w|\.\w)", common, told)
        told = min(told, *docs, key=len) if told in docs else told
    return told


def _arguments(
    facts: Facts, made: Made, chosen: Made, config: Parameter | None
) -> tuple[Parameter, ...]:
    """The arguments of a call, in the order of the chosen function's parameters."""
    numbers = numbers_of(facts, made)
    own = {numbers[p.name]: p for p in made.function.parameters if p.source == "value"}
    paths = {p.name: p for p in made.function.parameters if p.source == "path"}
    of_chosen = numbers_of(facts, chosen)
    found: list[Parameter] = []
    for p in chosen.function.parameters:
        match p.source:
            case "value":
                found.append(own[of_chosen[p.name]])
            case "path":
                found.append(paths[p.name])
            case "config":
                found.append(config or p)
            case _:
                found.append(p)
    return tuple(found)


def _forget(settings: Settings, made: Made, kept: str) -> None:
    """The settings of a function that is another one now."""
    for p in made.function.parameters:
        if p.source == "config" and p.setting != kept:
            for key in [key for key in settings.fields if key[0] == p.setting]:
                del settings.fields[key]


def _common_names(facts: Facts, alike: list[Made], chosen: Made) -> dict[str, str]:
    """What the values of the chosen function are called when it stands for all of them."""
    numbers = [{n: name for name, n in numbers_of(facts, m).items()} for m in alike]
    statements = [
        facts.statements[i.statement] for i in chosen.function.body if isinstance(i, Carried)
    ]
    taken = {n for s in statements for n in s.named | s.binds} | {"config"}
    taken |= {imported.name for s in facts.statements for imported in s.imports}
    kinds = {name: value.kind for name, value in chosen.function.returns}
    kinds |= {p.name: p.value.kind for p in chosen.function.parameters}
    found: dict[str, str] = {}
    for name, number in numbers_of(facts, chosen).items():
        others = [one[number] for one in numbers]
        if len(set(others)) == 1:
            continue
        wanted = _shared_words(others) or PLAIN_NAMES.get(kinds.get(name) or "", "")
        if wanted and wanted not in taken and wanted not in found.values():
            found[name] = wanted
    return found


def _shared_words(names: list[str]) -> str:
    """``df`` for ``train_df`` and ``test_df``, ``y_pred`` for ``y_pred1`` and ``y_pred2``."""
    words = [NUMBER.sub("", name).split("_") for name in names]
    kept = [w for w in words[0] if w and all(w in other for other in words[1:])]
    name = "_".join(kept)
    return name if name.isidentifier() and name not in RESERVED else ""


def _with_name(parameters: tuple[Parameter, ...], told: str, figure: str) -> tuple[Parameter, ...]:
    """Parameters with one more, before the report, that says what a figure is called."""
    values = [p for p in parameters if p.source != "output"]
    outputs = [p for p in parameters if p.source == "output"]
    return (*values, Parameter(told, Value("string"), "name", figure), *outputs)


def _naming(function: Function, told: str) -> Function:
    """The function with its figure's name as a parameter."""

    def naming(rewrite: Rewrite) -> Rewrite:
        if isinstance(rewrite, Show):
            return replace(rewrite, figure=told, variable=True)
        return (
            replace(rewrite, name=told, variable=True) if isinstance(rewrite, Report) else rewrite
        )

    body: list[Item] = []
    for item in function.body:
        if isinstance(item, Carried):
            item = replace(item, rewrites=tuple(map(naming, item.rewrites)))
        elif isinstance(item, SaveFigures):
            item = replace(item, name=told, variable=True)
        body.append(item)
    return replace(function, parameters=_with_name(function.parameters, told, ""), body=tuple(body))


def _renamed(function: Function, names: dict[str, str]) -> Function:
    def to(name: str) -> str:
        return names.get(name, name)

    return replace(
        function,
        parameters=tuple(
            replace(p, name=to(p.name)) if p.source == "value" else p for p in function.parameters
        ),
        returns=tuple((to(name), value) for name, value in function.returns),
        body=tuple(_renamed_item(item, names, to) for item in function.body),
    )


def _renamed_item(item: Item, names: dict[str, str], to: Callable[[str], str]) -> Item:
    match item:
        case Carried(statement, rewrites):
            more = tuple(Rename(old, new) for old, new in sorted(names.items()))
            return Carried(statement, (*rewrites, *more))
        case Copy(name):
            return Copy(to(name))
        case Unbound(name):
            return Unbound(to(name))
    return item
