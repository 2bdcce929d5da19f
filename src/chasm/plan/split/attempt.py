"""One attempt to follow the records from a statement to the model."""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import partial

from chasm.analyse.nodes import root_name
from chasm.model import FIXED, Statement, Value
from chasm.plan.split.context import Context
from chasm.plan.split.drops import strings
from chasm.plan.split.halved import Halved
from chasm.plan.split.halves import chosen_rows, divided_rows
from chasm.plan.split.holding import may_hold
from chasm.plan.split.leaked import is_given, learns_of_drawn_rows
from chasm.plan.split.masks import is_mask, labels_rows, says_which
from chasm.plan.split.model import BELOW, Line, Names, Role, Step, Stop, Time
from chasm.plan.split.orders import ORDERS, Orders
from chasm.plan.split.raw import joins_as_read
from chasm.plan.split.reader import Reader
from chasm.plan.split.scalers import Found, without_scalers
from chasm.plan.split.sizes import only_counted
from chasm.plan.split.source import Source
from chasm.plan.split.stacked import Stacked
from chasm.plan.split.steps import step_of
from chasm.plan.split.tails import known_before
from chasm.plan.split.target import TELLS, Target, column_of
from chasm.plan.split.told import NUMBER, NUMBERED, Told
from chasm.plan.split.unread import changed_in_vain, looked_at
from chasm.rulebook import Pair


def follow_records(
    context: Context, closure: list[int], start: int, records: str
) -> Found | tuple[int, Stop]:
    """Follow ``records`` as statement ``start`` gives them; where it stops, and why."""
    given = _gives_target(context, closure, start, records)
    # What the model is given is an input like all others, whatever it is asked for.
    target = None if given else context.served.target
    run = _Attempt(context, closure, start, records, target)
    for number in closure:
        s = context.facts.statements[number]
        if number <= start:
            run.before(number)
            continue
        if s.imports or s.definition is not None or s.syntax in ("Import", "ImportFrom"):
            continue
        if run.in_vain(number, closure, unseen=True):
            continue
        try:
            run.step(number)
        except Stop as stop:
            aside = run.only_truth(number) or run.only_places(number)
            if not aside and not run.in_vain(number, closure):
                return number, stop
    held = run.told.held(context.served.fit.inputs) | run.told.tails.held(context.served.fit.inputs)
    if held:
        at = min(run.told.labels.get(label, start) for label in held)
        return at, Stop(context.trees[at].node, NUMBERED if held == {NUMBER} else TELLS)
    below = run.stacked.of(context.served.fit.inputs)
    if below is not None:
        return below, Stop(context.trees[below].node, BELOW)
    try:
        inputs = run.inputs()
        found = without_scalers(context, run.steps, inputs)
        found = replace(
            found,
            drawn=learns_of_drawn_rows(context, found),
            leaked=given,
        )
    except Stop as stop:
        return context.served.fit.statement, stop
    return found


def _gives_target(context: Context, closure: list[int], start: int, records: str) -> bool:
    target = context.served.target
    value = context.facts.statements[start].values.get(records)
    if target is None or target.label is None or value is None or value.kind != "frame":
        return False
    held = [s.values[target.frame] for s in context.facts.statements if target.frame in s.values]
    if any(one.kind == "bunch" for one in held):
        # A data set has its target beside the table that is made of it.
        return False
    before = [number for number in closure if number <= start]
    if not may_hold(context, before, records, target):
        return False
    nodes = [context.trees[number].node for number in closure if number > start]
    return is_given(nodes, records, target.label, context.served.fit.inputs)


def _may_have_rows(value: Value | None) -> bool:
    return value is None or value.kind not in FIXED


