"""What statements do to the traces of names."""

import ast
from dataclasses import dataclass, field, replace

from chasm.analyse.nodes import nodes_below, root_name
from chasm.checks.check import Call, Subject
from chasm.checks.events import TEST, TRAIN, Events, Split
from chasm.checks.halves import Parts
from chasm.checks.rows import Rows
from chasm.checks.trace import NOTHING, SOME, Trace, joined
from chasm.model import Statement

GROWS = ("append", "extend", "insert", "add", "update")


@dataclass
class Names:
    """Keeps ``rows.names`` as statements bind and change them; ``inside`` of an own function."""

    subject: Subject
    rows: Rows
    events: Events
    splits: list[Split] = field(default_factory=list)
    inside: bool = False

    def __post_init__(self) -> None:
        self.parts = Parts(self.rows)

    def alone(self, statement: Statement, node: ast.expr) -> None:
        """An expression as a statement: it may change what it is called on."""
        name = root_name(node)
        if name is None or not (name in statement.mutates | statement.deletes or self._grows(node)):
            return
        self.rows.columns.changed(name, node)
        self._complete(name, node)
        made = self.rows.trace(node)
        before = self.rows.names.get(name, NOTHING)
        if not isinstance(node, ast.Call) or self.rows.columns.dropped(node) is None:
            made = joined([before, made])
        spec = self.rows.columns.whole(name, statement.id) if before.spec is not None else None
        self.rows.names[name] = made.at(statement.id, spec)

    def _grows(self, node: ast.expr) -> bool:
        """Whether a list inside of an own function gets longer; nothing else tells of its names."""
        func = node.func if isinstance(node, ast.Call) else None
        return self.inside and isinstance(func, ast.Attribute) and func.attr in GROWS

    def assign(self, statement: Statement, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, (ast.Tuple, ast.List)):
            call = self.subject.by_node.get(id(value))
            if call is not None and call.entry is not None and call.entry.returns == "halves":
                self._halves(statement, target.elts, call)
                return
            back = self.rows.returned_parts.get(id(value), [])
            if len(back) == len(target.elts):
                for one, trace in zip(target.elts, back, strict=True):
                    self.store(statement, one, trace)
                return
            if call is not None:
                self._several(statement, target.elts, value)
                return
            parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) else None
            if parts is not None and len(parts) == len(target.elts):
                traces = [self.rows.trace(part) for part in parts]
                for one, trace, part in zip(target.elts, traces, parts, strict=True):
                    self.store(statement, one, trace)
                    if isinstance(one, ast.Name):
                        self._cut(statement, one.id, part)
                return
        trace = self.rows.trace(value)
        self._complete(root_name(target) or "", value)
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
        self.store(statement, target, trace)

    def store(self, statement: Statement, target: ast.expr, trace: Trace) -> None:
        if isinstance(target, (ast.Tuple, ast.List)):
            for one in target.elts:
                self.store(statement, one, replace(trace, spec=None))
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
            before = was = self.rows.names.get(name, NOTHING)
            if listed is None:
                # What the table has learned already stays in the columns where it is known to be.
                trace = trace.beside(before)
            put = trace.with_columns(listed if listed is not None else frozenset((SOME,)))
            if listed is not None:
                before = before.without(listed)
            made = joined([before, put]).at(statement.id)
            columns = self.rows.columns
            if listed is None:
                spec = columns.whole(name, statement.id)
            else:
                spec = columns.written(name, statement.id, was.spec, listed)
            self.rows.names[name] = replace(made, spec=spec)

    def _several(self, statement: Statement, targets: list[ast.expr], value: ast.expr) -> None:
        """``a, b = f(a, b)``: which rows are in which is known only of names that stay."""
        whole = replace(self.rows.trace(value), spec=None)
        both = {n for n, role in whole.roles if (n, TRAIN) in whole.roles and role == TEST}
        read = {n.id for n in nodes_below(value) if isinstance(n, ast.Name)}
        kept = frozenset(r for r in whole.roles if r[0] not in both)
        old = dict(self.rows.names)
        for one in targets:
            known = old.get(one.id) if isinstance(one, ast.Name) and one.id in read else None
            roles = known.roles if known is not None else kept
            self.store(statement, one, replace(whole, roles=roles))

    def _complete(self, name: str, value: ast.expr) -> None:
        """A table has no gaps once all rows with one were dropped, until something is changed."""
        method = (
            value.func.attr
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute)
            else ""
        )
        if method in self.subject.words("drops_gaps"):
            named = {k.arg for k in value.keywords} if isinstance(value, ast.Call) else set()
            if not named - {"inplace", "ignore_index"}:
                self.rows.complete.add(name)
        elif method not in self.subject.words("fills"):
            self.rows.complete.discard(name)

    def _vary(self, name: str, value: ast.expr) -> None:
        """What is made of a name that differs in each round differs as well."""
        events = self.events
        if events.loops and any(
            isinstance(n, ast.Name) and n.id in events.varied for n in nodes_below(value)
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
                self.store(statement, one, joined(given))
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
                self.store(statement, target, made)
