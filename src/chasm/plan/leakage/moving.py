"""The split of a normal form on its way above the statements that learn of its rows."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace

from chasm.plan.leakage.between import obstacles, stratified_by
from chasm.plan.leakage.way import Way, rows_of
from chasm.plan.split.context import taken_names
from chasm.plan.split.derive import Split
from chasm.plan.split.model import Line, Names, Role, Step
from chasm.plan.split.normal import normal_form
from chasm.plan.split.source import Source, encoded

#: What the functions are called that divide the positions, and then the rows once more.
FUNCTION = "split_rows"
AGAIN = "split_train_test"
WHOLE = "the split is not a plain call whose halves get a name each"
CLOSED = "it has no answer for a value that it has not seen, as a held-out row may have one"
UNKNOWN_KIND = "it is not known how the rows of `{0}` are taken by their positions"


@dataclass(slots=True)
class Moving:
    """The split at statement ``at``, on its way above what is mended."""

    way: Way
    at: int
    halves: tuple[str, str] = ("", "")
    obstacles: list[tuple[int, str]] = field(default_factory=list)
    shares: ast.expr | None = None
    sources: dict[int, Source] = field(default_factory=dict)
    lines: dict[int, list[Line]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    repeats: bool = False

    def hindrance(self) -> str:
        """Why the split cannot be moved at all; empty where it can."""
        node = self.way.facts.nodes[self.at]
        match node:
            case ast.Assign(
                targets=[ast.Tuple(elts=names) | ast.List(elts=names)], value=ast.Call() as call
            ) if (len(names) == 2 * len(call.args) and call.args):
                pass
            case _:
                return WHOLE
        if any(isinstance(n, ast.Starred) for n in (*names, *call.args)):
            return WHOLE
        for one in call.args:
            if rows_of("", one, self._kind(one), "") is None:
                # The same call divides the rows in the same way again, where it is told a seed.
                self.repeats = True
                if self.way.facts.statements[self.at].effects.random:
                    return UNKNOWN_KIND.format(ast.unparse(one))
        self.obstacles = list(obstacles(self.way, self.at))
        self.shares, more = stratified_by(self.way, self.at)
        self.obstacles += more
        names_of = Names(taken_names(self.way.facts.statements))
        self.halves = (names_of.unique("training_rows"), names_of.unique("held_out_rows"))
        return ""

    def _kind(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Name):
            return self.way.kind(node.id, self.way.graph.reads[self.at].get(node.id))
        value = self.way.trees[self.at].values.get(id(node))
        return value.kind if value is not None else None

    def hindrance_of(self, number: int) -> str:
        """Why one statement that learns has to stay as it is; empty where it has not."""
        later = [(at, reason) for at, reason in self.obstacles if at >= number]
        if later:
            return min(later)[1]
        closed = self.way.book.checks.get("closed", frozenset()) & self.way.makers(number)
        if closed:
            return f"{min(closed).rpartition('.')[2]}: {CLOSED}"
        for name in self.way.taken(number):
            kind = self.way.kind(name.id, self.way.graph.reads[number].get(name.id))
            if rows_of(name.id, name, kind, "") is None:
                return UNKNOWN_KIND.format(name.id)
        return ""

    def moved(self, mended: list[int]) -> Split:
        """The split of the normal form in which the statements ``mended`` learn after it."""
        way, split = self.way, self.way.split
        self._divide_above(mended[0])
        scalers = {}
        for number in mended:
            if number in way.scalers():
                scalers[number] = self._fit_apart(number)
            else:
                self._learn_of_training(number)
        if not self.repeats:
            self._take_halves()
        steps = [self._step(n) for n in range(len(way.facts.statements)) if self._concerns(n)]
        notebook, roles, same, places = normal_form(way.facts, steps)
        new = {(s.cell, s.nth): places[s.id] for s in way.facts.statements}
        origins = {new[old]: origin for old, origin in split.origins.items() if old in new}
        for number, lines in self.lines.items():
            cell, nth = places[number]
            for place in range(len(lines)):
                origins[cell, nth - len(lines) + place] = way.place(number)
        fits = {
            (s.cell, s.nth): (places[s.id][0], places[s.id][1] - back)
            for s in way.facts.statements
            if (back := scalers.get(s.id, 0))
        }
        stood = [(FUNCTION, (self._divided(places[mended[0]], mended[0]),))]
        if self.repeats:
            # Functions that split share their settings, and so divide alike.
            stood.append((AGAIN, (places[self.at],)))
        draws = bool(way.facts.statements[self.at].effects.random)
        return replace(
            split, notebook=notebook, roles=roles, same=same, model=new[split.model],
            fit=new[split.fit], start=new[split.start], end_reader=new[split.end_reader],
            scalers=tuple((name, fits.get(at, new[at])) for name, at in split.scalers),
            copied=frozenset(new[at] for at in split.copied),
            rounds=(
                *((name, tuple(new[at] for at in among)) for name, among in split.rounds),
                *stood,
            ),
            drawn=split.drawn or draws, origins=origins,
        )  # fmt: skip

    def _divided(self, first: tuple[int, int], number: int) -> tuple[int, int]:
        """The place of the line that divides the positions, above the first mended statement."""
        lines = self.lines[number]
        cell, nth = first
        return cell, nth - len(lines) + [line.role for line in lines].index(Role.TRAINING)

    def _concerns(self, number: int) -> bool:
        s = self.way.facts.statements[number]
        known = (s.cell, s.nth) in self.way.split.roles
        return known or number in self.lines or number in self.gone

    def _step(self, number: int) -> Step:
        way = self.way
        s = way.facts.statements[number]
        place = (s.cell, s.nth)
        node = way.facts.nodes[number]
        source = self._source(number)
        start, end = source.span(node)
        edits = tuple(e for e in source.edits if start <= e.start and e.end <= end)
        role = Role.APART if number in self.gone else way.split.roles.get(place, Role.APART)
        lines = tuple(self.lines.get(number, ()))
        return Step(number, role, node.col_offset, lines, edits, way.split.same.get(place, ()))

    def _source(self, number: int) -> Source:
        cell = self.way.facts.statements[number].cell
        if cell not in self.sources:
            text = next(c.source for c in self.way.facts.notebook.cells if c.index == cell)
            self.sources[cell] = Source(encoded(text))
        return self.sources[cell]

    def _text_of(self, number: int, node: ast.AST) -> str:
        return self._source(number).of(node)

    def _divide_above(self, first: int) -> None:
        """Positions are divided above statement ``first``, by the notebook's own call."""
        node = self.way.facts.nodes[self.at]
        assert isinstance(node, ast.Assign)
        assert isinstance(node.value, ast.Call)
        call = node.value
        table = self.way.taken(first)[0].id
        kind = self.way.kind(table, self.way.graph.reads[first].get(table))
        count = f"{table}.shape[0]" if kind == "sparse" else f"len({table})"
        given = [f"range({count})"]
        for keyword in call.keywords:
            value = self.shares if keyword.arg == "stratify" else keyword.value
            if keyword.arg is None or value is None:
                given.append(self._text_of(self.at, keyword))
            elif keyword.arg == "stratify":
                given.append(f"stratify={ast.unparse(value)}")
            else:
                given.append(f"{keyword.arg}={self._text_of(self.at, value)}")
        function = self._text_of(self.at, call.func)
        code = f"{', '.join(self.halves)} = {function}({', '.join(given)})"
        same = tuple((half, table) for half in self.halves)
        self.lines[first] = [*self._needed(first, call), Line(Role.TRAINING, code, same)]

    def _needed(self, first: int, call: ast.Call) -> list[Line]:
        """Imports that the call needs, and literals that it is told, where those come later."""
        found: list[Line] = []
        told = [k.value for k in call.keywords if k.arg != "stratify"]
        names = {n.id for p in (call.func, *told) for n in ast.walk(p) if isinstance(n, ast.Name)}
        for name in sorted(names):
            made = self.way.graph.reads[self.at].get(name)
            if made is None or made < first:
                continue
            node, s = self.way.facts.nodes[made], self.way.facts.statements[made]
            found.append(Line(Role.APART, self._text_of(made, node)))
            if not s.imports:
                # What is moved leaves a statement behind, so that all others keep their number.
                self._source(made).replace(node, "pass")
                self.gone.add(made)
        return found

    def _rows(self, number: int, name: ast.Name) -> str:
        kind = self.way.kind(name.id, self.way.graph.reads[number].get(name.id))
        code = rows_of(name.id, name, kind, self.halves[0])
        assert code is not None
        return code

    def _learn_of_training(self, number: int) -> None:
        source = self._source(number)
        for name in self.way.taken(number):
            source.replace(name, self._rows(number, name))

    def _fit_apart(self, number: int) -> int:
        """A scaler is fitted in a line of its own; how many lines that is above its statement."""
        node = self.way.facts.nodes[number]
        match node:
            case ast.Assign(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name(id=name), attr="fit_transform") as method,
                    args=[ast.Name() as inputs],
                )
            ):
                source = self._source(number)
                line = Line(Role.APART, f"{name}.fit({self._rows(number, inputs)})")
                self.lines[number] = [*self.lines.get(number, ()), line]
                source.replace(method, f"{name}.transform")
                return 1
        self._learn_of_training(number)
        return 0

    def _take_halves(self) -> None:
        """Where the notebook divides the rows, they are taken by their positions."""
        node = self.way.facts.nodes[self.at]
        assert isinstance(node, ast.Assign)
        assert isinstance(node.value, ast.Call)
        parts = []
        for one in node.value.args:
            kind = self._kind(one)
            for half in self.halves:
                text = rows_of(self._text_of(self.at, one), one, kind, half)
                assert text is not None
                # A half is a table of its own, as the call of the split would have given it.
                parts.append(f"{text}.copy()" if kind == "frame" else text)
        self._source(self.at).replace(node.value, ", ".join(parts))
