"""Which module imports what, and which distributions that takes."""

import ast
import builtins
import re
import sys
from collections.abc import Iterable

from chasm.model import Facts, Import, Statement
from chasm.plan.beside import imported_beside, own_modules
from chasm.plan.graph import Graph
from chasm.plan.items import Carried, Show
from chasm.plan.model import Constant, Function, Own
from chasm.rulebook import Rulebook

#: A distribution that is asked for, with its version where that is plain.
PROJECT = re.compile(
    r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:\[[\w,\- ]+\])?((?:==|>=|~=)\d[\d.]*)?"
)


def module_imports(
    facts: Facts,
    graph: Graph,
    functions: tuple[Function, ...],
    owns: tuple[Own, ...],
    constants: tuple[Constant, ...],
    book: Rulebook,
    learning: list[Statement],
) -> dict[str, tuple[Import, ...]]:
    """For each module, the imports of the notebook that its statements use.

    ``learning`` are statements that the transformer's ``fit`` holds, among the features.
    """
    members: dict[str, list[Statement]] = {"features": learning} if learning else {}
    for function in functions:
        for item in function.body:
            if isinstance(item, Carried) and not _only_shows(item, facts):
                members.setdefault(function.module, []).append(facts.statements[item.statement])
    parts: tuple[Own | Constant, ...] = (*owns, *constants)
    for part in parts:
        members.setdefault(part.module, []).append(facts.statements[part.statement])
    finder = Finder(facts, graph, book)
    return {module: finder.imports(statements) for module, statements in members.items()}


def _only_shows(item: Carried, facts: Facts) -> bool:
    """Whether nothing is left of a statement but that its figure is saved, as of ``plt.show()``."""
    if not any(isinstance(rewrite, Show) for rewrite in item.rewrites):
        return False
    match facts.nodes[item.statement]:
        case ast.Expr(ast.Call(ast.Attribute(ast.Name()) | ast.Name(), [], [])):
            return True
    return False


class Finder:
    """Finds the imports that give names their meaning; the notebook's are indexed once."""

    def __init__(self, facts: Facts, graph: Graph, book: Rulebook) -> None:
        self._statements, self._graph, self._book = facts.statements, graph, book
        everything = [i for s in facts.statements for i in s.imports]
        self._plain: dict[str, list[Import]] = {}
        for one in everything:
            if one.symbol is None and one.root == one.name:
                self._plain.setdefault(one.name, []).append(one)
        self._roots = {i.name: i.root for i in everything}
        self._enabling = enabling(everything)
        self._future = {i for i in everything if i.module == "__future__"}
        sources = [s.imports for s in facts.statements if any(i.name == "*" for i in s.imports)]
        unlisted = [imports for imports in sources if len(imports) == 1]
        self._stars = {
            i.module: i for imports in unlisted or sources for i in imports if i.name == "*"
        }

    def imports(self, statements: list[Statement]) -> tuple[Import, ...]:
        """The imports that these statements use, each once, in a fixed order."""
        found: set[Import] = set()
        if any(s.definition is not None for s in statements):
            # No name says that the annotations of a definition are to be read later.
            found |= self._future
        for s in statements:
            names = set(s.named)
            if s.definition:
                names |= s.definition.direct | s.reads
            for name in names:
                found |= self._binding(s, name)
            found |= self._from_stars(s)
            roots = {self._roots.get(name) for name in names}
            found |= {i for i in self._enabling if i.root in roots}
        found = {i for i in found if not self._displays(i)}
        return tuple(sorted(found, key=lambda i: (i.name, i.module, i.symbol or "")))

    def _displays(self, imported: Import) -> bool:
        """Outside a notebook what shows rich values is a print, which needs no import."""
        entry = self._book.call(f"{imported.module}.{imported.symbol}")
        return entry is not None and entry.display

    def _binding(self, s: Statement, name: str) -> set[Import]:
        """The imports that give ``name`` its meaning in ``s``."""
        version = self._graph.reads[s.id].get(name)
        if s.definition is not None and name in s.definition.direct:
            # It means what it does when it is called.
            version = self._graph.inside(s.definition.name, s.id, name)
        elif version is None and s.definition is not None:
            version = self._graph.last.get(name)
        if version is None:
            module, _, symbol = self._book.provided.get(name, "").rpartition(".")
            return {Import(name, module, symbol)} if module else set()
        source = self._statements[version]
        if source.syntax not in ("Import", "ImportFrom"):
            return set()
        own = {i for i in source.imports if i.name == name}
        if any(i.symbol is None and i.root == name for i in own):
            # ``import a.b`` binds ``a``: every such import may be the one that is meant.
            own |= set(self._plain.get(name, ()))
        return own

    def _from_stars(self, s: Statement) -> set[Import]:
        """Names that only a star import of an unlisted module can have bound.

        With one such import the name is imported from there; with several from the last that is
        known to have it. Where one of several is not known, nobody can say, and all of them stay.
        """
        if not self._stars:
            return set()
        names = set(s.reads) | (s.definition.direct if s.definition else set())
        known = self._graph.reads[s.id].keys() | self._graph.last.keys()
        lost = {name for name in names - known if not hasattr(builtins, name)}
        # A notebook has some names by itself; outside they are prints.
        lost -= self._book.ambient.keys()
        if not lost:
            return set()
        if len(self._stars) > 1:
            stars = list(self._stars.values())
            listed = [self._book.stars.get(star.module) for star in stars]
            if None in listed:
                return set(stars)
            return {
                Import(name, star.module, name, star.level)
                for name in lost
                for star in [x for x in stars if name in self._book.stars[x.module]][-1:]
            }
        (star,) = self._stars.values()
        if star.module in self._book.stars:
            # What is not listed most likely nothing binds, and the notebook went on.
            lost -= s.tried - self._book.stars[star.module]
        return {Import(name, star.module, name, star.level) for name in lost}


