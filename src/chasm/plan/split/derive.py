"""The entrance of the split: from the facts of a notebook to its normal form.

In the normal form every statement on the way from a raw record to the served model does one
thing: it is replayed on any record, or learns from the training records, or chooses among
them. What a statement learned inside an expression has a statement of its own.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from chasm.analyse.statements import Tree
from chasm.model import Facts, Notebook
from chasm.plan.graph import Graph, build_graph
from chasm.plan.split.early import learned_early
from chasm.plan.split.model import Line, Names, Role, Step, Stop, Time
from chasm.plan.split.normal import normal_form
from chasm.plan.split.reader import Reader
from chasm.plan.split.served import Served, choose_served
from chasm.plan.split.source import Source
from chasm.plan.split.steps import step_of
from chasm.rulebook import Rulebook

TABLES = ("frame", "series", "array", "table", None)


@dataclass(frozen=True, slots=True)
class Stopped:
    """Where the way of a record could not be followed, and why."""

    cell: int
    line: int
    statement: str
    reason: str


@dataclass(frozen=True, slots=True)
class Split:
    """The normal form of a notebook, and what its statements are to a record that is served.

    Statements are named by their cell and their place in it; ``start`` is the one that gives
    the table of records, under the name ``records``. The transformer gives ``end`` as the
    statement ``end_reader`` reads it; ``scalers`` are the fitted estimators that come after
    it, from the first, and then the model. ``leaks`` are cells and lines that learn from rows
    which are held out later.
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


def derive_split(
    facts: Facts, trees: list[Tree], book: Rulebook, direct: bool = False, wanted: str | None = None
) -> Split | None:
    """The split for the served model of a notebook; None where no model can be served.

    ``direct`` takes what the model is given for the records, whatever that was made of;
    ``wanted`` is the name of the model that is to be served.
    """
    graph = build_graph(facts)
    served = choose_served(facts, trees, graph, wanted)
    if served is None:
        return None
    way = _Way(facts, trees, graph, book, served)
    found = way.find(direct)
    if found is None:
        return None
    start, records, way_found = found
    steps = learned_early(way_found.steps, trees)
    notebook, roles, same, places = normal_form(facts, steps)
    return Split(
        notebook, roles, same, served, places[served.at], places[served.fit.statement], places[start], records,
        way_found.end, places[way_found.reader],
        tuple((name, places[at]) for name, at in way_found.scalers), tuple(way.stops),
        _leaks(facts, way_found.steps),
    )  # fmt: skip


