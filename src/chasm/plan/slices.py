"""Product, report, left out: what each result of the notebook needs."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from chasm.analyse.details import STYLED
from chasm.model import Facts, Statement
from chasm.plan.dependencies import last_sought
from chasm.plan.graph import Graph
from chasm.plan.later import Later, overlap
from chasm.plan.lost import lost_statements
from chasm.plan.model import Fate
from chasm.plan.segments import segments
from chasm.rulebook import Rulebook

HARMLESS = frozenset({"warnings", "clock", "stdin", "files", "path"}) | STYLED


@dataclass(slots=True)
class Slices:
    """The fate of every statement, and why those that are left out are."""

    fates: dict[int, tuple[Fate, str]]

    def of(self, *fates: Fate) -> list[int]:
        """Statements with one of these fates, in their order."""
        return [number for number, (fate, _) in sorted(self.fates.items()) if fate in fates]


def slice_statements(
    facts: Facts,
    graph: Graph,
    book: Rulebook,
    apart: set[int],
    kept: set[int],
    glued: list[tuple[int, int]],
    own: frozenset[str],
    copied: frozenset[int] = frozenset(),
) -> Slices:
    """Class every statement; ``apart`` live outside any function, ``kept`` are product.

    ``glued`` are the first and last statements of what has to stay in one function, ``own`` the
    names that its author gave; ``copied`` make what each of its users has made for itself.
    """
    slicer = _Slicer(facts, graph, book, apart, kept, glued, own)
    slicer.leave_out(copied)
    return Slices(slicer.run())


def names_of(facts: Facts) -> frozenset[str]:
    """The names that statements at the top bind; those inside of functions nobody finds there."""
    return frozenset[str]().union(*(s.binds | s.mutates for s in facts.statements))


class _Slicer:
    def __init__(
        self,
        facts: Facts,
        graph: Graph,
        book: Rulebook,
        apart: set[int],
        kept: set[int],
        glued: list[tuple[int, int]],
        own: frozenset[str],
    ) -> None:
        self.facts, self.statements = facts, facts.statements
        self.graph, self.book, self.apart = graph, book, apart
        self.kept, self.glued, self.own = kept, glued, own
        self.secrets = [(cell, line) for cell, line, name in facts.notebook.secrets if name]
        self.segments = segments(facts)
        self.lost = lost_statements(facts, graph, book)
        self.sought = last_sought(facts, graph, book)
        self.apart = apart | self.lost.keys()
        self.asked = {n: s.id for s in facts.statements for n in s.reads | s.mutates & s.named}
        self.product: set[int] = set()
        self.report: set[int] = set()

    def leave_out(self, copied: frozenset[int]) -> None:
        """Statements that make what nobody uses any more are no results of their own."""
        for number in copied:
            names = self.statements[number].binds
            if not any((name, number) in self.graph.users for name in names):
                self.lost[number] = "each fit has one of its own"
                self.apart = self.apart | {number}

    def run(self) -> dict[int, tuple[Fate, str]]:
        seeds = [s.id for s in self.statements if s.id not in self.apart and self._is_product(s)]
        self._grow(self.product, seeds)
        passed: set[int] = set()
        while True:
            apart = self.apart | passed
            wanted = [s.id for s in self.statements if s.id not in apart and _reports(s)]
            self.report = set()
            self._grow(self.report, [n for n in wanted if n not in self.product])
            self.report -= self.product
            stuck = self._stuck() or self._drawn_between()
            if not stuck:
                break
            # What a model answered is shown where it can be, and makes no step of the product.
            if shown := {number for number in stuck if self._is_answered(number)}:
                passed |= shown
                continue
            self._grow(self.product, stuck)
        fates = {s.id: self._fate(s) for s in self.statements if s.id not in self.apart}
        return fates | {n: (Fate.LEFT_OUT, reason) for n, reason in self.lost.items()}

    def _is_product(self, s: Statement) -> bool:
        e = s.effects
        if s.id in self.kept or e.fits or e.seeds or (e.state - HARMLESS):
            return True
        if "path" in e.state and s.id < self.sought:
            return True
        if "files" in e.state and s.syntax == "Expr" and not e.prints:
            return True
        if e.writes and not e.draws:
            return True
        if e.unknown and s.syntax != "Assign" and not (e.draws or e.prints or s.shown):
            return True
        if (e.metric or e.predicts) and bool(s.binds or s.mutates) and not e.draws:
            return True
        # Nobody has to know a secret of which nothing is made.
        if self._has_secret(s):
            return False
        return not (e.draws or e.prints or e.state) and bool(self._last_values(s))

    def _is_answered(self, number: int) -> bool:
        """Whether a part of a table with a model's answers is shown, and nothing else is done."""
        s = self.statements[number]
        table = s.shown is not None and s.shown.value.predicted and s.shown.value.kind == "frame"
        return table and not (s.binds or s.mutates or s.effects.predicts or s.effects.fits)

    def _has_secret(self, s: Statement) -> bool:
        return any(cell == s.cell and s.line <= line <= s.end_line for cell, line in self.secrets)

    def _last_values(self, s: Statement) -> set[str]:
        """Names that keep what ``s`` gave them and that nobody reads: results of their own."""
        if _only_holds(self.facts.nodes[s.id]):
            return set()
        return {
            name
            for name in (s.binds - s.maybe) | (s.mutates & s.named)
            if name in self.own and self.graph.left_behind(name, s.id)
        }

    def _grow(self, into: set[int], seeds: Iterable[int]) -> None:
        """Everything that ``seeds`` need, the statements of their figures included."""
        queue = list(seeds)
        while queue:
            number = queue.pop()
            if number in into or number in self.apart:
                continue
            into.add(number)
            queue += self.graph.reads[number].values()
            if self._partial(number):
                queue += [v for n, v in self.graph.before[number].items() if self._kept(n, number)]
            queue += self.segments.get(number, ())

    def _kept(self, name: str, number: int) -> bool:
        """Whether what ``name`` was before a statement matters: a list that holds a changed
        table matters to whoever asks for the list."""
        s = self.statements[number]
        return name in s.named - s.binds or self.asked.get(name, -1) > number

    def _partial(self, number: int) -> bool:
        statement = self.statements[number]
        return bool(statement.mutates or statement.maybe)

    def _stuck(self) -> list[int]:
        """Report statements that cannot wait until the product is done."""
        found: list[int] = []
        later = Later()
        for statement in reversed(self.statements):
            if statement.id in self.product:
                later.add(statement, self._is_glued(statement))
            elif statement.id in self.report and (
                self._within_cell(statement) or self._conflict(statement, later)
            ):
                found.append(statement.id)
        return found

    def _drawn_between(self) -> list[int]:
        """What draws after a seed, for nobody, and before somebody: it moves what is drawn then."""
        kept = self.product | self.report
        wanted: set[str] = set()
        drawn: list[Statement] = []
        for s in reversed(self.statements):
            if s.id in kept:
                wanted |= s.effects.random
            elif s.id not in self.apart and overlap(s.effects.random, wanted):
                drawn.append(s)
        seeds = [s for s in self.statements if s.effects.seeds and drawn]
        return [
            s.id
            for s in drawn
            if any(overlap(s.effects.random, x.effects.seeds) and x.id < s.id for x in seeds)
        ]

    def _within_cell(self, s: Statement) -> bool:
        """A print between two steps of one cell, or above what a step prints, stays there."""
        if s.effects.draws or s.effects.shows:
            return False
        for number in range(s.id + 1, min(s.id + 40, len(self.statements))):
            p = self.statements[number]
            if p.cell != s.cell:
                return False
            if number not in self.product:
                continue
            reads = self.graph.reads[s.id].items()
            superseded = any(self.graph.before[number].get(name) == v for name, v in reads)
            if superseded or p.effects.prints or p.effects.unknown:
                return True
        return False

    def _conflict(self, r: Statement, later: Later) -> bool:
        a = r.effects
        if overlap(a.random | a.seeds, later.random) or (a.state & later.state) - HARMLESS:
            return True
        if overlap(a.writes, later.reads | later.writes) or overlap(a.reads, later.writes):
            return True
        return any(
            self._supersedes(p, name, version)
            for name, version in self.graph.reads[r.id].items()
            for p in later.changers.get(name, ())
        )

    def _is_glued(self, s: Statement) -> bool:
        return any(start <= s.id <= end for start, end in self.glued)

    def _supersedes(self, p: Statement, name: str, version: int) -> bool:
        """Whether nobody has ``version`` of ``name`` any more once the function of ``p`` ran."""
        if self._is_glued(p) and self.graph.before[p.id].get(name) == version:
            return True
        return self._same_object(name, version, p) and not self._safe(p, name)

    def _same_object(self, name: str, version: int, p: Statement) -> bool:
        """Whether ``p`` changes the very object that ``version`` of ``name`` is."""
        current: int | None = self.graph.before[p.id].get(name)
        while current is not None and current != version:
            statement = self.statements[current]
            if name in statement.binds and name not in statement.maybe:
                return False
            current = self.graph.before[current].get(name)
        return current == version

    def _safe(self, p: Statement, name: str) -> bool:
        """Whether the function of ``p`` can work on a copy of ``name``."""
        if self._is_glued(p):
            return False
        kind = self._kind(name, p.id)
        return p.can_copy(name) and self.book.copyable(kind)

    def _kind(self, name: str, at: int) -> str | None:
        for version in self.graph.back(name, self.graph.before[at].get(name)):
            value = self.statements[version].values.get(name)
            if value is not None:
                return value.kind
        return None

    def _fate(self, s: Statement) -> tuple[Fate, str]:
        if s.id in self.product:
            return Fate.PRODUCT, ""
        if s.id in self.report:
            return Fate.REPORT, ""
        if "warnings" in s.effects.state:
            return Fate.LEFT_OUT, "a package does not silence the warnings of its user"
        if s.shown is not None:
            return Fate.LEFT_OUT, "a look at a value; no result depends on it"
        return Fate.LEFT_OUT, "no result depends on it"


def _only_holds(node: ast.stmt) -> bool:
    """Whether a statement only holds what has names: ``both = [train, test]``, and no note."""
    match node:
        case ast.Assign(value=ast.List(elts=elts) | ast.Tuple(elts=elts)):
            return bool(elts) and all(isinstance(e, ast.Name | ast.Constant) for e in elts)
    return False


def _reports(s: Statement) -> bool:
    e = s.effects
    if e.prints and s.syntax == "Expr" and s.call and not e.draws and s.shown is None:
        # ``frame.info()`` prints by itself, and is a look all the same.
        return not s.looks
    if e.prints or e.draws or (e.state & STYLED):
        return True
    if s.shown is not None and not s.shown.look:
        return True
    return (e.metric or e.predicts) and s.syntax == "Expr"