class _Attempt:
    """One try to follow the records from one statement to the model."""

    def __init__(
        self, way: Context, closure: list[int], start: int, records: str, target: Target | None
    ) -> None:
        self.way, self.closure, self.start, self.target = way, set(closure), start, target
        self.times: dict[str, Time] = {records: Time.ROWS}
        self.records = records
        self.stale: set[str] = set()
        self.told = Told(target=target.label if target is not None else None)
        self.stacked = Stacked()
        self.halved, self.orders = Halved(), Orders()
        self.roots: dict[str, str] = {}
        self.done: set[Pair] = set()
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
            # What the training has stays its own, whatever is changed in it.
            held = name in s.mutates and self.times.get(name) is Time.LEARNED
            self.times[name] = Time.LEARNED if outside or learned or held else Time.CONSTANT
            related = self.way.facts.statements[self.start].reads
            known = s.values.get(name)
            bunch = known is not None and known.kind == "bunch"
            # What was drawn has rows of its own, as what was read has.
            drawn = bool(e.random) and _may_have_rows(known)
            beside = name in related and s.stage == "load" and not bunch
            if drawn or beside or s.reads & self.stale:
                self.stale.add(name)

    def _reader(self, number: int) -> Reader:
        way = self.way
        s = way.facts.statements[number]
        self.told.lists = lambda name: way.bound_to(name, number)
        self.told.there = lambda label: way.named_before(label, number)
        self.told.indexed = lambda name: way.indexed(name, number)
        self.told.same_order = self.orders.same
        return Reader(
            way.book, way.trees[number], Source(way.sources[s.cell]), self.times, self.names,
            way.definitions, lambda name: way.maker(name, number),
            lambda name: way.read_later(name, number), self.told, self.roots, self.done,
            joins_as_read(way, number), self.halved,
            lambda name: not self.closure.isdisjoint(way.graph.users.get((name, number), ())),
        )  # fmt: skip

    def step(self, number: int) -> None:
        s = self.way.facts.statements[number]
        run = self._reader(number)
        others = s.reads & self.stale - only_counted(run.tree.node)
        if others and any(self.times.get(n) is Time.ROWS for n in s.reads):
            if not self._chosen(number, run):
                raise Stop(run.tree.node, "it needs another table of the same rows")
            return
        self.told.tails.rewrite(run.tree.node, run.source)
        if self.done:
            named = strings(run.tree.node)
            # Whatever names such a column may take it away.
            self.done -= {pair for pair in self.done if pair.once in named}
        step = step_of(s, run, self.target)
        self.steps.append(step)
        self.told.follow(run.tree.node, number)
        self._count(number, step)
        self.stacked.follow(s, step, run.tree.node, run.stacked)
        self.orders.follow(s, step, self.times)
        reads = partial(self.way.bound_at, number)
        self.halved.follow(s, step, run.tree.node, reads, self.times)
        chosen = step.same if step.role is Role.TRAINING else ()
        # A choice of rows may take the name of what it is a choice of.
        before = {after: run.root(source) for after, source in chosen}
        for name in s.binds:
            self.roots.pop(name, None)
        self.roots |= {after: root for after, root in before.items() if after != root}
        self.roots |= self._made_of_a_choice(s, run)
        self.stale -= s.binds
        if step.role is Role.TRAINING and not ORDERS.isdisjoint(s.calls):
            # The values of a list stand beside other rows from here on.
            rows = {name for name, time in self.times.items() if time is Time.ROWS}
            self.stale |= self.way.listed(rows - s.binds - s.mutates, number)
        if s.effects.random and not step.of_rows:
            self.stale |= {name for name in s.binds if _may_have_rows(s.values.get(name))}
        if step.role is Role.LEARN and is_mask(s, run):
            self.stale |= s.binds

    def _made_of_a_choice(self, s: Statement, run: Reader) -> dict[str, str]:
        """The names of what is made of rows that were chosen, in the statement or before it."""
        node = run.tree.node
        if not isinstance(node, ast.Assign) or len(s.binds) != 1 or s.binds & s.reads:
            return {}
        (name,) = s.binds
        own = {after: before for line in run.lines for after, before in line.same}
        source = next(iter(own), root_name(node.value) or "")
        root = run.root(source)
        return {name: root} if root != source and self.times.get(name) is Time.ROWS else {}

    def _count(self, number: int, step: Step) -> None:
        """Which columns stand at the end of a table after a step."""
        node, tails = self.way.trees[number].node, self.told.tails
        made, target = column_of(node), step.role is Role.TRAINING
        known = False
        if made is not None and (target or made[0] in tails.last):
            before = [tree.node for tree in self.way.trees[:number]]
            value = [node.value] if isinstance(node, ast.Assign) else []
            known = known_before([*before, *value], *made)
        tails.follow(node, known, target)

    def only_truth(self, number: int) -> bool:
        """Whether a statement makes nothing but what the model learns to say; then it is apart."""
        s = self.way.facts.statements[number]
        if number not in self.way.truths or s.mutates:
            return False
        names = s.binds
        self.times |= dict.fromkeys(names, Time.LEARNED)
        # Whoever makes inputs of it needs rows that no record has.
        self.stale |= names
        self.steps.append(Step(number, Role.APART))
        return True

    def in_vain(self, number: int, closure: list[int], unseen: bool = False) -> bool:
        """Whether a statement only changes a column that the model is not given.

        With ``unseen`` it is one that nobody else looks at either, and not the target.
        """
        vain = changed_in_vain(self.way, closure, number)
        if vain is None or self.times.get(vain[0]) is not Time.ROWS:
            return False
        target = self.way.served.target
        told = target is not None and vain[1] == target.label
        if unseen and (told or looked_at(self.way, vain[1], number)):
            return False
        self.told.take(*vain, number)
        self.steps.append(Step(number, Role.TRAINING, same=((vain[0], vain[0]),)))
        return True

    def only_places(self, number: int) -> bool:
        """Whether a statement only says which rows are taken: whatever else is made of it stops."""
        s, node = self.way.facts.statements[number], self.way.trees[number].node
        if not isinstance(node, ast.Assign) or s.mutates:
            return False
        if not says_which(node.value) and not labels_rows(node.value):
            return False
        if not all(isinstance(target, ast.Name) for target in node.targets):
            return False
        self.times |= dict.fromkeys(s.binds, Time.LEARNED)
        self.stale |= s.binds
        self.steps.append(Step(number, Role.APART))
        return True

    def _chosen(self, number: int, run: Reader) -> bool:
        """Whether rows are only chosen, by places that were drawn, or beside other rows."""
        s = self.way.facts.statements[number]
        same = chosen_rows(run, s.reads & self.stale) or divided_rows(run)
        if not same or any(self.times.get(b) is not Time.ROWS and b not in self.stale
                           for _, b in same):  # fmt: skip
            return False
        halves = {name: self.times.get(before, Time.CONSTANT) for name, before in same}
        self.times |= dict.fromkeys(s.binds, Time.LEARNED) | halves
        self.stale -= s.binds
        self.stale |= {name for name, before in same if before in self.stale}
        kept = tuple(pair for pair in same if self.times[pair[0]] is Time.ROWS)
        self.roots |= {name: run.root(before) for name, before in kept}
        self.steps.append(Step(number, Role.TRAINING, run.tree.node.col_offset, same=same))
        return bool(kept)

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
        self.told.tails.rewrite(fit.inputs, run.source)
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
