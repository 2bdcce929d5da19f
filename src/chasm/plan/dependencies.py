"""Which module imports what, and which distributions that takes."""

import builtins
import sys

from chasm.model import Facts, Import, Statement
from chasm.plan.graph import Graph
from chasm.plan.model import Carried, Constant, Function, Own
from chasm.rulebook import Rulebook


def module_imports(
    facts: Facts,
    graph: Graph,
    functions: tuple[Function, ...],
    owns: tuple[Own, ...],
    constants: tuple[Constant, ...],
) -> dict[str, tuple[Import, ...]]:
    """For each module, the imports of the notebook that its statements use."""
    members: dict[str, list[Statement]] = {}
    for function in functions:
        for item in function.body:
            if isinstance(item, Carried):
                members.setdefault(function.module, []).append(facts.statements[item.statement])
    parts: tuple[Own | Constant, ...] = (*owns, *constants)
    for part in parts:
        members.setdefault(part.module, []).append(facts.statements[part.statement])
    return {module: _imports(facts, graph, statements) for module, statements in members.items()}


def _imports(facts: Facts, graph: Graph, statements: list[Statement]) -> tuple[Import, ...]:
    found: dict[tuple[str, str, str | None], Import] = {}
    for s in statements:
        names = set(s.named)
        if s.definition:
            names |= s.definition.direct | s.reads
        for name in sorted(names):
            for imported in _binding(facts, graph, s, name):
                found[imported.name, imported.module, imported.symbol] = imported
        for imported in _from_stars(facts, graph, s):
            found[imported.name, imported.module, imported.symbol] = imported
        for imported in _enabling(facts, s):
            found[imported.name, imported.module, imported.symbol] = imported
    return tuple(found[key] for key in sorted(found, key=str))


def _binding(facts: Facts, graph: Graph, s: Statement, name: str) -> list[Import]:
    """The imports that give ``name`` its meaning in ``s``."""
    version = graph.reads[s.id].get(name)
    if version is None and s.definition is not None:
        version = graph.last.get(name)
    if version is None:
        return []
    source = facts.statements[version]
    if source.syntax not in ("Import", "ImportFrom"):
        return []
    own = [i for i in source.imports if i.name == name]
    if own and own[0].symbol is None and own[0].module != name and "." in own[0].module:
        # ``import a.b`` binds ``a``: every such import before this one may be meant.
        own += [
            i
            for other in facts.statements[:version]
            for i in other.imports
            if i.name == name and i.symbol is None and i.root == name
        ]
    elif own and own[0].symbol is None:
        own += [
            i
            for other in facts.statements
            for i in other.imports
            if i.name == name and i.symbol is None and i.root == name and "." in i.module
        ]
    return own


def _from_stars(facts: Facts, graph: Graph, s: Statement) -> list[Import]:
    """Names that only a star import of an unlisted module can have bound.

    With one such import before, the name is imported from there; with several, nobody can
    say from which, and all of them stay.
    """
    names = set(s.reads) | (s.definition.direct if s.definition else set())
    lost = {
        n for n in names
        if n not in graph.reads[s.id] and n not in graph.last and not hasattr(builtins, n)
    }  # fmt: skip
    sources = [o.imports for o in facts.statements if any(i.name == "*" for i in o.imports)]
    unlisted = [imports for imports in sources if len(imports) == 1]
    stars = {i.module: i for imports in unlisted or sources for i in imports if i.name == "*"}
    if not lost or not stars:
        return []
    if len(stars) > 1:
        return list(stars.values())
    (star,) = stars.values()
    return [Import(name, star.module, name, star.level) for name in sorted(lost)]


def _enabling(facts: Facts, s: Statement) -> list[Import]:
    """Imports that only switch something on, which other imports need first."""
    return [
        i
        for other in facts.statements[: s.id]
        for i in other.imports
        if i.symbol is not None
        and i.symbol.startswith("enable_")
        and any(i.root == mine.root for n in s.named for mine in _of_name(facts, n))
    ]


def _of_name(facts: Facts, name: str) -> list[Import]:
    return [i for other in facts.statements for i in other.imports if i.name == name]


def dependencies_of(
    facts: Facts, imports: dict[str, tuple[Import, ...]], book: Rulebook
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Distributions with their lower bounds, and import names that nobody knows."""
    roots = {i.root for group in imports.values() for i in group if i.level == 0}
    found: dict[str, str] = {}
    unknown: list[str] = []
    for root in sorted(roots):
        if root in sys.stdlib_module_names:
            continue
        library = book.libraries.get(root)
        if library is not None and library.distribution:
            found[library.distribution] = library.requires
        elif root in book.distributions:
            found[book.distributions[root]] = ""
        else:
            unknown.append(root)
    return tuple(sorted(found.items())), tuple(unknown)
