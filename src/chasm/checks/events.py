"""What calls do to rows: fits, uses of what was fitted, and what is learned on the way."""

import ast
from dataclasses import dataclass, field

from chasm.analyse.nodes import root_name
from chasm.checks.check import Call, Subject
from chasm.checks.columns import keeps_rows
from chasm.checks.rows import MODELS, Rows
from chasm.checks.trace import FITTED, NOTHING, RESAMPLED, Learned, Trace, joined
from chasm.model import Statement

TRAIN, TEST = "train", "test"
#: What nobody described, and an instance of a class that nobody described.
UNKNOWN_KINDS = (None, "object")


@dataclass(frozen=True, slots=True)
class Split:
    """One split of rows into training and test rows, or into folds that take turns."""

    number: int
    statement: Statement
    node: ast.expr
    inputs: frozenset[int]
    first: int
    folds: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """A call that fits ``owner`` to rows; ``target`` is what they are to give.

    ``data`` is the argument with the rows; ``tried`` the loop in which the model has another
    setting in each round; ``watched`` are rows whose score ends the fit.
    """

    call: Call
    owner: str
    is_model: bool
    rows: Trace
    target: Trace | None
    order: int
    data: ast.expr
    tried: int | None = None
    watched: Trace = NOTHING


@dataclass(frozen=True, slots=True)
class Use:
    """Rows that a fitted model predicts, or a metric that is computed from them.

    ``folds`` says that the rows are divided into folds there; ``loop`` is the loop around it;
    ``of`` the prediction that a metric is given.
    """

    call: Call
    owner: str | None
    rows: Trace
    first: Trace
    order: int
    scores: bool
    folds: bool = False
    loop: int | None = None
    of: "Use | None" = None


