"""Binding times of expressions: what is the same for every record, what goes row by row.

A value that takes rows together (a mean, a list of columns, a fitted encoder) and is used
row by row is what the model's inputs have learned: it gets a name of its own, and the
expression keeps the name in its place.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from chasm.analyse.statements import Tree
from chasm.model import Value
from chasm.plan.split import calls, comprehensions, parts
from chasm.plan.split.drops import without_pops
from chasm.plan.split.halved import Halved
from chasm.plan.split.model import EARLIER, TOGETHER, Line, Loop, Names, Role, Seen, Stop, Time
from chasm.plan.split.source import Source
from chasm.plan.split.spelled import reads_others, spelled_out
from chasm.plan.split.told import Told
from chasm.plan.split.wording import learned_name, starts_with
from chasm.rulebook import Pair, Rulebook

CONSTANT = Seen(Time.CONSTANT)
ROWS = Seen(Time.ROWS)
GATHERED = Seen(Time.LEARNED, gathers=True)
NO_VALUE = Value()


@dataclass(slots=True)
class Reader:
    """Reads the expressions of one statement, given the times of the names before it.

    ``maker`` gives the code that makes an estimator, where that is made of literals alone;
    ``read_later`` says whether somebody reads it as it was fitted here; ``told`` are the columns
    that are made of the target so far; ``roots`` are tables that others are a choice of;
    ``done`` what need not be replayed a second time; ``condition`` holds where it is not empty;
    ``as_read`` says that the statement puts tables together as they were read, ``stacked`` is
    the table of records below which it puts rows of others; ``halved`` are the halves of tables,
    ``goes_on`` says whether the model's inputs may be made of a name;
    ``strict`` forbids to take anything out of the expression, as inside a function of the
    notebook's own; ``gathering`` only asks what such a function gives, and leaves it as it is;
    ``quiet`` says that the statement does nothing besides giving values; ``together`` are the
    names in it that a loop over rows has left.
    """

    book: Rulebook
    tree: Tree
    source: Source
    times: dict[str, Time]
    names: Names
    definitions: dict[str, ast.FunctionDef]
    maker: Callable[[str], str | None]
    read_later: Callable[[str], bool]
    told: Told = field(default_factory=Told)
    roots: dict[str, str] = field(default_factory=dict)
    done: set[Pair] = field(default_factory=set)
    as_read: bool = False
    halved: Halved = field(default_factory=Halved)
    goes_on: Callable[[str], bool] = lambda name: False
    stacked: str = ""
    lines: list[Line] = field(default_factory=list)
    local: dict[str, Time] = field(default_factory=dict)
    loop: Loop | None = None
    column: tuple[str, str] | None = None
    whole: str = ""
    strict: bool = False
    gathering: bool = False
    quiet: bool = False
    together: dict[str, ast.For] = field(default_factory=dict)
    condition: str = ""
    depth: int = 0
    top: ast.expr | None = None
    chosen: str | None = None
    known: dict[str, str] = field(default_factory=dict)
    taken_out: dict[int, Seen] = field(default_factory=dict)

    def read(self, node: ast.expr | None) -> Seen:
        """The time of ``node``; what it takes out of the expression lands in ``lines``."""
        if node is None:
            return CONSTANT
        if id(node) in self.taken_out:
            return self.taken_out[id(node)]
        method: Callable[[ast.expr], Seen] | None
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is not None:
            seen: Seen = method(node)
            return seen
        return parts.other(self, node)

    def meet(self, nodes: list[ast.expr]) -> Seen:
        """The time of what is made of ``nodes`` row by row."""
        return self.join([(node, self.read(node)) for node in nodes])

    def join(self, seen: list[tuple[ast.expr, Seen]]) -> Seen:
        time = max((s.time for _, s in seen), default=Time.CONSTANT)
        if time < Time.RECORD:
            return Seen(time, any(s.gathers for _, s in seen))
        for node, one in seen:
            if one.gathers:
                self.keep(node)
        return Seen(time)

    def value(self, node: ast.expr) -> Value:
        """What the analysis knows of the value of ``node``."""
        return self.tree.values.get(id(node), NO_VALUE)

    def kind(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Name) and node.id == self.whole and node.id in self.local:
            return "series"
        return self.value(node).kind

    def time_of(self, name: str) -> Time:
        if name in self.together:
            raise Stop(self.together[name], TOGETHER)
        return self.local.get(name, self.times.get(name, Time.CONSTANT))

    def latest(self, node: ast.AST) -> Time:
        """The latest time of the names in ``node``."""
        found = (self.time_of(n.id) for n in ast.walk(node) if isinstance(n, ast.Name))
        return max(found, default=Time.CONSTANT)

    def gathered(self, node: ast.expr) -> Seen:
        """What takes the rows of ``node`` together, whatever it does on the way."""
        time = self.latest(node)
        if time is Time.ROWS:
            inner = [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]
            if any(self.local.get(name) is Time.RECORD for name in inner):
                raise Stop(node, "it looks at all rows for each of them")
            return GATHERED
        return Seen(time)

    def text(self, node: ast.AST) -> str:
        if self.depth:
            # The body of an own function stands in another cell.
            raise Stop(node, TOGETHER)
        return self.source.of(node)

    def keep(self, node: ast.expr, suffix: str = "", name: str = "") -> str:
        """Learn what ``node`` gives, under a name that takes its place."""
        if self.gathering:
            return ""
        if isinstance(node, ast.Starred):
            node = node.value
        matrices = isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)
        if isinstance(node, (ast.BinOp, ast.Slice, ast.Tuple)) and not matrices:
            # Each operand is a plain value that says what it is; what is made of them need not.
            for operand in (n for n in ast.iter_child_nodes(node) if isinstance(n, ast.expr)):
                if self.read(operand).gathers:
                    self.keep(operand)
            return ""
        text = self.text(node)
        if text in self.known.values():
            return text
        return self.learn(node, f"{text}{suffix}", name or learned_name(node), "{0}")

    def learn(self, node: ast.expr, code: str, name: str, replay: str) -> str:
        """Learn ``code`` as ``name``; ``replay`` with the name in it stands for ``node``."""
        if self.strict:
            raise Stop(node, TOGETHER)
        code = without_pops(code)
        used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        if self.loop is not None and used & {self.loop.variable, *self.loop.rows}:
            return self._learn_in_loop(node, code, name, replay, used)
        if self.column is not None and used & self.local.keys() == {self.column[0]}:
            return self._learn_by_column(node, code, name, replay)
        if used & self.local.keys():
            raise Stop(node, "what it takes together differs within the expression")
        if self.loop is not None and reads_others(code, self.loop.frames, "", self.loop.over):
            raise Stop(node, EARLIER)
        return self._learn_once(node, code, name, replay)

    def _learn_once(self, node: ast.expr, code: str, name: str, replay: str) -> str:
        if self.condition:
            code = f"{code} if {self.condition} else None"
        if code not in self.known:
            self.known[code] = self.names.unique(name)
            self.lines.append(Line(Role.LEARN, f"{self.known[code]} = {code}"))
        name = self.known[code]
        self.source.replace(node, replay.format(name))
        return name

    def _learn_by_column(self, node: ast.expr, code: str, name: str, replay: str) -> str:
        """What a function of each column takes together, by the columns' names."""
        assert self.column is not None
        parameter, frame = self.column
        if not self.whole:
            # The function is given all there is at once.
            code = spelled_out(code, {parameter: frame})
            return self._learn_once(
                node, code, learned_name(ast.parse(code, mode="eval").body), replay
            )
        code = f"{{{parameter}.name: {code} for _, {parameter} in {frame}.items()}}"
        name = name if name.endswith("s") else f"{name}s"
        return self._learn_once(node, code, name, replay.format(f"{{0}}[{parameter}.name]"))

    def _learn_in_loop(
        self, node: ast.expr, code: str, name: str, replay: str, used: set[str]
    ) -> str:
        loop = self.loop
        assert loop is not None
        others = used & (self.local.keys() - {loop.variable, *loop.rows})
        changed = reads_others(code, loop.frames, loop.variable, loop.over)
        if loop.wrote or loop.twice or others or changed:
            raise Stop(node, EARLIER)
        code = spelled_out(code, loop.rows) if loop.rows else code
        name = self.names.unique(f"{name}s" if not name.endswith("s") else name)
        self.lines.append(Line(Role.LEARN, f"{name} = {{{loop.variable}: {code} {loop.clause}}}"))
        loop.learned.append(name)
        self.source.replace(node, replay.format(f"{name}[{loop.variable}]"))
        return name

    def choose(self, node: ast.expr, receiver: ast.expr) -> Seen:
        """``node`` chooses among the rows of ``receiver``: a matter of training only."""
        if self.gathering:
            return self.read(receiver)
        apart = self.strict or self.loop is not None or bool(self.condition)
        if apart or self.latest(receiver) is not Time.ROWS:
            raise Stop(node, parts.INSIDE)
        if isinstance(receiver, ast.Name):
            before = receiver.id
        else:
            self.read(receiver)
            before = self.text(receiver)
            if not before.isidentifier():
                before = self.put_aside(before, f"{starts_with(receiver)}_selected")
                self.source.replace(receiver, before)
        return self.choose_again(node, before, starts_with(receiver))

    def put_aside(self, code: str, wanted: str) -> str:
        """A step of its own gives what ``code`` makes of every record a name."""
        name = self.names.unique(wanted)
        self.lines.append(Line(Role.STEP, f"{name} = {code}"))
        return name

    def choose_again(self, node: ast.expr, before: str, named: str = "") -> Seen:
        """``node`` has rows of ``before``, to a record the same; it gets a name of its own."""
        if node is self.top:
            self.chosen = before
            return ROWS
        self.taken_out[id(node)] = ROWS
        after = self.names.unique(f"{named or before}_kept")
        self.lines.append(Line(Role.TRAINING, f"{after} = {self.text(node)}", ((after, before),)))
        self.roots[after] = self.root(before)
        self.source.replace(node, after)
        return ROWS

    def root(self, name: str) -> str:
        """The table that the rows of ``name`` were chosen from."""
        return self.roots.get(name, name)

    def _name(self, node: ast.Name) -> Seen:
        return Seen(self.time_of(node.id))

    def _binop(self, node: ast.BinOp) -> Seen:
        return parts.operation(self, node)

    def _attribute(self, node: ast.Attribute) -> Seen:
        return parts.attribute(self, node)

    def _subscript(self, node: ast.Subscript) -> Seen:
        return parts.subscript(self, node)

    def _call(self, node: ast.Call) -> Seen:
        return calls.call(self, node)

    def _lambda(self, node: ast.Lambda) -> Seen:
        return self.function(node, Time.RECORD)

    def function(self, node: ast.Lambda, parameter: Time) -> Seen:
        """The body of a lambda whose parameters have the time ``parameter``."""
        names = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        defaults = (d for d in (*node.args.defaults, *node.args.kw_defaults) if d is not None)
        self.join([(d, Seen(Time.RECORD, self.read(d).gathers)) for d in defaults])
        with self.scope(dict.fromkeys(names, parameter)):
            return self.read(node.body)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Seen:
        return comprehensions.over(self, node.generators, [node.elt], node)

    _listcomp = _comprehension
    _setcomp = _comprehension
    _generatorexp = _comprehension

    def _dictcomp(self, node: ast.DictComp) -> Seen:
        return comprehensions.over(self, node.generators, [node.key, node.value], node)

    @contextmanager
    def scope(self, names: dict[str, Time]) -> Iterator[None]:
        """Names that hold inside an expression only."""
        before = self.local
        self.local = before | names
        try:
            yield
        finally:
            self.local = before