class _Way:
    """Looks for the earliest table from which records can be followed to the model."""

    def __init__(
        self, facts: Facts, trees: list[Tree], graph: Graph, book: Rulebook, served: Served
    ) -> None:
        self.facts, self.trees, self.graph = facts, trees, graph
        self.book, self.served = book, served
        self.stops: list[Stopped] = []
        self.sources = {c.index: c.source.encode() for c in facts.notebook.cells}
        self.definitions = {
            t.node.name: t.node for t in trees if isinstance(t.node, ast.FunctionDef)
        }
        self.taken = {n for s in facts.statements for n in s.named | s.binds | s.reads}
        self.taken |= {n for s in facts.statements if s.definition for n in s.definition.inside}

    def maker(self, name: str, at: int) -> str | None:
        """The code that makes the estimator ``name``, where it is made of literals alone."""
        version = self.graph.reads[at].get(name)
        while version is not None and name not in self.facts.statements[version].binds:
            version = self.graph.before[version].get(name)
        node = self.trees[version].node if version is not None else None
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            return None
        given = [*node.value.args, *(k.value for k in node.value.keywords)]
        if version is None or not all(isinstance(a, ast.Constant) for a in given):
            return None
        return Source(self.sources[self.facts.statements[version].cell]).of(node.value)

    def read_later(self, name: str, at: int) -> bool:
        """Whether somebody reads ``name`` as statement ``at`` left it, and does not refit it."""
        users = self.graph.users.get((name, at), ())
        return any(not _only_refits(self.trees[user].node, name) for user in users)

    def _closure(self) -> list[int]:
        """The statements that the model's inputs may depend on, in order."""
        fit = self.served.fit
        names = {n.id for n in ast.walk(fit.inputs) if isinstance(n, ast.Name)}
        reads = self.graph.reads[fit.statement]
        queue = [reads[name] for name in names if name in reads]
        found: set[int] = set()
        while queue:
            number = queue.pop()
            if number in found:
                continue
            found.add(number)
            s = self.facts.statements[number]
            if s.imports or s.definition is not None:
                continue
            queue += self.graph.reads[number].values()
            if s.mutates or s.maybe:
                queue += self.graph.before[number].values()
        return sorted(found)

    def find(self, direct: bool) -> tuple[int, str, _Found] | None:
        """The statement and the name of the records' table, and the way from there."""
        closure = self._closure()
        first = max((n for n in closure if self._tables(n)), default=-1) if direct else -1
        raw = True
        for number in closure:
            if number < first:
                continue
            for name in self._tables(number):
                tried = self._attempt(closure, number, name)
                if not isinstance(tried, tuple):
                    return number, name, tried
                at, stop = tried
                if at >= 0 and raw and number in self._roots(closure):
                    self._note(at, stop)
                first = max(first, at)
        return None

    def _roots(self, closure: list[int]) -> list[int]:
        """Statements that bring a table in: they read no other value of the notebook."""
        return [n for n in closure if self._tables(n)][:1]

    def _tables(self, number: int) -> list[str]:
        """Names that statement ``number`` gives a value that may be a table of records."""
        s = self.facts.statements[number]
        if s.imports or s.definition is not None or s.is_constant:
            return []
        found = []
        for name in sorted(s.binds | (s.mutates & s.named)):
            value = s.values.get(name)
            kind = value.kind if value is not None else self._kind(name, number)
            if kind in TABLES and (kind is not None or s.stage == "load" or s.mutates or s.reads):
                found.append(name)
        return found

    def _kind(self, name: str, number: int) -> str | None:
        """The kind of what is changed in place, from where it was made."""
        version = self.graph.before[number].get(name)
        while version is not None:
            value = self.facts.statements[version].values.get(name)
            if value is not None:
                return value.kind
            version = self.graph.before[version].get(name)
        return None

    def _note(self, at: int, stop: Stop) -> None:
        s = self.facts.statements[at]
        text = self.sources[s.cell].decode().split("\n")[s.line - 1].strip()
        noted = Stopped(s.cell, s.line, text[:120], str(stop))
        if noted not in self.stops:
            self.stops.append(noted)

    def _attempt(self, closure: list[int], start: int, records: str) -> _Found | tuple[int, Stop]:
        """Follow ``records`` as statement ``start`` gives them; where it stops, and why."""
        run = _Attempt(self, start, records)
        for number in closure:
            s = self.facts.statements[number]
            if number <= start:
                run.before(number)
                continue
            if s.imports or s.definition is not None or s.syntax in ("Import", "ImportFrom"):
                continue
            try:
                run.step(number)
            except Stop as stop:
                return number, stop
        try:
            inputs = run.inputs()
            found = self._without_scalers(run.steps, inputs)
            self._check_random(found, start)
        except Stop as stop:
            return self.served.fit.statement, stop
        return found

    def _without_scalers(self, steps: list[Step], inputs: str) -> _Found:
        """Last steps that only hand all inputs through one estimator are left to that."""
        by_number = {step.statement: step for step in steps}
        scalers: list[tuple[str, int]] = []
        name, reader = inputs, self.served.fit.statement
        apart: set[int] = set()
        at, current = reader, name
        while (number := self.graph.reads[at].get(current)) in by_number:
            step = by_number[number]
            if step.role is Role.TRAINING and current in dict(step.same):
                at, current = number, dict(step.same)[current]
                continue
            passed = _passes(self.trees[number].node, current)
            fitted = self._only_fit(passed[0], number) if passed else None
            if passed is None or fitted is None or step.role is not Role.STEP:
                break
            scalers.insert(0, (passed[0], fitted))
            apart |= {number, fitted}
            at, current = number, passed[1]
            name, reader = current, number
        left = [Step(s.statement, Role.APART) if s.statement in apart else s for s in steps]
        return _Found(left, name, reader, tuple(scalers))

    def _only_fit(self, name: str, at: int) -> int | None:
        """The statement that fits ``name``, when there is only one."""
        fits = [n for n, t in enumerate(self.trees) if name in _fitted(t.node)]
        whole = len(fits) == 1 and fits[0] <= at
        return fits[0] if whole and not isinstance(self.trees[fits[0]].node, ast.For) else None

    def _check_random(self, found: _Found, start: int) -> None:
        """What is learned after an unseeded draw of rows cannot be learned again alike."""
        drawn = False
        for step in found.steps:
            s = self.facts.statements[step.statement]
            drawn = drawn or (step.role is Role.TRAINING and bool(s.effects.random))
            learns = step.role is Role.LEARN or any(n.role is Role.LEARN for n in step.lines)
            if drawn and learns and step.statement > start:
                raise Stop(self.trees[step.statement].node, "it learns from rows drawn at random")