@dataclass
class Events:
    """All fits and uses in their order, and what is known of names beside their rows.

    ``aliases`` are parameters of own functions and what was passed for them; ``loops`` the loops
    around the present statement, and ``varied`` the names that differ in each of their rounds;
    ``models`` are names of models that are made with such a name. ``prepared`` are models that
    were given their rows when they were made; ``bound`` the names that the present assignment
    gives a value; ``fixed`` transformers that were told what they would learn; ``predicted`` the
    predictions that names hold.
    """

    subject: Subject
    rows: Rows
    fits: list[Fit] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    clock: int = 0
    aliases: dict[str, str] = field(default_factory=dict)
    loops: list[int] = field(default_factory=list)
    varied: set[str] = field(default_factory=set)
    models: dict[str, int] = field(default_factory=dict)
    prepared: dict[str, tuple[ast.expr, Trace, Trace | None]] = field(default_factory=dict)
    stopping: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    fixed: set[str] = field(default_factory=set)
    predicted: dict[str, Use] = field(default_factory=dict)

    def bind(self, names: set[str]) -> None:
        """The present statement gives these names a value."""
        self.bound = names
        for name in names:
            self.predicted.pop(name, None)

    def record(self, call: Call) -> None:
        """Note what this call does; its arguments have been noted before."""
        self._notice(call)
        entry = call.entry
        if entry is None:
            self._unknown(call)
            return
        self.rows.write(call)
        if entry.fits and call.called.receiver is not None:
            self._fit(call)
        elif call.name in self.subject.words("learns") and not entry.constructs:
            self._learn(call, call.name)
        elif self._resamples(call):
            self._learn(call, call.name, RESAMPLED)
        if entry.predicts or entry.metric:
            self._use(call)

    def compared(self, statement: Statement, node: ast.Compare) -> None:
        """A comparison in a loop: of a prediction with the truth, or with a threshold."""
        parts = [node.left, *node.comparators]
        traces = [self.rows.trace(part) for part in parts]
        varies = any(isinstance(p, ast.Name) and p.id in self.varied for p in parts)
        held = [t for t in traces if any(role == TEST for _, role in t.roles)]
        call = next((c for c in self.subject.calls if c.statement is statement), None)
        if call is None or not held:
            return
        loop = self.loops[-1]
        if varies:
            # A threshold is tried: as if the model were another one in each round.
            whole = Fit(call, "", True, NOTHING, None, self.clock, node, loop)
            self.fits.append(whole)
        elif len(held) == len(traces):
            rows = joined(traces)
            self.uses.append(Use(call, None, rows, traces[0], self.clock, True, loop=loop))

    def told_of_folds(self, owner: str) -> None:
        """The score of a search is looked at: it is that of the folds of its rows."""
        owner = self.aliases.get(owner, owner)
        for fit in reversed(self.fits):
            if fit.owner == owner and fit.call.kind == "search":
                rows = fit.rows
                self.uses.append(Use(fit.call, None, rows, rows, self.clock, True, True))
                return

    def _notice(self, call: Call) -> None:
        """What a call says of the name that its statement binds."""
        names = {keyword.arg for keyword in call.node.keywords}
        stops = call.name.rpartition(".")[2] in self.subject.words("stoppers")
        if stops or names & self.subject.words("stops_early") and call.called.receiver is None:
            self.stopping |= self.bound
        self.fixed -= self.bound
        if names & self.subject.words("told"):
            self.fixed |= self.bound
        if self.loops and self._is_varied(call):
            for name in self.bound:
                self.models[name] = self.loops[-1]
        if call.name in self.subject.words("fits_what_it_was_given"):
            self._prepare(call)

    def _is_varied(self, call: Call) -> bool:
        """Whether a model is made, or set, with something that differs from round to round."""
        entry = call.entry
        sets = call.name == "set_params"
        if not sets and (entry is None or not entry.constructs or entry.returns not in SET):
            return False
        given = [*call.node.args, *(k.value for k in call.node.keywords if k.arg not in SEEDS)]
        return any(
            isinstance(part, ast.Name) and part.id in self.varied
            for argument in given
            for part in ast.walk(argument)
        )

    def _prepare(self, call: Call) -> None:
        """A model that has its rows before it is fitted to them."""
        positions = call.entry.positions if call.entry is not None else ()
        given = dict(zip(positions, call.node.args, strict=False))
        given |= {k.arg: k.value for k in call.node.keywords if k.arg}
        target = given.get("endog")
        data = given.get("exog", given.get("data", target))
        if data is None:
            return
        other = target is not None and target is not data
        known = (data, self.rows.trace(data), self.rows.trace(target) if other else None)
        for name in self.bound:
            self.prepared[name] = known
        self.prepared[str(id(call.node))] = known

    def _unknown(self, call: Call) -> None:
        """Of what nobody described, the names of methods that all models have."""
        if call.called.receiver is None or call.kind not in UNKNOWN_KINDS or not call.node.args:
            return
        if call.name == "fit" and len(call.node.args) > 1:
            self._fit(call)
        elif call.name in ("predict", "predict_proba", "evaluate", "score"):
            self._use(call)

    def _resamples(self, call: Call) -> bool:
        """Whether a function, and no class, draws rows with replacement."""
        known = call.name in self.subject.words("resamples") and call.called.receiver is None
        constructs = call.entry is not None and call.entry.constructs
        keep = call.keyword("replace")
        without = isinstance(keep, ast.Constant) and keep.value is False
        return known and not constructs and not without

    def _fit(self, call: Call) -> None:
        node = call.node
        owner = self.owner(call)
        if not node.args:
            self._fit_prepared(call)
            return
        rows = self.rows.trace(node.args[0])
        target = self.rows.trace(node.args[1]) if len(node.args) > 1 else None
        is_model = call.kind in (*MODELS, *UNKNOWN_KINDS)
        tried = self.models.get(owner)
        if tried not in self.loops:
            tried = None
        watched = self._watched(call, owner)
        self.fits.append(
            Fit(call, owner, is_model, rows, target, self.clock, node.args[0], tried, watched)
        )
        what = call.called.receiver.qualname if call.called.receiver is not None else None
        if what is not None and what in self.subject.words("resamples"):
            self._learn(call, what, RESAMPLED)
        elif self.rows.learns(call):
            self._learn(call, self.rows.holds.get(owner) or what or "")

    def _fit_prepared(self, call: Call) -> None:
        receiver = call.node.func.value if isinstance(call.node.func, ast.Attribute) else None
        key = receiver.id if isinstance(receiver, ast.Name) else str(id(receiver))
        known = self.prepared.get(key)
        if known is not None and len(self.bound) == 1:
            data, rows, target = known
            name = next(iter(self.bound))
            self.fits.append(Fit(call, name, True, rows, target, self.clock, data))

    def _watched(self, call: Call, owner: str) -> Trace:
        """The rows whose score ends the fit, when it ends by one."""
        named = {k.arg: k.value for k in call.node.keywords if k.arg}
        held = [v for n, v in named.items() if n in self.subject.words("watched")]
        names = {n.id for v in named.values() for n in ast.walk(v) if isinstance(n, ast.Name)}
        made = {
            part.func.attr if isinstance(part.func, ast.Attribute) else root_name(part.func)
            for value in named.values()
            for part in ast.walk(value)
            if isinstance(part, ast.Call)
        }
        stops = (
            named.keys() & self.subject.words("stops_early")
            or owner in self.stopping
            or names & self.stopping
            or made & self.subject.words("stoppers")
        )
        return joined([self.rows.trace(value) for value in held]) if stops else NOTHING

    def _learn(self, call: Call, what: str, kind: str = FITTED) -> None:
        if not call.node.args or not all(keeps_rows(a) for a in call.node.args[:1]):
            return
        rows = self.rows.trace(call.node.args[0])
        name = what.rpartition(".")[2]
        one = Learned(call.statement, call.node, name, rows.versions, rows.roles, kind)
        self.rows.learned.append(one)

    def _use(self, call: Call) -> None:
        node = call.node
        given = [*node.args, *(k.value for k in node.keywords)]
        owner = self.owner(call) if call.called.receiver is not None else None
        entry = call.entry
        scores = bool(entry is not None and entry.metric) or call.name in ("score", "evaluate")
        folds = bool(entry is not None and entry.fits and entry.metric)
        named = [k.value for k in node.keywords if k.arg == "X"]
        # Of what is divided into folds, only the inputs are learned from.
        rows = joined([self.rows.trace(a) for a in (named or given[1:2] if folds else given)])
        first = self.rows.trace(given[0]) if given else NOTHING
        loop = self.loops[-1] if self.loops else None
        of = next((u for u in map(self._prediction, given) if u is not None), None)
        one = Use(call, owner, rows, first, self.clock, scores, folds, loop, of if scores else None)
        self.uses.append(one)
        if not scores:
            self.predicted |= dict.fromkeys(self.bound, one)

    def _prediction(self, node: ast.expr) -> Use | None:
        if isinstance(node, ast.Name):
            return self.predicted.get(node.id)
        return next((u for u in reversed(self.uses) if u.call.node is node), None)

    def owner(self, call: Call) -> str:
        """The name of what is fitted or used; of what is made in place, the name it gets."""
        func = call.node.func
        receiver = func.value if isinstance(func, ast.Attribute) else None
        while isinstance(receiver, (ast.Attribute, ast.Subscript)):
            receiver = receiver.value
        if isinstance(receiver, ast.Name):
            return self.aliases.get(receiver.id, receiver.id)
        return next(iter(self.bound)) if len(self.bound) == 1 else ""


#: What is set before it is fitted: a model, or what prepares its inputs.
SET = (*MODELS, "transformer", "vectorizer")
#: What makes another model of the same settings.
SEEDS = ("random_state", "seed", "random_seed")
