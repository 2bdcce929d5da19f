"""Imports of several things under one name: a module has each of them under a name of its own.

As ``from statistics import pstdev as spread`` in one cell and ``from statistics import stdev as
spread`` in a later one. Of those that one module uses the first keeps the name. What Python itself
calls so is one of them, where a function gives its name to something else.
"""

import builtins
from collections.abc import Mapping
from dataclasses import replace

from chasm.model import Facts, Import, Statement
from chasm.plan.dependencies import Finder
from chasm.plan.graph import Graph
from chasm.plan.items import Carried, Rename
from chasm.plan.model import Function, Own
from chasm.plan.moves import Late
from chasm.rulebook import Rulebook

Parts = tuple[tuple[Function, ...], tuple[Own, ...], dict[str, tuple[Import, ...]]]


def named_apart(
    facts: Facts,
    graph: Graph,
    book: Rulebook,
    functions: tuple[Function, ...],
    owns: tuple[Own, ...],
    learning: list[Statement],
    imports: dict[str, tuple[Import, ...]],
) -> Parts:
    """Functions, definitions and imports, where namesakes of one module have several names."""
    finder = Finder(facts, graph, book)
    renamed = {
        module: found
        for module, group in imports.items()
        if (found := _renamed(facts, finder, group, learning if module == "features" else []))
    }
    if not renamed:
        return functions, owns, imports

    def other_names(number: int, module: str) -> dict[str, str]:
        found = renamed.get(module, {})
        used = finder.imports([facts.statements[number]])
        return {i.name: found[i] for i in used if i in found}

    def bodied(function: Function) -> Function:
        own = {i.name for item in function.body if isinstance(item, Late) for i in item.imports}
        named = {n: other_names(n, function.module) for n in _carried(function)}
        # What a function imports by itself has its own name there.
        return _reading(
            function,
            {n: {k: to for k, to in names.items() if k not in own} for n, names in named.items()},
        )

    new_owns = tuple(
        replace(own, rewrites=(*_renames(other_names(own.statement, own.module)), *own.rewrites))
        for own in owns
    )
    new_imports = {
        module: tuple(
            replace(i, name=renamed[module][i]) if i in renamed.get(module, {}) else i
            for i in group
        )
        for module, group in imports.items()
    }
    return tuple(map(bodied, functions)), new_owns, new_imports


def builtins_apart(
    facts: Facts,
    graph: Graph,
    functions: tuple[Function, ...],
    imports: dict[str, tuple[Import, ...]],
) -> tuple[tuple[Function, ...], dict[str, tuple[Import, ...]]]:
    """Functions that ask what Python calls ``max`` before they call something else so.

    At the level of a cell ``max = max(values)`` finds Python's; in a function it would be a local
    name that has no value yet.
    """
    taken = {n for s in facts.statements for n in s.binds | s.named | s.reads}
    found: dict[str, tuple[Import, ...]] = dict(imports)
    changed: list[Function] = []
    for function in functions:
        carried = _carried(function)
        bound = {name for n in carried for name in facts.statements[n].binds}
        names = {name: _free(f"builtin_{name}", taken) for name in bound if hasattr(builtins, name)}
        asked = {
            n: {name: names[name] for name in names.keys() & _asked(facts, graph, n)}
            for n in carried
        }
        wanted = {
            Import(to, "builtins", name) for some in asked.values() for name, to in some.items()
        }
        if wanted:
            module = found.get(function.module, ())
            found[function.module] = (*module, *sorted(wanted - {*module}, key=lambda i: i.name))
            function = _reading(function, asked)
        changed.append(function)
    return tuple(changed), found


def _asked(facts: Facts, graph: Graph, number: int) -> set[str]:
    """The names that a statement reads and that no statement before it has bound."""
    s = facts.statements[number]
    # What binds the name as it goes on may mean either.
    plain = s.syntax in ("Assign", "AnnAssign")
    return {*(s.named & s.reads - graph.reads[number].keys())} - (set() if plain else s.binds)


def _carried(function: Function) -> list[int]:
    return [item.statement for item in function.body if isinstance(item, Carried)]


def _reading(function: Function, names: Mapping[int, Mapping[str, str]]) -> Function:
    """The function where each statement reads what it asks for under its other name."""
    body = tuple(
        (
            replace(item, rewrites=(*_renames(names[item.statement]), *item.rewrites))
            if isinstance(item, Carried)
            else item
        )
        for item in function.body
    )
    return replace(function, body=body)


def _renames(names: Mapping[str, str]) -> tuple[Rename, ...]:
    return tuple(Rename(name, to, bound=False) for name, to in sorted(names.items()))


def _renamed(
    facts: Facts, finder: Finder, group: tuple[Import, ...], learning: list[Statement]
) -> dict[Import, str]:
    """New names for imports of a module whose name another one has that comes before."""
    by_name: dict[str, list[Import]] = {}
    for one in group:
        if one.name != "*" and one.module != "__future__":
            by_name.setdefault(one.name, []).append(one)
    # What the transformer learns with is not rewritten.
    fixed = set(finder.imports(learning)) if learning else set[Import]()
    order = {i: s.id for s in reversed(facts.statements) for i in s.imports}
    taken = {n for s in facts.statements for n in s.binds | s.named | s.reads}
    found: dict[Import, str] = {}
    for name, several in by_name.items():
        things = {_thing(one) for one in several}
        if len(things) < 2:
            continue
        several.sort(key=lambda i: (i not in fixed, order.get(i, -1)))
        first = _thing(several[0])
        for one in several:
            if _thing(one) != first:
                found[one] = _free(f"{one.root}_{one.symbol or name}", taken)
                taken.add(found[one])
    return found


def _thing(one: Import) -> tuple[str, int]:
    """What an import binds its name to: ``import a.b`` and ``import a.c`` both bind ``a``, and
    ``import a.b as b`` does what ``from a import b`` does."""
    if one.symbol is not None:
        return f"{one.module}.{one.symbol}", one.level
    return one.root if one.name == one.root else one.module, one.level


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name