@dataclass(frozen=True, slots=True)
class _Found:
    steps: list[Step]
    end: str
    reader: int
    scalers: tuple[tuple[str, int], ...] = ()


def _passes(node: ast.stmt, name: str) -> tuple[str, str] | None:
    """The estimator and the name that ``name`` comes from, all of it, in ``node``."""
    match node:
        case ast.Assign(
            targets=[ast.Name(id=target)],
            value=ast.Call(
                func=ast.Attribute(
                    value=ast.Name(id=estimator), attr="transform" | "fit_transform"
                ),
                args=[ast.Name(id=source)],
                keywords=[],
            ),
        ) if (
            target == name
        ):
            return estimator, source
    return None


class _Attempt:
    """One try to follow the records from one statement to the model."""

    def __init__(self, way: _Way, start: int, records: str) -> None:
        self.way, self.start = way, start
        self.times: dict[str, Time] = {records: Time.ROWS}
        self.records = records
        self.stale: set[str] = set()
        self.steps: list[Step] = []
        self.names = Names(set(way.taken))

    def before(self, number: int) -> None:
        """Values from before the records' table: known from the code, or learned."""
        s = self.way.facts.statements[number]
        for name in s.binds | s.mutates:
            if name == self.records:
                continue
            e = s.effects
            outside = e.reads or e.random or e.unknown or e.fits or s.stage == "load"
            learned = [n for n in s.reads if self.times.get(n) is Time.LEARNED]
            self.times[name] = Time.LEARNED if outside or learned else Time.CONSTANT
            related = self.way.facts.statements[self.start].reads
            if name in related and s.stage == "load" or s.reads & self.stale:
                self.stale.add(name)

    def _reader(self, number: int) -> Reader:
        way = self.way
        s = way.facts.statements[number]
        return Reader(
            way.book, way.trees[number], Source(way.sources[s.cell]), self.times, self.names,
            way.definitions, lambda name: way.maker(name, number),
            lambda name: way.read_later(name, number),
        )  # fmt: skip

    def step(self, number: int) -> None:
        s = self.way.facts.statements[number]
        run = self._reader(number)
        if s.reads & self.stale and any(self.times.get(n) is Time.ROWS for n in s.reads):
            raise Stop(run.tree.node, "it needs another table of the same rows")
        self.steps.append(step_of(s, run, self.way.served.target))
        self.stale -= s.binds

    def inputs(self) -> str:
        """The name under which the model takes its inputs; an expression gets one."""
        fit = self.way.served.fit
        run = self._reader(fit.statement)
        s = self.way.facts.statements[fit.statement]
        if isinstance(fit.inputs, ast.Name):
            if run.time_of(fit.inputs.id) is not Time.ROWS:
                raise Stop(fit.inputs, "the model's inputs are not made of the records")
            self.steps.append(Step(s.id, Role.APART))
            return fit.inputs.id
        seen = run.read(fit.inputs)
        if seen.time is not Time.ROWS:
            raise Stop(fit.inputs, "the model's inputs are not made of the records")
        name = self.names.unique("inputs")
        run.lines.append(Line(Role.STEP, f"{name} = {run.text(fit.inputs)}"))
        run.source.replace(fit.inputs, name)
        column = run.tree.node.col_offset
        edits = tuple(run.source.edits)
        self.steps.append(Step(s.id, Role.APART, column, tuple(run.lines), edits))
        return name


def _leaks(facts: Facts, steps: list[Step]) -> tuple[tuple[int, int], ...]:
    """Where something is learned of rows that a later split holds out."""
    splits = [
        s.statement
        for s in steps
        if s.role is Role.TRAINING and facts.statements[s.statement].stage == "split"
    ]
    found = []
    for step in steps:
        learns = step.role is Role.LEARN or any(line.role is Role.LEARN for line in step.lines)
        if learns and splits and step.statement < splits[-1]:
            s = facts.statements[step.statement]
            found.append((s.cell, s.line))
    return tuple(found)


def _fitted(node: ast.stmt) -> set[str]:
    """Names whose values the statement fits."""
    return {
        n.value.id
        for n in ast.walk(node)
        if isinstance(n, ast.Attribute)
        and n.attr in ("fit", "fit_transform")
        and isinstance(n.value, ast.Name)
    }


def _only_refits(node: ast.stmt, name: str) -> bool:
    uses = [n for n in ast.walk(node) if isinstance(n, ast.Name) and n.id == name]
    refits = [
        n
        for n in ast.walk(node)
        if isinstance(n, ast.Attribute)
        and n.attr == "fit_transform"
        and isinstance(n.value, ast.Name)
        and n.value.id == name
    ]
    return len(uses) == len(refits)
