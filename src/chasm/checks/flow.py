"""Follows rows through a notebook: splits, what is fitted on which rows, what is evaluated.

Only the level of the notebook is followed. What happens inside of own functions is left out:
a check then says nothing.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from chasm.checks.check import Call, Subject, root_name
from chasm.checks.columns import Columns, keeps_rows
from chasm.checks.trace import NOTHING, SOME, WHOLE, Learned, Trace, joined
from chasm.model import Statement

TRAIN, TEST = "train", "test"
KEEPING = ("fit_transform", "transform", "inverse_transform")
MODELS = ("classifier", "regressor", "search", "pipeline", "estimator")


@dataclass(frozen=True, slots=True)
class Split:
    """One split into training and test rows."""

    number: int
    call: Call
    inputs: frozenset[int]
    first: int


@dataclass(frozen=True, slots=True)
class Fit:
    """A call that fits ``owner`` to rows; ``target`` is the second argument."""

    call: Call
    owner: str
    is_model: bool
    rows: Trace
    target: Trace | None
    order: int


@dataclass(frozen=True, slots=True)
class Use:
    """Rows that a fitted model predicts, or a metric that is computed from them."""

    call: Call
    owner: str | None
    rows: Trace
    first: Trace
    order: int
    scores: bool


@dataclass
class Flow:
    """All splits, fits and uses in their order."""

    subject: Subject
    splits: list[Split] = field(default_factory=list)
    fits: list[Fit] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    learned: list[Learned] = field(default_factory=list)
    _names: dict[str, Trace] = field(default_factory=dict)
    _columns: Columns = field(default_factory=Columns)
    _holds: dict[str, str] = field(default_factory=dict)
    _clock: int = 0

    def follow(self) -> "Flow":
        """Walk through the notebook once."""
        for statement, tree in self.subject.pairs:
            if statement.definition is not None:
                continue
            self._statement(statement, tree)
            for name in statement.mutates & self._names.keys():
                known = self._names[name]
                if known.spec is not None and known.version != statement.id:
                    self._names[name] = replace(known, spec=None)
        return self

    def split(self, number: int) -> Split:
        """The split with this number."""
        return self.splits[number]

    def _statement(self, statement: Statement, tree: ast.stmt) -> None:
        self._clock += 1
        if isinstance(tree, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return
        for value in _values(tree):
            self._calls(statement, value)
        if isinstance(tree, ast.Assign):
            for target in tree.targets:
                self._assign(statement, target, tree.value)
        elif isinstance(tree, ast.AnnAssign) and tree.value is not None:
            self._assign(statement, tree.target, tree.value)
        elif isinstance(tree, ast.AugAssign):
            self._store(
                statement, tree.target, joined([self.trace(tree.target), self.trace(tree.value)])
            )
        elif isinstance(tree, (ast.For, ast.AsyncFor)):
            self._store(statement, tree.target, replace(self.trace(tree.iter), spec=None))
        elif isinstance(tree, ast.Expr):
            self._alone(statement, tree.value)
        elif isinstance(tree, ast.Delete):
            for target in tree.targets:
                self._alone(statement, target)
        for block in ("body", "orelse", "finalbody"):
            for inner in getattr(tree, block, []):
                self._statement(statement, inner)
        for handler in getattr(tree, "handlers", []):
            for inner in handler.body:
                self._statement(statement, inner)

    # What an expression is made of.

    def trace(self, node: ast.AST | None) -> Trace:
        """The rows that ``node`` is made of."""
        if node is None:
            return NOTHING
        if isinstance(node, ast.Name):
            return self._names.get(node.id, NOTHING)
        if isinstance(node, ast.Subscript):
            columns = self._columns.listed(node.slice)
            base = self.trace(node.value)
            if columns is not None:
                spec = self._columns.subset(base.spec, columns, True)
                return replace(base.selected(columns), spec=spec)
            spec = self._columns.positions(base.spec, node)
            made = joined([base, self.trace(node.slice)])
            return replace(made, roles=base.roles, spec=spec)
        if isinstance(node, ast.Call):
            return self._called(node)
        if isinstance(node, ast.Attribute):
            return self.trace(node.value)
        parts = [self.trace(part) for part in ast.iter_child_nodes(node)]
        return replace(joined(parts), spec=None)

    def _called(self, node: ast.Call) -> Trace:
        call = self.subject.by_node.get(id(node))
        parts = [self.trace(part) for part in (*node.args, *(k.value for k in node.keywords))]
        if not isinstance(node.func, ast.Attribute):
            return replace(joined(parts), spec=None)
        base = self.trace(node.func.value)
        dropped = self._columns.dropped(node)
        if dropped is not None:
            return replace(
                base.without(dropped), spec=self._columns.subset(base.spec, dropped, False)
            )
        if node.func.attr == "copy" and not node.args:
            return base
        keeps = call is not None and call.name in KEEPING
        if keeps or call is not None and call.entry is not None and call.entry.predicts:
            # The rows are those of the arguments; what was fitted only adds what it learned.
            base = replace(base, roles=frozenset())
        made = joined([base, *parts])
        spec = parts[0].spec if keeps and parts and self._learns(call) else None
        one = next((e for e in reversed(self.learned) if e.node is node), None)
        if one is not None:
            made = replace(made, learned=made.learned | {(one, WHOLE)})
        return replace(made, spec=spec)

    # What calls do.

    def _calls(self, statement: Statement, value: ast.expr) -> None:
        found = [n for n in ast.walk(value) if isinstance(n, ast.Call)]
        for node in reversed(found):
            call = self.subject.by_node.get(id(node))
            if call is None or call.entry is None:
                continue
            if call.entry.fits and call.called.receiver is not None and node.args:
                self._fit(call)
            elif call.name in self.subject.words("learns") and not call.entry.constructs:
                self._learn(call, call.name)
            elif self._resamples(call):
                self._learn(call, call.name, True)
            if call.entry.predicts or call.entry.metric:
                self._use(call)

    def _resamples(self, call: Call) -> bool:
        """Whether a function, and no class, draws rows with replacement."""
        known = call.name in self.subject.words("resamples") and call.called.receiver is None
        constructs = call.entry is not None and call.entry.constructs
        return known and not constructs and not _is_false(call.keyword("replace"))

    def _fit(self, call: Call) -> None:
        node = call.node
        owner = _owner(call)
        rows = self.trace(node.args[0])
        target = self.trace(node.args[1]) if len(node.args) > 1 else None
        is_model = call.kind in MODELS
        self.fits.append(Fit(call, owner, is_model, rows, target, self._clock))
        what = call.called.receiver.qualname if call.called.receiver is not None else None
        if what is not None and what in self.subject.words("resamples"):
            self._learn(call, what, True)
        elif self._learns(call):
            self._learn(call, self._holds.get(owner) or what or "")

    def _learns(self, call: Call | None) -> bool:
        """Whether what ``call`` fits learns statistics of rows, itself or by a part of it."""
        if call is None or call.called.receiver is None or call.kind in MODELS:
            return False
        what = call.called.receiver.qualname
        node = call.node.func
        owner = root_name(node.value) if isinstance(node, ast.Attribute) else None
        known = what in self.subject.words("learns")
        return known or what in self.subject.words("composes") and owner in self._holds

    def _learn(self, call: Call, what: str, resamples: bool = False) -> None:
        if not call.node.args or not all(keeps_rows(a) for a in call.node.args[:1]):
            return
        rows = self.trace(call.node.args[0])
        name = what.rpartition(".")[2]
        one = Learned(call.statement, call.node, name, rows.versions, rows.roles, resamples)
        self.learned.append(one)

    def _use(self, call: Call) -> None:
        node = call.node
        given = [*node.args, *(k.value for k in node.keywords)]
        owner = None
        if call.called.receiver is not None and isinstance(node.func, ast.Attribute):
            owner = root_name(node.func.value)
        entry = call.entry
        scores = bool(entry is not None and entry.metric)
        rows = joined([self.trace(a) for a in given])
        first = self.trace(given[0]) if given else NOTHING
        self.uses.append(Use(call, owner, rows, first, self._clock, scores))

    # What statements do to names.

    def _alone(self, statement: Statement, node: ast.expr) -> None:
        """An expression as a statement: it may change what it is called on."""
        name = root_name(node)
        if name is None or name not in statement.mutates | statement.deletes:
            return
        made = self.trace(node)
        before = self._names.get(name, NOTHING)
        if not isinstance(node, ast.Call) or self._columns.dropped(node) is None:
            made = joined([before, made])
        spec = self._columns.whole(name, statement.id) if before.spec is not None else None
        self._names[name] = made.at(statement.id, spec)

    def _assign(self, statement: Statement, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, (ast.Tuple, ast.List)):
            call = self.subject.by_node.get(id(value))
            if call is not None and call.entry is not None and call.entry.returns == "halves":
                self._halves(statement, target.elts, call)
                return
            parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) else None
            if parts is not None and len(parts) == len(target.elts):
                traces = [self.trace(part) for part in parts]
                for one, trace in zip(target.elts, traces, strict=True):
                    self._store(statement, one, trace)
                return
        trace = self.trace(value)
        if isinstance(target, ast.Name):
            self._columns.note(target.id, value)
            self._hold(target.id, value)
            is_new = trace.spec is None and statement.values.get(target.id) is not None
            if is_new and statement.values[target.id].kind == "frame":
                spec = self._columns.whole(target.id, statement.id)
                self._names[target.id] = trace.at(statement.id, spec)
                return
            self._names[target.id] = trace.at(statement.id, trace.spec)
            return
        self._store(statement, target, trace)

    def _hold(self, name: str, value: ast.expr) -> None:
        """Remember which class that learns is inside of what ``value`` makes."""
        self._holds.pop(name, None)
        for node in ast.walk(value):
            call = self.subject.by_node.get(id(node))
            if call is not None and call.name in self.subject.words("learns"):
                self._holds[name] = call.name
            elif isinstance(node, ast.Name) and node.id in self._holds:
                self._holds[name] = self._holds[node.id]

    def _store(self, statement: Statement, target: ast.expr, trace: Trace) -> None:
        if isinstance(target, (ast.Tuple, ast.List)):
            for one in target.elts:
                self._store(statement, one, replace(trace, spec=None))
        elif isinstance(target, ast.Name):
            self._names[target.id] = trace.at(statement.id, None)
        elif isinstance(target, (ast.Subscript, ast.Attribute)):
            name = root_name(target)
            if name is None:
                return
            listed = (
                self._columns.listed(target.slice) if isinstance(target, ast.Subscript) else None
            )
            if isinstance(target, ast.Attribute):
                listed = frozenset((target.attr,))
            before = self._names.get(name, NOTHING)
            put = trace.with_columns(listed if listed is not None else frozenset((SOME,)))
            if listed is not None:
                before = before.without(listed)
            made = joined([before, put]).at(statement.id)
            self._names[name] = replace(made, spec=self._columns.whole(name, statement.id))

    def _halves(self, statement: Statement, targets: list[ast.expr], call: Call) -> None:
        """``a_train, a_test, b_train, b_test = split(a, b)``."""
        given = [self.trace(argument) for argument in call.node.args]
        if len(targets) != 2 * len(given) or not given:
            for one in targets:
                self._store(statement, one, joined(given))
            return
        number = len(self.splits)
        self.splits.append(Split(number, call, given[0].versions, given[0].version))
        for place, target in enumerate(targets):
            trace = given[place // 2]
            # Of the test half of an earlier split both halves are parts: it was a choice of rows.
            kept = frozenset(r for r in trace.roles if r[1] == TRAIN)
            role = (number, TEST if place % 2 else TRAIN)
            made = replace(trace, roles=kept | {role})
            if isinstance(target, ast.Name):
                self._names[target.id] = made.at(statement.id, trace.spec)
            else:
                self._store(statement, target, made)


def _owner(call: Call) -> str:
    """The name of what is fitted; of what is made in the same expression, the name it gets."""
    receiver = call.node.func.value if isinstance(call.node.func, ast.Attribute) else None
    while isinstance(receiver, (ast.Attribute, ast.Subscript)):
        receiver = receiver.value
    if isinstance(receiver, ast.Name):
        return receiver.id
    bound = call.statement.binds
    return next(iter(bound)) if len(bound) == 1 else ""


def _is_false(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _values(tree: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of a statement itself, without those of its blocks."""
    for name in ("value", "test", "iter", "exc"):
        value = getattr(tree, name, None)
        if isinstance(value, ast.expr):
            yield value
    for item in getattr(tree, "items", []):
        yield item.context_expr
