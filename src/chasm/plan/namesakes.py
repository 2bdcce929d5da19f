"""Imports of several things under one name: a module has each of them under a name of its own.

As ``from statistics import pstdev as spread`` in one cell and ``from statistics import stdev as
spread`` in a later one. Of those that one module uses the first keeps the name.
"""

import builtins
from dataclasses import replace

from chasm.model import Facts, Import, Statement
from chasm.plan.dependencies import Finder
from chasm.plan.graph import Graph
from chasm.plan.items import Carried, Item, Rename, Rewrite
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

    def rewrites(number: int, module: str) -> tuple[Rewrite, ...]:
        s = facts.statements[number]
        found = renamed.get(module, {})
        used = sorted(finder.imports([s]), key=lambda i: i.name)
        return tuple(Rename(i.name, found[i], bound=False) for i in used if i in found)

    def carried(item: Item, module: str, own: set[str]) -> Item:
        if not isinstance(item, Carried):
            return item
        more = tuple(
            one
            for one in rewrites(item.statement, module)
            if isinstance(one, Rename) and one.name not in own
        )
        return replace(item, rewrites=(*more, *item.rewrites)) if more else item

    def bodied(function: Function) -> Function:
        own = {i.name for item in function.body if isinstance(item, Late) for i in item.imports}
        body = tuple(carried(item, function.module, own) for item in function.body)
        return replace(function, body=body)

    new_owns = tuple(
        replace(own, rewrites=(*rewrites(own.statement, own.module), *own.rewrites)) for own in owns
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
        carried = [item.statement for item in function.body if isinstance(item, Carried)]
        bound = {name for n in carried for name in facts.statements[n].binds}
        shadowed = {name for name in bound if hasattr(builtins, name)}
        body: list[Item] = []
        for item in function.body:
            more: list[Rewrite] = []
            if isinstance(item, Carried):
                s, reads = facts.statements[item.statement], graph.reads[item.statement]
                # What binds the name as it goes on may mean either.
                plain = s.syntax in ("Assign", "AnnAssign")
                asked = s.named & s.reads - (frozenset() if plain else s.binds)
                for name in sorted(shadowed & asked - reads.keys()):
                    other = _free(f"builtin_{name}", taken)
                    more.append(Rename(name, other, bound=False))
                    one = Import(other, "builtins", name)
                    group = found.get(function.module, ())
                    found[function.module] = group if one in group else (*group, one)
                item = replace(item, rewrites=(*more, *item.rewrites)) if more else item
            body.append(item)
        changed.append(replace(function, body=tuple(body)))
    return tuple(changed), found


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
