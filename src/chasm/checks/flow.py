"""Follows rows through a notebook: splits, what is fitted on which rows, what is evaluated.

Only the level of the notebook is followed. What happens inside of own functions is left out:
a check then says nothing.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from chasm.checks.check import Call, Subject, root_name
from chasm.checks.columns import keeps_rows
from chasm.checks.rows import MODELS, Rows
from chasm.checks.trace import NOTHING, SOME, Learned, Trace, joined
from chasm.model import Statement

TRAIN, TEST = "train", "test"


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
    _clock: int = 0

    def __post_init__(self) -> None:
        self.rows = Rows(self.subject)

    def follow(self) -> "Flow":
        """Walk through the notebook once."""
        for statement, tree in self.subject.pairs:
            if statement.definition is not None:
                continue
            self._statement(statement, tree)
            for name in statement.mutates & self.rows.names.keys():
                known = self.rows.names[name]
                if known.spec is not None and known.version != statement.id:
                    self.rows.names[name] = replace(known, spec=None)
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
            parts = [self.rows.trace(tree.target), self.rows.trace(tree.value)]
            self._store(statement, tree.target, joined(parts))
        elif isinstance(tree, (ast.For, ast.AsyncFor)):
            self._store(statement, tree.target, replace(self.rows.trace(tree.iter), spec=None))
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

    # What calls do.

    def _calls(self, statement: Statement, value: ast.expr) -> None:
        found = [n for n in ast.walk(value) if isinstance(n, ast.Call)]
        for node in reversed(found):
            call = self.subject.by_node.get(id(node))
            if call is None:
                continue
            if call.entry is None:
                self._unknown(call)
                continue
            if call.entry.fits and call.called.receiver is not None and node.args:
                self._fit(call)
            elif call.name in self.subject.words("learns") and not call.entry.constructs:
                self._learn(call, call.name)
            elif self._resamples(call):
                self._learn(call, call.name, True)
            if call.entry.predicts or call.entry.metric:
                self._use(call)

    def _unknown(self, call: Call) -> None:
        """Of what nobody described, the names of methods that all models have."""
        if call.called.receiver is None or call.kind is not None or not call.node.args:
            return
        if call.name == "fit" and len(call.node.args) > 1:
            rows, target = (self.rows.trace(argument) for argument in call.node.args[:2])
            self.fits.append(Fit(call, _owner(call), True, rows, target, self._clock))
        elif call.name in ("predict", "predict_proba", "evaluate", "score"):
            self._use(call)

    def _resamples(self, call: Call) -> bool:
        """Whether a function, and no class, draws rows with replacement."""
        known = call.name in self.subject.words("resamples") and call.called.receiver is None
        constructs = call.entry is not None and call.entry.constructs
        return known and not constructs and not _is_false(call.keyword("replace"))

    def _fit(self, call: Call) -> None:
        node = call.node
        owner = _owner(call)
        rows = self.rows.trace(node.args[0])
        target = self.rows.trace(node.args[1]) if len(node.args) > 1 else None
        is_model = call.kind in MODELS
        self.fits.append(Fit(call, owner, is_model, rows, target, self._clock))
        what = call.called.receiver.qualname if call.called.receiver is not None else None
        if what is not None and what in self.subject.words("resamples"):
            self._learn(call, what, True)
        elif self.rows.learns(call):
            self._learn(call, self.rows.holds.get(owner) or what or "")

    def _learn(self, call: Call, what: str, resamples: bool = False) -> None:
        if not call.node.args or not all(keeps_rows(a) for a in call.node.args[:1]):
            return
        rows = self.rows.trace(call.node.args[0])
        name = what.rpartition(".")[2]
        one = Learned(call.statement, call.node, name, rows.versions, rows.roles, resamples)
        self.rows.learned.append(one)

    def _use(self, call: Call) -> None:
        node = call.node
        given = [*node.args, *(k.value for k in node.keywords)]
        owner = None
        if call.called.receiver is not None and isinstance(node.func, ast.Attribute):
            owner = root_name(node.func.value)
        entry = call.entry
        scores = bool(entry is not None and entry.metric)
        rows = joined([self.rows.trace(a) for a in given])
        first = self.rows.trace(given[0]) if given else NOTHING
        self.uses.append(Use(call, owner, rows, first, self._clock, scores))

    # What statements do to names.

    def _alone(self, statement: Statement, node: ast.expr) -> None:
        """An expression as a statement: it may change what it is called on."""
        name = root_name(node)
        if name is None or name not in statement.mutates | statement.deletes:
            return
        made = self.rows.trace(node)
        before = self.rows.names.get(name, NOTHING)
        if not isinstance(node, ast.Call) or self.rows.columns.dropped(node) is None:
            made = joined([before, made])
        spec = self.rows.columns.whole(name, statement.id) if before.spec is not None else None
        self.rows.names[name] = made.at(statement.id, spec)

    def _assign(self, statement: Statement, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, (ast.Tuple, ast.List)):
            call = self.subject.by_node.get(id(value))
            if call is not None and call.entry is not None and call.entry.returns == "halves":
                self._halves(statement, target.elts, call)
                return
            parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) else None
            if parts is not None and len(parts) == len(target.elts):
                traces = [self.rows.trace(part) for part in parts]
                for one, trace in zip(target.elts, traces, strict=True):
                    self._store(statement, one, trace)
                return
        trace = self.rows.trace(value)
        if isinstance(target, ast.Name):
            self.rows.columns.note(target.id, value)
            self.rows.hold(target.id, value)
            is_new = trace.spec is None and statement.values.get(target.id) is not None
            if is_new and statement.values[target.id].kind == "frame":
                spec = self.rows.columns.whole(target.id, statement.id)
                self.rows.names[target.id] = trace.at(statement.id, spec)
                return
            self.rows.names[target.id] = trace.at(statement.id, trace.spec)
            return
        self._store(statement, target, trace)

    def _store(self, statement: Statement, target: ast.expr, trace: Trace) -> None:
        if isinstance(target, (ast.Tuple, ast.List)):
            for one in target.elts:
                self._store(statement, one, replace(trace, spec=None))
        elif isinstance(target, ast.Name):
            self.rows.names[target.id] = trace.at(statement.id, None)
        elif isinstance(target, (ast.Subscript, ast.Attribute)):
            name = root_name(target)
            if name is None:
                return
            listed: frozenset[str] | None
            if isinstance(target, ast.Attribute):
                listed = frozenset((target.attr,))
            else:
                listed = self.rows.columns.listed(target.slice)
            before = self.rows.names.get(name, NOTHING)
            put = trace.with_columns(listed if listed is not None else frozenset((SOME,)))
            if listed is not None:
                before = before.without(listed)
            made = joined([before, put]).at(statement.id)
            self.rows.names[name] = replace(made, spec=self.rows.columns.whole(name, statement.id))

    def _halves(self, statement: Statement, targets: list[ast.expr], call: Call) -> None:
        """``a_train, a_test, b_train, b_test = split(a, b)``."""
        given = [self.rows.trace(argument) for argument in call.node.args]
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
                self.rows.names[target.id] = made.at(statement.id, trace.spec)
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
