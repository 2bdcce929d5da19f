"""The entrance of the split: from the facts of a notebook to its normal form.

In the normal form every statement on the way from a raw record to the served model does one
thing: it is replayed on any record, or learns from the training records, or chooses among
them. What a statement learned inside an expression has a statement of its own.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace

from chasm.analyse.statements import Tree
from chasm.model import Facts, Notebook
from chasm.plan.graph import build_graph
from chasm.plan.split.attempt import follow_records
from chasm.plan.split.context import Context
from chasm.plan.split.early import learned_early
from chasm.plan.split.model import BELOW, Role, Step, Stop
from chasm.plan.split.needless import without_needless
from chasm.plan.split.normal import normal_form
from chasm.plan.split.raw import joins_as_read, not_as_read
from chasm.plan.split.rounds import Span
from chasm.plan.split.scalers import Found
from chasm.plan.split.served import Served, choose_served
from chasm.plan.split.target import followed_target
from chasm.plan.split.taught import is_made, rescaled, undone
from chasm.plan.split.wording import tells_of_rows
from chasm.rulebook import Rulebook

TABLES = ("frame", "series", "array", "table", None)


@dataclass(frozen=True, slots=True)
class Stopped:
    """Where the way of a record could not be followed, and why.

    ``functions`` are those of the notebook's own that the statement calls.
    """

    cell: int
    line: int
    statement: str
    reason: str
    functions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """The normal form of a notebook, and what its statements are to a record that is served.

    Statements are named by their cell and their place in it; ``start`` is the one that gives
    the table of records, under the name ``records``. The transformer gives ``end`` as the
    statement ``end_reader`` reads it; ``scalers`` are the fitted estimators that come after
    it, from the first, and then the model. ``leaks`` are cells and lines that learn from rows
    which are held out later; ``drawn`` says that something is learned of rows that were drawn
    without a seed, ``leaked`` that the model is given the target itself; ``copied`` are those
    that make an estimator of which each fit has its own; ``rounds`` are statements that stand
    together, as the body of one loop or function did, with the name that their author gave
    them; ``origins`` are the cell and line that each statement is from. ``rescaled`` are the
    cells, lines and statements that put the target on another scale, and ``made`` says that the
    notebook makes its column.
    """

    notebook: Notebook
    roles: dict[tuple[int, int], Role] = field(hash=False)
    same: dict[tuple[int, int], tuple[tuple[str, str], ...]] = field(hash=False)
    served: Served
    model: tuple[int, int]
    fit: tuple[int, int]
    start: tuple[int, int]
    records: str
    end: str
    end_reader: tuple[int, int]
    scalers: tuple[tuple[str, tuple[int, int]], ...] = ()
    stops: tuple[Stopped, ...] = ()
    leaks: tuple[tuple[int, int], ...] = ()
    drawn: bool = False
    copied: frozenset[tuple[int, int]] = frozenset()
    leaked: bool = False
    rounds: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = ()
    origins: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict, hash=False)
    rescaled: tuple[tuple[int, int, str], ...] = ()
    made: bool = False
    undone: tuple[str, int] | None = None


def derive_split(
    facts: Facts,
    trees: list[Tree],
    book: Rulebook,
    direct: bool = False,
    wanted: str | None = None,
    spans: tuple[Span, ...] = (),
) -> Split | None:
    """The split for the served model of a notebook; None where no model can be served.

    ``direct`` takes what the model is given for the records, whatever that was made of;
    ``wanted`` is the name of the model that is to be served; ``spans`` are the rounds of loops
    that were written out.
    """
    way = _search(facts, trees, book, wanted)
    if way is None:
        return None
    served = way.context.served
    found = way.find(direct)
    if found is None:
        return None
    start, records, way_found = found
    needed = without_needless(way_found, served.fit.inputs, facts)
    steps = learned_early(needed, trees, facts)
    scale = rescaled(served, facts, trees, way.graph, book)
    back = undone(served, scale, facts, trees, way.graph, book)
    notebook, roles, same, places = normal_form(facts, steps)
    return Split(
        notebook, roles, same, served, places[served.at], places[served.fit.statement],
        places[start], records, way_found.end, places[way_found.reader],
        tuple((name, places[at]) for name, at in way_found.scalers), tuple(way.stops),
        _leaks(facts, way_found, book), way_found.drawn,
        frozenset(places[number] for number in way.context.copied), way_found.leaked,
        tuple((span.name, _round(facts, places, span)) for span in spans),
        _origins(facts, places, way_found.steps, steps),
        tuple(way.told(n) for n in scale), is_made(served, trees, start),
        (back[0], facts.statements[back[1]].cell) if back is not None else None,
    )  # fmt: skip


def _origins(
    facts: Facts, places: dict[int, tuple[int, int]], found: list[Step], moved: list[Step]
) -> dict[tuple[int, int], tuple[int, int]]:
    """The cell and line that each statement of the normal form is from.

    Lines that learn were ``found`` at one statement, and may have been ``moved`` to another.
    """
    at = {s.id: (s.cell, s.line) for s in facts.statements}
    # A line that learns gives a name that no other has.
    home = {line.code: at[step.statement] for step in found for line in (*step.lines, *step.after)}
    origins = {places[number]: place for number, place in at.items()}
    for step in moved:
        cell, nth = places[step.statement]
        for place, line in enumerate(step.lines, nth - len(step.lines)):
            origins[cell, place] = home[line.code]
        for place, line in enumerate(step.after, nth + 1):
            origins[cell, place] = home[line.code]
    return origins


def _round(
    facts: Facts, places: dict[int, tuple[int, int]], span: Span
) -> tuple[tuple[int, int], ...]:
    """The places of the statements that stand in some lines of a cell."""
    return tuple(
        places[s.id]
        for s in facts.statements
        if s.cell == span.cell and span.first <= s.line <= span.last
    )


def functions_in_the_way(
    facts: Facts, trees: list[Tree], book: Rulebook, wanted: str | None = None
) -> tuple[set[str], bool]:
    """The notebook's functions that the way of a record stops at, and whether a model is served.

    Where none is, they are those that fit something.
    """
    way = _search(facts, trees, book, wanted)
    if way is None:
        found = {
            s.definition.name
            for s in facts.statements
            if s.definition is not None and s.definition.effects.fits
        }
        return found, False
    way.find(False)
    return {name for stop in way.stops for name in stop.functions}, True


def _search(facts: Facts, trees: list[Tree], book: Rulebook, wanted: str | None) -> _Search | None:
    """What looks for the way to the model that is served; None where none can be."""
    graph = build_graph(facts)
    served = choose_served(facts, trees, graph, book, wanted)
    if served is None:
        return None
    truth = followed_target(served.fit.truth, served.fit.statement, trees, graph, book)
    return _Search(Context(facts, trees, graph, book, replace(served, target=truth)))


class _Search:
    """Looks for the earliest table from which records can be followed to the model."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.facts, self.graph = context.facts, context.graph
        self.stops: list[Stopped] = []
        self.others: list[Stopped] = []

    def _closure(self) -> list[int]:
        """The statements that the model's inputs may depend on, in order."""
        fit = self.context.served.fit
        names = {n.id for n in ast.walk(fit.inputs) if isinstance(n, ast.Name)}
        reads = self.graph.reads[fit.statement]
        queue = [(name, reads[name]) for name in names if name in reads]
        found: set[tuple[str, int]] = set()
        while queue:
            key = queue.pop()
            if key in found:
                continue
            found.add(key)
            name, number = key
            s = self.facts.statements[number]
            if s.imports or s.definition is not None:
                continue
            queue += self.graph.reads[number].items()
            # A list that holds a table changes with it; it matters to whoever reads the list.
            # What a loop may leave of one name says nothing of the others that it changes.
            changed = (s.mutates & (s.named | {name})) | (s.maybe & {name})
            queue += [(n, v) for n, v in self.graph.before[number].items() if n in changed]
        return sorted({number for _, number in found})

    def find(self, direct: bool) -> tuple[int, str, Found] | None:
        """The statement and the name of the records' table, and the way from there."""
        closure = self._closure()
        first = max((n for n in closure if self._tables(n)), default=-1) if direct else -1
        fit = self.context.served.fit.statement
        for number in closure:
            if number < first:
                continue
            for name in self._tables(number):
                tried = follow_records(self.context, closure, number, name)
                if not isinstance(tried, tuple):
                    if self.facts.statements[number].stage == "load":
                        # What was no table of records is none that they are made of.
                        self.stops = [stop for stop in self.stops if stop not in self.others]
                    lost = not_as_read(self.context, closure, number)
                    if lost is not None and number != first:
                        self._note(number, lost)
                    return number, name, tried
                at, stop = tried
                if first < at < fit:
                    # Whoever cannot reach the model at all is another table.
                    if str(stop) != BELOW or not joins_as_read(self.context, at):
                        self._note(at, stop)
                        self.others += self.stops[-1:] if not self._read(closure, number) else []
                    first = at
        return None

    def _read(self, closure: list[int], number: int) -> bool:
        """Whether what statement ``number`` gives may be made of records that were read."""
        until = (self.facts.statements[n] for n in closure if n <= number)
        return any(s.stage == "load" or s.effects.reads for s in until)

    def _tables(self, number: int) -> list[str]:
        """Names that statement ``number`` gives a value that may be a table of records."""
        s = self.facts.statements[number]
        if s.imports or s.definition is not None or s.is_constant:
            return []
        found = []
        for name in sorted(s.binds | (s.mutates & s.named)):
            value = s.values.get(name)
            kind = value.kind if value is not None else self.context.kind(name, number)
            if kind in TABLES and (kind is not None or s.stage == "load" or s.mutates or s.reads):
                found.append(name)
        return found

    def told(self, at: int) -> tuple[int, int, str]:
        """Where a statement stands, and how it begins."""
        s = self.facts.statements[at]
        text = self.context.sources[s.cell].decode().split("\n")[s.line - 1].strip()
        return s.cell, s.line, text[:120]

    def _note(self, at: int, stop: Stop) -> None:
        called = tuple(
            n for n in self.facts.statements[at].ordered if n in self.context.definitions
        )
        noted = Stopped(*self.told(at), str(stop), called)
        if noted not in self.stops:
            self.stops.append(noted)


def _leaks(facts: Facts, way: Found, book: Rulebook) -> tuple[tuple[int, int], ...]:
    """Where something is learned of rows that a later split holds out."""
    splits = [
        s.statement
        for s in way.steps
        if s.role is Role.TRAINING and facts.statements[s.statement].stage == "split"
    ]
    learning = [
        step.statement
        for step in way.steps
        if step.of_rows
        and step.role is Role.LEARN
        and tells_of_rows(ast.unparse(facts.nodes[step.statement]), book)
        or any(line.role is Role.LEARN and tells_of_rows(line.code, book) for line in step.lines)
    ]
    learning += [fit for _, fit in way.scalers]
    found = [facts.statements[n] for n in sorted(learning) if splits and n < splits[-1]]
    return tuple((s.cell, s.line) for s in found)