def enabling(imports: Iterable[Import]) -> list[Import]:
    """Those that are there only to let what is experimental be imported after them."""
    return [one for one in imports if (one.symbol or "").startswith("enable_")]


def unknown_roots(facts: Facts, book: Rulebook, roots: Iterable[str]) -> set[str]:
    """Those of ``roots`` that nobody knows how to install, and that do not come along either."""
    known = sys.stdlib_module_names | own_modules(facts.notebook)
    return {root for root in roots if root not in known and not _distribution(facts, book, root)[0]}


def last_sought(facts: Facts, graph: Graph, book: Rulebook) -> int:
    """The last statement that uses a module which only the search path of modules can find."""
    imported = {s.id: {i.root for i in s.imports if not i.level} for s in facts.statements}
    unknown = unknown_roots(facts, book, set[str]().union(*imported.values()))
    found = [
        user
        for s in facts.statements
        if imported[s.id] & unknown
        for name in s.binds
        for user in graph.users.get((name, s.id), ())
    ]
    found += [s.id for s in facts.statements if unknown_roots(facts, book, s.imports_inside)]
    return max(found, default=-1)


def _distribution(facts: Facts, book: Rulebook, root: str) -> tuple[str, str]:
    """What to install for an import name, and its lower bound.

    Of what the rules do not know, it is what the notebook installs under the same name.
    """
    library = book.libraries.get(root)
    if library is not None and library.distribution:
        return library.distribution, library.requires
    if known := book.distributions.get(root):
        return known, ""
    asked = (match for one in facts.notebook.requirements if (match := PROJECT.fullmatch(one)))
    return next(((m[1], m[2] or "") for m in asked if _plain(m[1]) == _plain(root)), ("", ""))


def _plain(name: str) -> str:
    """The name of a distribution as an index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def dependencies_of(
    facts: Facts,
    imports: dict[str, tuple[Import, ...]],
    book: Rulebook,
    draws: bool,
    carried: set[int],
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Distributions with their lower bounds, and import names that nobody knows.

    ``carried`` are the statements that the package has.
    """
    used = {i.root for group in imports.values() for i in group if i.level == 0}
    used |= imported_beside(facts.notebook)
    mentioned = {i.root for s in facts.statements for i in s.imports if i.level == 0} | used
    found: dict[str, str] = {}
    for root in sorted(used - sys.stdlib_module_names - own_modules(facts.notebook)):
        name, bound = _distribution(facts, book, root)
        if name:
            found[name] = bound
    for library in book.libraries.values():
        if draws and library.figures:
            # What saves the figures is needed even where another library drew them.
            found.setdefault(library.distribution, library.requires)
    for number in carried:
        s = facts.statements[number]
        for need in s.effects.needs | (s.definition.effects.needs if s.definition else set()):
            # What a library imports by itself nobody sees in the notebook.
            name, sign, bound = need.partition(">=")
            found.setdefault(name, sign + bound)
    return tuple(sorted(found.items())), tuple(sorted(unknown_roots(facts, book, mentioned)))
