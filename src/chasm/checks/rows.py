"""What the rows of an expression are: those of the names in it, and what calls make of them."""

import ast
from dataclasses import dataclass, field, replace

from chasm.analyse.nodes import child_nodes, nodes_below, root_name
from chasm.checks.check import Call, Subject
from chasm.checks.columns import FEWER_ROWS, Columns, keeps_rows
from chasm.checks.reduced import around, by_group, learned, statistic
from chasm.checks.trace import GROUPED, NOTHING, STATISTIC, WHOLE, Learned, Trace, joined

MODELS = ("classifier", "regressor", "search", "pipeline", "estimator")
PREDICTING = ("predict", "predict_proba")
KEEPING = ("fit_transform", "transform", "inverse_transform")


@dataclass
class Rows:
    """The traces of all names at one point of the notebook, and what was learned up to it.

    ``holds`` has the class that learns inside of what a name was given; ``folds`` the role of
    names that hold places of rows; ``returned`` what own functions gave back. ``single`` says that
    names hold one row's value now, so that nothing is taken of all rows; ``complete`` are names of
    tables without gaps, in which nothing is to be filled; ``files`` what was written where.
    """

    subject: Subject
    names: dict[str, Trace] = field(default_factory=dict)
    columns: Columns = field(default_factory=Columns)
    holds: dict[str, str] = field(default_factory=dict)
    learned: list[Learned] = field(default_factory=list)
    folds: dict[str, tuple[int, str]] = field(default_factory=dict)
    returned: dict[int, Trace] = field(default_factory=dict)
    returned_parts: dict[int, list[Trace]] = field(default_factory=dict)
    single: bool = False
    complete: set[str] = field(default_factory=set)
    files: dict[str, Trace] = field(default_factory=dict)

    def trace(self, node: ast.AST | None) -> Trace:
        """The rows that ``node`` is made of."""
        if node is None or isinstance(node, ast.Constant):
            return NOTHING
        if isinstance(node, ast.Name):
            return self.names.get(node.id, NOTHING)
        if isinstance(node, ast.Subscript):
            columns = self.columns.listed(node.slice)
            base = self.trace(node.value)
            if columns is not None:
                spec = self.columns.subset(base.spec, columns, True)
                return replace(base.selected(columns), spec=spec)
            spec = self.columns.positions(base.spec, node)
            # What was learned and only chooses rows is in none of their values.
            made = joined([base, self.trace(node.slice).unlearned()])
            return replace(made, roles=base.roles | self._chosen(node.slice), spec=spec)
        if isinstance(node, ast.Call):
            return self._called(node)
        if isinstance(node, ast.Attribute):
            base = self.trace(node.value)
            if base.spec is None or node.attr in self.subject.book.methods.get("frame", ()):
                return base
            only = frozenset((node.attr,))
            return replace(base.selected(only), spec=self.columns.subset(base.spec, only, True))
        parts = [self.trace(part) for part in child_nodes(node)]
        return joined(parts).bare()

    def _called(self, node: ast.Call) -> Trace:
        call = self.subject.by_node.get(id(node))
        if id(node) in self.returned:
            return self.returned[id(node)]
        figure = statistic(self.subject, call) if call is not None else None
        if call is not None and figure is not None and keeps_rows(figure) and not self.single:
            rows = self.trace(figure)
            mean = learned(call, rows, GROUPED if by_group(call) else STATISTIC)
            return Trace(-1, rows.versions, rows.roles, rows.learned | {(mean, WHOLE)})
        if call is not None and call.entry is not None and call.entry.reads is not None:
            known = self.files.get(written(node, call.entry.reads))
            if known is not None:
                return known
        if self._fills_nothing(node.func):
            return self.trace(node.func)
        parts = [self.trace(part) for part in (*node.args, *(k.value for k in node.keywords))]
        if call is not None and call.entry is not None and call.entry.fits:
            # The target is not among what the fitted gives later.
            parts = parts[:1]
        if isinstance(node.func, ast.Attribute) and node.func.attr in FEWER_ROWS | {"drop"}:
            parts = [part.unlearned() for part in parts]
        if call is not None and call.name.rpartition(".")[2] in self.subject.words("renames"):
            parts[:1] = [self._renamed(call, one) for one in parts[:1]]
        if not isinstance(node.func, ast.Attribute):
            return self._with_fitted(node, joined(parts).bare())
        base = self.trace(node.func.value)
        dropped = self.columns.dropped(node)
        if dropped is not None:
            return replace(
                base.without(dropped), spec=self.columns.subset(base.spec, dropped, False)
            )
        if node.func.attr in self.subject.words("same_columns"):
            return base
        keeps = call is not None and call.name in KEEPING
        if keeps or node.func.attr in PREDICTING or self._predicts(call):
            # The rows are those of the arguments; what was fitted only adds what it learned.
            base = replace(base, roles=frozenset())
        made = joined([base, *parts])
        if node.func.attr in self.subject.words("looks_up"):
            made = _looked_up(made, base)
        where = around(self.subject, call) if call is not None else None
        if call is not None and where is not None:
            other = learned(call, base, where)
            made = replace(made, learned=made.learned | {(other, WHOLE)})
        spec = parts[0].spec if keeps and parts and self.learns(call) else None
        return replace(self._with_fitted(node, made), spec=spec)

    def write(self, call: Call) -> None:
        """Remember what a method writes into a file that is named by a literal."""
        parameter = call.entry.writes if call.entry is not None else None
        if parameter is not None and isinstance(call.node.func, ast.Attribute):
            path = written(call.node, parameter)
            if path:
                self.files[path] = self.trace(call.node.func.value).bare()

    def _fills_nothing(self, func: ast.expr) -> bool:
        """Whether gaps are to be filled in a table that has none."""
        fills = isinstance(func, ast.Attribute) and func.attr in self.subject.words("fills")
        return fills and root_name(func) in self.complete

    def _renamed(self, call: Call, made: Trace) -> Trace:
        """What was learned in the columns that get other names, each for its values."""
        named = call.keyword("columns")
        if named is not None:
            listed = self.columns.listed(named) or frozenset()
        else:
            # A single column: of a whole table nobody knows which ones are taken.
            first = call.node.args[0] if call.node.args else None
            single = isinstance(first, (ast.Subscript, ast.Attribute))
            listed = made.columns() if single else frozenset()
        return made.renamed(listed)

    def _with_fitted(self, node: ast.Call, made: Trace) -> Trace:
        """``made`` with what this very call has learned of its rows."""
        one = next((e for e in reversed(self.learned) if e.node is node), None)
        return made if one is None else replace(made, learned=made.learned | {(one, WHOLE)})

    def _predicts(self, call: Call | None) -> bool:
        return call is not None and call.entry is not None and call.entry.predicts

    def _chosen(self, node: ast.expr) -> frozenset[tuple[int, str]]:
        """The roles of the places at which rows are taken."""
        if isinstance(node, ast.Tuple) and node.elts:
            node = node.elts[0]
        known = self.folds.get(node.id) if isinstance(node, ast.Name) else None
        return frozenset((known,)) if known is not None else frozenset()

    def learns(self, call: Call | None) -> bool:
        """Whether what ``call`` fits learns statistics of rows, itself or by a part of it."""
        if call is None or call.called.receiver is None or call.kind in MODELS:
            return False
        what = call.called.receiver.qualname
        node = call.node.func
        owner = root_name(node.value) if isinstance(node, ast.Attribute) else None
        known = what in self.subject.words("learns")
        return known or what in self.subject.words("composes") and owner in self.holds

    def hold(self, name: str, value: ast.expr) -> None:
        """Remember which class that learns is inside of what ``value`` makes."""
        self.holds.pop(name, None)
        for node in nodes_below(value):
            call = self.subject.by_node.get(id(node))
            if call is not None and call.name in self.subject.words("learns"):
                self.holds[name] = call.name
            elif isinstance(node, ast.Name) and node.id in self.holds:
                self.holds[name] = self.holds[node.id]


