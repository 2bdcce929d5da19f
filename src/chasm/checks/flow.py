"""Follows rows through a notebook: splits, what is fitted on which rows, what is evaluated.

Own functions are gone through where they are called, with the rows that are passed to them.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from chasm.analyse.nodes import nodes_below, root_name
from chasm.analyse.scopes import handed_over
from chasm.checks.binding import Names
from chasm.checks.check import Call, Subject
from chasm.checks.events import TEST, TRAIN, Events, Split
from chasm.checks.halves import folds
from chasm.checks.rows import Rows, each_alone
from chasm.checks.trace import NOTHING, Trace, joined
from chasm.model import UNKNOWN, Called, Statement

#: So deep own functions are gone through, and so many of their lines.
MAX_DEPTH, MAX_LINES = 3, 2_000
#: Methods that models of every library have.
METHODS = ("fit", "predict", "predict_proba", "evaluate", "score")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Flow:
    """All splits, fits and uses in their order."""

    subject: Subject
    functions: dict[str, Function] = field(default_factory=dict)
    _depth: int = 0
    _walked: int = 0
    _seen: dict[int, list[ast.expr]] = field(default_factory=dict)
    _given_back: list[tuple[Trace, tuple[Trace, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = Rows(self.subject)
        self.events = Events(self.subject, self.rows)
        self.names = Names(self.subject, self.rows, self.events)

    def follow(self) -> "Flow":
        """Walk through the notebook once."""
        for statement, tree in self.subject.pairs:
            self._statement(statement, tree)
            for name in statement.mutates & self.rows.names.keys():
                known = self.rows.names[name]
                if known.spec is not None and known.version != statement.id:
                    self.rows.names[name] = replace(known, spec=None)
            self._forget_lists(statement, tree)
        return self

    def _forget_lists(self, statement: Statement, tree: ast.stmt) -> None:
        """Lists of labels that a block or a function has changed, in whatever way."""
        followed = root_name(tree.value) if isinstance(tree, ast.Expr) else None
        for name in statement.mutates - {followed}:
            self.rows.columns.lists.pop(name, None)

    def split(self, number: int) -> Split:
        """The split with this number."""
        return self.names.splits[number]

    def _statement(self, statement: Statement, tree: ast.stmt) -> None:
        self.events.clock += 1
        if isinstance(tree, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.functions[tree.name] = tree
            return
        if isinstance(tree, ast.ClassDef):
            return
        self.events.bind(_bound(tree))
        for value in _values(tree):
            self._calls(statement, value)
        if isinstance(tree, ast.Assign):
            for target in tree.targets:
                self.names.assign(statement, target, tree.value)
        elif isinstance(tree, ast.AnnAssign) and tree.value is not None:
            self.names.assign(statement, tree.target, tree.value)
        elif isinstance(tree, ast.AugAssign):
            parts = [self.rows.trace(tree.target), self.rows.trace(tree.value)]
            if isinstance(tree.target, ast.Name):
                self.rows.columns.lists.pop(tree.target.id, None)
            self.names.store(statement, tree.target, joined(parts))
        elif isinstance(tree, (ast.For, ast.AsyncFor)):
            self._loop(statement, tree)
            return
        elif isinstance(tree, ast.Return):
            whole = self.rows.trace(tree.value)
            several = tree.value.elts if isinstance(tree.value, ast.Tuple) else []
            self._given_back.append((whole, tuple(self.rows.trace(one) for one in several)))
        elif isinstance(tree, ast.Expr):
            self.names.alone(statement, tree.value)
        elif isinstance(tree, ast.Delete):
            for target in tree.targets:
                self.names.alone(statement, target)
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
            number = len(self.names.splits)
            self.names.splits.append(
                Split(number, statement, call, rows.versions, rows.version, folds=True)
            )
            self.rows.folds |= {train: (number, TRAIN), test: (number, TEST)}
            self._blocks(statement, tree)
            return
        self.names.store(statement, tree.target, replace(self.rows.trace(tree.iter), spec=None))
        before = set(events.varied)
        events.loops.append(id(tree))
        events.varied |= {n.id for n in nodes_below(tree.target) if isinstance(n, ast.Name)}
        self._blocks(statement, tree)
        events.loops.pop()
        events.varied = before

    # What calls do.

    def _calls(self, statement: Statement, value: ast.expr) -> None:
        for node in self._parts(value):
            if isinstance(node, ast.Call):
                call = self.subject.by_node.get(id(node)) or _of_unknown(statement, node)
                if call is None:
                    if _last_name(node.func) in self.subject.words("stoppers"):
                        self.events.stopping |= self.events.bound
                    continue
                if call.called.own:
                    outer = self.rows.single
                    self.rows.single = outer or each_alone(value, node, self.rows)
                    self._enter(statement, call)
                    self.rows.single = outer
                else:
                    self._tried(statement, call)
                    self.events.record(call)
            elif isinstance(node, ast.Compare):
                if self.events.loops:
                    self.events.compared(statement, node)
            else:
                self.events.told_of_folds(root_name(node) or "")

    def _parts(self, value: ast.expr) -> list[ast.expr]:
        """What matters of an expression, inner before outer; bodies are gone through again."""
        known = self._seen.get(id(value))
        if known is not None:
            return known
        scores = self.subject.words("fold_scores")
        found: list[ast.expr] = [
            node
            for node in nodes_below(value)
            if isinstance(node, (ast.Call, ast.Compare))
            or (isinstance(node, ast.Attribute) and node.attr in scores)
        ]
        found.reverse()
        self._seen[id(value)] = found
        return found

    def _enter(self, statement: Statement, call: Call) -> None:
        """Go through an own function with the rows of what it is given."""
        tree = self.functions.get(call.name)
        if tree is None:
            return
        given = handed_over(call.node, tree)
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
        self._walked += 1 + (tree.end_lineno or tree.lineno) - tree.lineno
        if self._depth >= MAX_DEPTH or self._walked > MAX_LINES:
            return []
        rows, events = self.rows, self.events
        before = (dict(rows.names), events.aliases, self._given_back, self._depth)
        parameters = [a.arg for a in (*tree.args.args, *tree.args.kwonlyargs)]
        rows.names |= {name: traces.get(name, NOTHING) for name in parameters}
        outer = events.aliases
        events.aliases = {n: outer.get(v, v) for n, v in aliases.items()}
        self._given_back, self._depth = [], self._depth + 1
        self.names.inside = True
        home = next((s for s, t in self.subject.pairs if t is tree), statement)
        for inner in tree.body:
            self._statement(home, inner)
        made = self._given_back
        rows.names, events.aliases, self._given_back, self._depth = before
        self.names.inside = self._depth > 0
        return made


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
