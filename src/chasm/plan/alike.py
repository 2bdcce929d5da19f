"""Functions that say the same of other values are one function, called once for each."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import replace

from chasm.model import Facts, Statement, Value
from chasm.plan.documents import with_cells
from chasm.plan.interfaces import Made
from chasm.plan.items import (
    Carried,
    Copy,
    Extend,
    Item,
    Rename,
    Report,
    Rewrite,
    SaveFigures,
    Show,
    Unbound,
)
from chasm.plan.model import Function, Parameter
from chasm.plan.moves import Replace
from chasm.plan.settings import Settings
from chasm.plan.split.model import Role
from chasm.plan.words import RESERVED

#: What the same step of several tables calls its table, where their names have no word in common.
PLAIN_NAMES = {"frame": "frame", "series": "column", "array": "values"}
#: Rewrites that mean the same wherever they stand.
PLAIN = (Replace, Rename, Extend)
#: What the parameters of functions that may be one are.
JOINED = ("value", "config", "path", "output")


def join_alike(facts: Facts, functions: list[Made], settings: Settings) -> None:
    """Let functions whose bodies differ in names alone be the first of them."""
    groups: dict[object, list[Made]] = {}
    for made in functions:
        key = _key(facts, made, settings)
        if key is not None:
            groups.setdefault(key, []).append(made)
    for alike in groups.values():
        if len(alike) > 1:
            _join(facts, alike, settings)


def _key(facts: Facts, made: Made, settings: Settings) -> object | None:
    """What two functions have in common that may be one; None for those that stay alone."""
    f = made.function
    if f.asynchronous or any(p.source not in JOINED for p in f.parameters):
        return None
    numbers = _numbers(facts, made)
    if any(p.name not in numbers for p in f.parameters if p.source == "value"):
        return None
    group = next((p.setting for p in f.parameters if p.source == "config"), "")
    body: list[object] = []
    for item in f.body:
        match item:
            case Carried(statement, rewrites):
                if any(not isinstance(r, (*PLAIN, Show, Report)) for r in rewrites):
                    return None
                node = facts.nodes[statement]
                body.append(_dump(node, numbers))
                body += [_rewrite(r, group, settings) for r in rewrites]
            case Copy(name) | Unbound(name):
                body.append((type(item).__name__, numbers.get(name)))
            case SaveFigures():
                body.append("SaveFigures")
            case _:
                return None
    if len(named_of(f)) > 1:
        return None
    returns = tuple((numbers[name], value.kind) for name, value in f.returns)
    given = tuple(sorted((numbers.get(p.name, -1), p.source) for p in f.parameters))
    return made.group.wanted, f.module, tuple(body), returns, given


def _numbers(facts: Facts, made: Made) -> dict[str, int]:
    """The values of a function, numbered in the order in which its text names them."""
    statements = _statements(facts, made)
    own = {p.name for p in made.function.parameters if p.source == "value"}
    own |= {name for s in statements for name in s.binds}
    found: dict[str, int] = {}
    for s in statements:
        for name in (*s.ordered, *sorted(s.binds)):
            if name in own:
                found.setdefault(name, len(found))
    return found


def _statements(facts: Facts, made: Made) -> list[Statement]:
    items = made.function.body
    return [facts.statements[item.statement] for item in items if isinstance(item, Carried)]


def _dump(node: ast.AST, numbers: dict[str, int]) -> str:
    """The tree of a statement as text, its own names by their numbers."""
    names = {
        id(n): f"{numbers[n.id]}"
        for n in ast.walk(node)
        if isinstance(n, ast.Name) and n.id in numbers
    }

    def text(n: object) -> str:
        if isinstance(n, ast.AST):
            if id(n) in names:
                return f"Name({names[id(n)]})"
            fields = ", ".join(f"{name}={text(value)}" for name, value in ast.iter_fields(n))
            return f"{type(n).__name__}({fields})"
        if isinstance(n, list):
            return f"[{', '.join(map(text, n))}]"
        return repr(n)

    return text(node)


def _rewrite(rewrite: Rewrite, group: str, settings: Settings) -> object:
    """A rewrite with the value of its setting in the place of the setting's name."""
    if isinstance(rewrite, Replace):
        setting = settings.fields.get((group, rewrite.code.rpartition(".")[2]))
        value = repr(setting.value) if setting is not None else rewrite.code
        return "Replace", rewrite.call, rewrite.argument, value
    if isinstance(rewrite, Show):
        return "Show", rewrite.call
    return "Report" if isinstance(rewrite, Report) else rewrite


def named_of(function: Function) -> list[str]:
    """The names of the figures and tables that a function keeps."""
    found: list[str] = []
    for item in function.body:
        if isinstance(item, SaveFigures):
            found.append(item.name)
        elif isinstance(item, Carried):
            found += [r.figure for r in item.rewrites if isinstance(r, Show)]
            found += [r.name for r in item.rewrites if isinstance(r, Report)]
    return found


def _join(facts: Facts, alike: list[Made], settings: Settings) -> None:
    """All of ``alike`` call one function: that of the records' own way where it is among them."""
    chosen = next((m for m in alike if m.group.role is Role.STEP), alike[0])
    renamed = _common_names(facts, alike, chosen)
    cells = sorted({cell for m in alike for cell in m.function.cells})
    name = min((m.function.name for m in alike), key=lambda name: (len(name), name))
    # What a function calls its figure or its table, each call says.
    figures = [named_of(m.function) for m in alike]
    taken = {n for s in _statements(facts, chosen) for n in s.named | s.binds}
    told = next(n for n in ("name", "title", "figure_name") if n not in taken | {*renamed.values()})
    body_of = _naming(_renamed(chosen.function, renamed), told) if figures[0] else None
    function = replace(
        body_of or _renamed(chosen.function, renamed),
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
    numbers = _numbers(facts, made)
    own = {numbers[p.name]: p for p in made.function.parameters if p.source == "value"}
    paths = {p.name: p for p in made.function.parameters if p.source == "path"}
    of_chosen = _numbers(facts, chosen)
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
    numbers = [{n: name for name, n in _numbers(facts, m).items()} for m in alike]
    statements = [
        facts.statements[i.statement] for i in chosen.function.body if isinstance(i, Carried)
    ]
    taken = {n for s in statements for n in s.named | s.binds} | {"config"}
    kinds = {name: value.kind for name, value in chosen.function.returns}
    kinds |= {p.name: p.value.kind for p in chosen.function.parameters}
    found: dict[str, str] = {}
    for name, number in _numbers(facts, chosen).items():
        others = [one[number] for one in numbers]
        if len(set(others)) == 1:
            continue
        wanted = _shared_words(others) or PLAIN_NAMES.get(kinds.get(name) or "", "")
        if wanted and wanted not in taken and wanted not in found.values():
            found[name] = wanted
    return found


def _shared_words(names: list[str]) -> str:
    """``df`` for ``train_df`` and ``test_df``: the words that all of the names have."""
    words = [name.split("_") for name in names]
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