def written(node: ast.Call, parameter: str) -> str:
    """The file that a call names by a literal; empty when it names none."""
    named = [k.value for k in node.keywords if k.arg == parameter]
    path = next(iter(named or node.args), None)
    return path.value if isinstance(path, ast.Constant) and isinstance(path.value, str) else ""


def _looked_up(made: Trace, base: Trace) -> Trace:
    """Each row gets the figure of its group; of groups of other rows it is none of theirs."""
    figures = frozenset(
        (
            (
                replace(one, kind=STATISTIC)
                if one.kind == GROUPED and one.rows & base.versions
                else one
            ),
            c,
        )
        for one, c in made.learned
    )
    return replace(made, learned=figures)


def each_alone(value: ast.expr, node: ast.Call, rows: Rows) -> bool:
    """Whether ``node`` is called in ``value`` for each row: ``[f(x) for x in df["x"]]``."""
    given = {n.id for argument in node.args for n in ast.walk(argument) if isinstance(n, ast.Name)}
    for part in ast.walk(value):
        for turn in getattr(part, "generators", ()):
            by_column = isinstance(turn.iter, ast.Attribute) and turn.iter.attr == "columns"
            if by_column or not isinstance(turn.iter, (ast.Subscript, ast.Attribute)):
                continue
            bound = {n.id for n in ast.walk(turn.target) if isinstance(n, ast.Name)}
            if bound & given and rows.trace(turn.iter).versions:
                return True
    return False
