"""Follows rows through a notebook: splits, what is fitted on which rows, what is evaluated.

Own functions are gone through where they are called, with the rows that are passed to them.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from chasm.checks.check import Call, Subject, root_name
from chasm.checks.events import TEST, TRAIN, Events, Split
from chasm.checks.halves import Parts, folds
from chasm.checks.rows import Rows
from chasm.checks.trace import NOTHING, SOME, Trace, joined
from chasm.model import UNKNOWN, Called, Statement

#: So deep own functions are gone through, and so many of their statements.
MAX_DEPTH, MAX_STATEMENTS = 3, 2_000
GROWS = ("append", "extend", "insert", "add", "update")
#: Methods that models of every library have.
METHODS = ("fit", "predict", "predict_proba", "evaluate", "score")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Flow:
    """All splits, fits and uses in their order."""

    subject: Subject
    splits: list[Split] = field(default_factory=list)
    functions: dict[str, Function] = field(default_factory=dict)
    _depth: int = 0
    _walked: int = 0
    _given_back: list[tuple[Trace, tuple[Trace, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = Rows(self.subject)
        self.events = Events(self.subject, self.rows)
        self.parts = Parts(self.rows)

    def follow(self) -> "Flow":
        """Walk through the notebook once."""
        for statement, tree in self.subject.pairs:
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
        self.events.clock += 1
        if isinstance(tree, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.functions[tree.name] = tree
            return
        if isinstance(tree, ast.ClassDef):
            return
        self.events.bound = _bound(tree)
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
            self._loop(statement, tree)
            return
        elif isinstance(tree, ast.Return):
            whole = self.rows.trace(tree.value)
            several = tree.value.elts if isinstance(tree.value, ast.Tuple) else []
            self._given_back.append((whole, tuple(self.rows.trace(one) for one in several)))
        elif isinstance(tree, ast.Expr):
            self._alone(statement, tree.value)
        elif isinstance(tree, ast.Delete):
            for target in tree.targets:
                self._alone(statement, target)
        self._blocks(statement, tree)

    def _blocks(self, statement: Statement, tree: ast.stmt) -> None:
        for block in ("body", "orelse", "finalbody"):
            for inner in getattr(tree, block, []):
                self._statement(statement, inner)
        for handler in getattr(tree, "handlers", []):
            for inner in handler.body:
                self._statement(statement, inner)

    def _loop(self, statement: Statement, tree: ast.For | ast.AsyncFor) -> None:
        events = self.events
        turns = folds(self.subject, tree)
        if turns is not None:
            train, test, call = turns
            rows = self.rows.trace(call.args[0])
            number = len(self.splits)
            self.splits.append(
                Split(number, statement, call, rows.versions, rows.version, folds=True)
            )
            self.rows.folds |= {train: (number, TRAIN), test: (number, TEST)}
            self._blocks(statement, tree)
            return
        self._store(statement, tree.target, replace(self.rows.trace(tree.iter), spec=None))
        before = set(events.varied)
        events.loops.append(id(tree))
        events.varied |= {n.id for n in ast.walk(tree.target) if isinstance(n, ast.Name)}
        self._blocks(statement, tree)
        events.loops.pop()
        events.varied = before

    # What calls do.

    def _calls(self, statement: Statement, value: ast.expr) -> None:
        for node in reversed(list(ast.walk(value))):
            if isinstance(node, ast.Call):
                call = self.subject.by_node.get(id(node)) or _of_unknown(statement, node)
                if call is None:
                    if _last_name(node.func) in self.subject.words("stoppers"):
                        self.events.stopping |= self.events.bound
                    continue
                if call.called.own:
                    self._enter(statement, call)
                else:
                    self._tried(statement, call)
                    self.events.record(call)
            elif isinstance(node, ast.Compare) and self.events.loops:
                self.events.compared(statement, node)
            elif isinstance(node, ast.Attribute) and node.attr in self.subject.words("fold_scores"):
                self.events.told_of_folds(root_name(node) or "")

    def _enter(self, statement: Statement, call: Call) -> None:
        """Go through an own function with the rows of what it is given."""
        tree = self.functions.get(call.name)
        if tree is None:
            return
        names = [argument.arg for argument in (*tree.args.posonlyargs, *tree.args.args)]
        given = dict(zip(names, call.node.args, strict=False))
        given |= {k.arg: k.value for k in call.node.keywords if k.arg}
        aliases = {n: v.id for n, v in given.items() if isinstance(v, ast.Name)}
        traces = {name: self.rows.trace(value) for name, value in given.items()}
        made = self._body(statement, tree, traces, aliases)
        if not made:
            return
        # What is put into a list, one by one, is not followed: it is of what was given.
        args = joined([replace(trace, spec=None) for trace in traces.values()])
        whole = joined([trace for trace, _ in made])
        self.rows.returned[id(call.node)] = args if whole == NOTHING else whole
        parts = made[-1][1]
        self.rows.returned_parts[id(call.node)] = [
            args if part == NOTHING else part for part in parts
        ]

    def _tried(self, statement: Statement, call: Call) -> None:
        """Go through an own function that is handed to what tries values for its parameters."""
        name = call.name.rpartition(".")[2]
        given = [*call.node.args, *(k.value for k in call.node.keywords)]
        if name not in self.subject.words("tries") or not given:
            return
        for one in given:
            tree = self.functions.get(one.id) if isinstance(one, ast.Name) else None
            if tree is None:
                continue
            before = set(self.events.varied)
            self.events.varied |= {argument.arg for argument in tree.args.args}
            self.events.loops.append(id(call.node))
            self._body(statement, tree, {}, {})
            self.events.loops.pop()
            self.events.varied = before

    def _body(
        self,
        statement: Statement,
        tree: Function,
        traces: dict[str, Trace],
        aliases: dict[str, str],
    ) -> list[tuple[Trace, tuple[Trace, ...]]]:
        """What the body of an own function gives back, with its parts; its names end with it."""
        self._walked += sum(1 for _ in ast.walk(tree) if isinstance(_, ast.stmt))
        if self._depth >= MAX_DEPTH or self._walked > MAX_STATEMENTS:
            return []
        rows, events = self.rows, self.events
        before = (dict(rows.names), events.aliases, self._given_back, self._depth)
        parameters = [a.arg for a in (*tree.args.args, *tree.args.kwonlyargs)]
        rows.names |= {name: traces.get(name, NOTHING) for name in parameters}
        outer = events.aliases
        events.aliases = {n: outer.get(v, v) for n, v in aliases.items()}
        self._given_back, self._depth = [], self._depth + 1
        home = next((s for s, t in self.subject.pairs if t is tree), statement)
        for inner in tree.body:
            self._statement(home, inner)
        made = self._given_back
        rows.names, events.aliases, self._given_back, self._depth = before
        return made

    # What statements do to names.

    def _alone(self, statement: Statement, node: ast.expr) -> None:
        """An expression as a statement: it may change what it is called on."""
        name = root_name(node)
        if name is None or not (name in statement.mutates | statement.deletes or self._grows(node)):
            return
        made = self.rows.trace(node)
        before = self.rows.names.get(name, NOTHING)
        if not isinstance(node, ast.Call) or self.rows.columns.dropped(node) is None:
            made = joined([before, made])
        spec = self.rows.columns.whole(name, statement.id) if before.spec is not None else None
        self.rows.names[name] = made.at(statement.id, spec)

    def _grows(self, node: ast.expr) -> bool:
        """Whether a list inside of an own function gets longer; nothing else tells of its names."""
        func = node.func if isinstance(node, ast.Call) else None
        return self._depth > 0 and isinstance(func, ast.Attribute) and func.attr in GROWS

    def _assign(self, statement: Statement, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, (ast.Tuple, ast.List)):
            call = self.subject.by_node.get(id(value))
            if call is not None and call.entry is not None and call.entry.returns == "halves":
                self._halves(statement, target.elts, call)
                return
            back = self.rows.returned_parts.get(id(value), [])
            if len(back) == len(target.elts):
                for one, trace in zip(target.elts, back, strict=True):
                    self._store(statement, one, trace)
                return
            if call is not None:
                self._several(statement, target.elts, value)
                return
            parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) else None
            if parts is not None and len(parts) == len(target.elts):
                traces = [self.rows.trace(part) for part in parts]
                for one, trace, part in zip(target.elts, traces, parts, strict=True):
                    self._store(statement, one, trace)
                    if isinstance(one, ast.Name):
                        self._cut(statement, one.id, part)
                return
        trace = self.rows.trace(value)
        if isinstance(target, ast.Name):
            self._vary(target.id, value)
            if self._cut(statement, target.id, value):
                return
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

    def _several(self, statement: Statement, targets: list[ast.expr], value: ast.expr) -> None:
        """``a, b = f(a, b)``: which rows are in which is known only of names that stay."""
        whole = replace(self.rows.trace(value), spec=None)
        both = {n for n, role in whole.roles if (n, TRAIN) in whole.roles and role == TEST}
        read = {n.id for n in ast.walk(value) if isinstance(n, ast.Name)}
        kept = frozenset(r for r in whole.roles if r[0] not in both)
        old = dict(self.rows.names)
        for one in targets:
            known = old.get(one.id) if isinstance(one, ast.Name) and one.id in read else None
            roles = known.roles if known is not None else kept
            self._store(statement, one, replace(whole, roles=roles))

    def _vary(self, name: str, value: ast.expr) -> None:
        """What is made of a name that differs in each round differs as well."""
        events = self.events
        if events.loops and any(
            isinstance(n, ast.Name) and n.id in events.varied for n in ast.walk(value)
        ):
            events.varied.add(name)

    def _cut(self, statement: Statement, name: str, value: ast.expr) -> bool:
        """``train = df[:n]`` and ``test = df[n:]``; true when ``name`` is one half of a split."""
        found = self.parts.pair(name, value)
        if found is None:
            return False
        head, tail, whole = found
        number = len(self.splits)
        self.splits.append(Split(number, statement, value, whole.versions, whole.version))
        kept = frozenset(r for r in whole.roles if r[1] == TRAIN)
        for one, role in ((head, TRAIN), (tail, TEST)):
            version = self.rows.names[one].version if one != name else statement.id
            made = replace(whole, roles=kept | {(number, role)})
            self.rows.names[one] = made.at(version, whole.spec)
        return True

    def _halves(self, statement: Statement, targets: list[ast.expr], call: Call) -> None:
        """``a_train, a_test, b_train, b_test = split(a, b)``."""
        given = [self.rows.trace(argument) for argument in call.node.args]
        if len(targets) != 2 * len(given) or not given:
            for one in targets:
                self._store(statement, one, joined(given))
            return
        number = len(self.splits)
        self.splits.append(Split(number, statement, call.node, given[0].versions, given[0].version))
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


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _of_unknown(statement: Statement, node: ast.Call) -> Call | None:
    """A call of a method that all models have, on a value of which nothing is known."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in METHODS:
        return None
    return Call(statement, node, Called(node.func.attr, UNKNOWN), None)


def _bound(tree: ast.stmt) -> set[str]:
    """The names that an assignment gives a value as a whole."""
    targets = tree.targets if isinstance(tree, ast.Assign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _values(tree: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of a statement itself, without those of its blocks."""
    for name in ("value", "test", "iter", "exc"):
        value = getattr(tree, name, None)
        if isinstance(value, ast.expr):
            yield value
    for item in getattr(tree, "items", []):
        yield item.context_expr
