"""Abstract interpretation of expressions: kinds flow forward, effects are recorded.

Calls of the notebook's own functions are followed with the kinds of their arguments, so
that a helper that only draws does not seem to change the frame it draws.
"""

import ast
import builtins
from dataclasses import dataclass, field

from chasm.analyse.environment import UNSEEDED, Environment, Ref
from chasm.analyse.names import free_names, global_names
from chasm.model import UNKNOWN, Value
from chasm.rulebook import Entry, Rulebook

MAX_DEPTH = 5
MAX_STEPS = 30_000
#: Kinds of what comes from a file or a data set; a table of them is no result.
RAW = ("array", "frame", "bunch", "series", "object", None)
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(slots=True)
class Record:
    """What happened while a statement was interpreted."""

    mutated: set[str] = field(default_factory=set)
    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    random: set[str] = field(default_factory=set)
    seeds: set[str] = field(default_factory=set)
    state: set[str] = field(default_factory=set)
    flags: set[str] = field(default_factory=set)
    called: list[tuple[str, Entry]] = field(default_factory=list)
    entries: dict[int, tuple[str, Entry]] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    steps: int = 0


@dataclass(slots=True)
class Interpreter:
    """Evaluates expressions in an environment; what they do lands in ``record``."""

    book: Rulebook
    env: Environment
    record: Record
    depth: int = 0

    def eval(self, node: ast.expr | None) -> Ref:
        """What ``node`` gives, having recorded what evaluating it does."""
        if node is None:
            return Ref()
        self.record.steps += 1
        if self.record.steps > MAX_STEPS:
            return Ref()
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is not None:
            return method(node)  # type: ignore[no-any-return]
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.eval(child)
        return Ref()

    # Names and constants.

    def _name(self, node: ast.Name) -> Ref:
        scope = self.env.scope_of(node.id)
        if scope is None:
            return Ref(Value("symbol", f"builtins.{node.id}"))
        if node.id in scope.slots:
            return scope.slots[node.id]
        if node.id in scope.symbols:
            return Ref(Value("symbol", scope.symbols[node.id]))
        return Ref(Value("own", node.id))

    def _constant(self, node: ast.Constant) -> Ref:
        kinds = {str: "string", bool: "bool", int: "number", float: "number", bytes: "bytes"}
        kind = "none" if node.value is None else kinds.get(type(node.value))
        return Ref(Value(kind), label=node.value)

    def _joinedstr(self, node: ast.JoinedStr) -> Ref:
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.eval(part.value)
        return Ref(Value("string"))

    # Displays.

    def _list(self, node: ast.List | ast.Tuple | ast.Set) -> Ref:
        parts = [self.eval(part) for part in node.elts]
        contents = frozenset[int]().union(*(p.touched | p.contents for p in parts))
        kind = type(node).__name__.lower()
        label = None
        if all(isinstance(p.label, str) for p in parts):
            label = tuple(str(p.label) for p in parts)
        value = Value(kind, None, tuple(p.value for p in parts))
        return Ref(value, self.env.new_object(), label=label, contents=contents)

    _tuple = _list
    _set = _list

    def _dict(self, node: ast.Dict) -> Ref:
        parts = [self.eval(part) for part in (*node.keys, *node.values) if part is not None]
        contents = frozenset[int]().union(*(p.touched | p.contents for p in parts))
        return Ref(Value("dict"), self.env.new_object(), contents=contents)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Ref:
        inner = self._inner_scope(node.generators)
        part = inner.eval(node.elt)
        kinds = {ast.ListComp: "list", ast.SetComp: "set", ast.GeneratorExp: "iterator"}
        value = Value(kinds[type(node)], None, (part.value,))
        return Ref(value, self.env.new_object(), contents=part.touched | part.contents)

    _listcomp = _comprehension
    _setcomp = _comprehension
    _generatorexp = _comprehension

    def _dictcomp(self, node: ast.DictComp) -> Ref:
        inner = self._inner_scope(node.generators)
        inner.eval(node.key)
        part = inner.eval(node.value)
        return Ref(Value("dict"), self.env.new_object(), contents=part.touched | part.contents)

    def _inner_scope(self, generators: list[ast.comprehension]) -> "Interpreter":
        inner = Interpreter(self.book, self.env.child(), self.record, self.depth)
        for generator in generators:
            source = inner.eval(generator.iter)
            inner.assign(generator.target, element_of(self.book, source))
            for condition in generator.ifs:
                inner.eval(condition)
        return inner

    def _lambda(self, node: ast.Lambda) -> Ref:
        inner = Interpreter(self.book, self.env.child(), self.record, self.depth)
        for argument in (*node.args.args, *node.args.kwonlyargs):
            inner.env.bind(argument.arg, inner.env.fresh(Value("element")))
        inner.eval(node.body)
        return Ref(Value("function"))

    # Operators.

    def _binop(self, node: ast.BinOp) -> Ref:
        return self._meet([self.eval(node.left), self.eval(node.right)])

    def _boolop(self, node: ast.BoolOp) -> Ref:
        parts = [self.eval(part) for part in node.values]
        return Ref(parts[-1].value, *_union(parts))

    def _unaryop(self, node: ast.UnaryOp) -> Ref:
        part = self.eval(node.operand)
        label = part.label
        if isinstance(node.op, ast.USub) and isinstance(label, (int, float)):
            label = -label
        return Ref(self._meet([part]).value, self.env.new_object(), label=label)

    def _compare(self, node: ast.Compare) -> Ref:
        parts = [self.eval(node.left), *(self.eval(part) for part in node.comparators)]
        met = self._meet(parts)
        return met if self.book.fact(met.value.kind, "arithmetic") else Ref(Value("bool"))

    def _meet(self, parts: list[Ref]) -> Ref:
        ranked = [(self.book.fact(p.value.kind, "arithmetic") or 0, p.value.kind) for p in parts]
        best = max((rank, kind or "") for rank, kind in ranked)
        kinds = {p.value.kind for p in parts}
        if best[0]:
            return self.env.fresh(Value(best[1]))
        kind = kinds.pop() if len(kinds) == 1 else None
        if kind is None and "string" in kinds and None not in kinds:
            kind = "string"
        return self.env.fresh(Value(kind if kind in ("number", "string", "list", "tuple") else None))

    def _ifexp(self, node: ast.IfExp) -> Ref:
        self.eval(node.test)
        parts = [self.eval(node.body), self.eval(node.orelse)]
        value = parts[0].value if parts[0].value == parts[1].value else UNKNOWN
        return Ref(value, *_union(parts))

    def _namedexpr(self, node: ast.NamedExpr) -> Ref:
        ref = self.eval(node.value)
        self.assign(node.target, ref)
        return ref

    def _starred(self, node: ast.Starred) -> Ref:
        return element_of(self.book, self.eval(node.value))

    def _await(self, node: ast.Await) -> Ref:
        return self.eval(node.value)

    # Attributes and subscripts.

    def _attribute(self, node: ast.Attribute) -> Ref:
        base = self.eval(node.value)
        if base.value.kind == "symbol":
            return self._symbol_attribute(base, node.attr)
        entry = self.entry_of(base, node.attr)
        if entry is None:
            kind = self.book.fact(base.value.kind, "attribute")
            return Ref(Value(kind), self.env.new_object(), base.touched)
        if entry.accessor:
            return Ref(Value(entry.accessor), self.env.new_object(), base.touched)
        self.record.called.append((node.attr, entry))
        value = self._returned(entry, base, [], {})
        return Ref(value, self.env.new_object(), base.touched)

    def _symbol_attribute(self, base: Ref, attr: str) -> Ref:
        qualname = f"{base.value.qualname}.{attr}"
        entry = self.book.call(qualname)
        if entry is not None and entry.state:
            self.record.state |= set(entry.state)
        return Ref(Value("symbol", qualname))

    def _subscript(self, node: ast.Subscript) -> Ref:
        base = self.eval(node.value)
        where = self.eval(node.slice)
        kind = base.value.kind
        if kind in ("tuple", "list") and base.value.items:
            items = base.value.items
            if isinstance(where.label, int) and -len(items) <= where.label < len(items):
                item = items[where.label]
                return Ref(item, self.env.new_object(), base.touched | base.contents)
        sliced = isinstance(node.slice, ast.Tuple) and any(
            isinstance(part, ast.Slice) for part in node.slice.elts
        )
        many = sliced or where.value.kind in ("list", "frame", "series", "array", "bool", "index", "slice")
        given = self.book.fact(kind, "subset" if many else "item")
        if base.contents or given is None:
            return Ref(Value(given), self.env.new_object(), base.touched | base.contents)
        # By a list or a mask a frame or an array gives a copy, by a label or a slice a view.
        copied = many and not sliced and where.value.kind != "slice"
        return Ref(Value(given), self.env.new_object(), frozenset() if copied else base.touched)

    def _slice(self, node: ast.Slice) -> Ref:
        for part in (node.lower, node.upper, node.step):
            self.eval(part)
        return Ref(Value("slice"))

    # Calls.

    def _call(self, node: ast.Call) -> Ref:
        base: Ref | None = None
        if isinstance(node.func, ast.Attribute):
            base = self.eval(node.func.value)
        target = None if base is not None else self.eval(node.func)
        args = [self.eval(argument) for argument in node.args]
        keywords = {k.arg: self.eval(k.value) for k in node.keywords}
        named = {name: ref for name, ref in keywords.items() if name is not None}
        if base is not None and isinstance(node.func, ast.Attribute):
            if base.value.kind == "symbol":
                target = self._symbol_attribute(base, node.func.attr)
            else:
                return self._method_call(node, base, node.func.attr, args, named)
        assert target is not None
        if target.value.kind == "own":
            return self._own_call(str(target.value.qualname), args, named)
        if target.value.kind == "symbol":
            return self._library_call(node, str(target.value.qualname), args, named)
        self._unknown_call(target, args, list(named.values()))
        return Ref(UNKNOWN, self.env.new_object(), *_touched([target, *args, *named.values()]))

    def _library_call(
        self, node: ast.Call, qualname: str, args: list[Ref], named: dict[str, Ref]
    ) -> Ref:
        entry = self.book.call(qualname)
        if entry is None:
            root, _, name = qualname.partition(".")
            if root == "builtins" and hasattr(builtins, name):
                return Ref()
            self._unknown_call(None, args, list(named.values()))
            name = name.rpartition(".")[2]
            made = Value("object", qualname) if name[:1].isupper() else UNKNOWN
            return Ref(made, self.env.new_object(), *_touched([*args, *named.values()]))
        self._apply(entry, qualname, None, args, named, node)
        value = self._returned(entry, None, args, named)
        if entry.constructs:
            seed = argument(entry, entry.unless, args, named) if entry.unless else None
            seeded = seed is not None and seed.value.kind != "none"
            unseeded = entry.random is not None and not seeded
            inside = {item for a in (*args, *named.values()) for item in a.value.items}
            marks = (UNSEEDED,) if unseeded or UNSEEDED in inside else ()
            value = Value(value.kind, qualname, marks)
        held = frozenset[int]()
        if self.book.fact(value.kind, "holds") or entry.returns in ("list", "tuple", "dict", "iterator", "set"):
            held = held.union(*(a.touched | a.contents for a in (*args, *named.values())))
        return Ref(value, self.env.new_object(), contents=held)

    def _method_call(
        self, node: ast.Call, base: Ref, name: str, args: list[Ref], named: dict[str, Ref]
    ) -> Ref:
        entry = self.entry_of(base, name)
        if entry is None:
            if self.book.copyable(base.value.kind):
                return self.env.fresh(UNKNOWN)
            self._change(base)
            self.record.flags.add("unknown")
            return Ref(UNKNOWN, self.env.new_object(), *_touched([base, *args]))
        self._apply(entry, name, base, args, named, node)
        value = self._returned(entry, base, args, named)
        if entry.returns in ("self", "fitted"):
            return Ref(value, base.objects, base.bases, contents=base.contents)
        if "self" in entry.mutates and not entry.returns:
            return Ref(value, self.env.new_object(), base.touched | base.contents)
        added = frozenset[int]().union(*(a.touched | a.contents for a in args))
        if "self" in entry.mutates and base.value.kind in ("list", "dict", "set"):
            self._hold(base, added)
        return Ref(value, self.env.new_object(), base.touched if entry.view else frozenset())

    def _hold(self, base: Ref, added: frozenset[int]) -> None:
        """A container that took something in holds it from now on."""
        for name, ref in list(self.env.root().slots.items()):
            if ref.objects & base.objects and added - ref.contents:
                held = ref.contents | added
                self.env.root().slots[name] = Ref(ref.value, ref.objects, ref.bases, None, held)

    def entry_of(self, base: Ref, name: str) -> Entry | None:
        """The rule for an attribute of what ``base`` is, as far as its kind is known."""
        kind = base.value.kind
        if base.value.qualname:
            own = self.book.call(f"{base.value.qualname}.{name}")
            if own is not None:
                return own
        if kind in (None, "object", "element", "scalar", "any"):
            return self.book.method_of_unknown(name)
        entry = self.book.method(str(kind), name)
        return entry if entry is not None or self.book.copyable(kind) else (
            self.book.method_of_unknown(name)
        )

    def _own_call(self, name: str, args: list[Ref], named: dict[str, Ref]) -> Ref:
        scope = self.env.scope_of(name)
        node = scope.definitions.get(name) if scope else None
        if node is None or self.depth >= MAX_DEPTH:
            self._unknown_call(None, args, list(named.values()))
            return Ref(UNKNOWN, self.env.new_object(), *_touched([*args, *named.values()]))
        if isinstance(node, ast.ClassDef):
            held = frozenset[int]().union(*(a.touched | a.contents for a in (*args, *named.values())))
            made = Value("instance", name)
            return Ref(made, self.env.new_object(), contents=held)
        from chasm.analyse.calls import call_own_function

        return call_own_function(self, node, args, named)

    def _unknown_call(self, target: Ref | None, args: list[Ref], named: list[Ref]) -> None:
        self.record.flags.add("unknown")
        for ref in (*([target] if target else []), *args, *named):
            # Only what has a name of its own: a column of a frame is handed over as a copy.
            self.record.mutated |= self.env.sharing(ref.objects, through_views=False)

    def _apply(
        self,
        entry: Entry,
        name: str,
        base: Ref | None,
        args: list[Ref],
        named: dict[str, Ref],
        node: ast.Call,
    ) -> None:
        from chasm.analyse.calls import apply_entry

        apply_entry(self, entry, name, base, args, named, node)

    def _returned(
        self, entry: Entry, base: Ref | None, args: list[Ref], named: dict[str, Ref]
    ) -> Value:
        returns = entry.returns
        if returns is None:
            return UNKNOWN
        if returns in ("self", "fitted"):
            return base.value if base else UNKNOWN
        if returns == "halves":
            return Value("list", None, tuple(Value(a.value.kind) for a in args for _ in range(2)))
        word, colon, rest = returns.partition(":")
        if not colon:
            return Value(returns, made=_is_made(entry, base, args))
        if word == "like":
            ref = argument(entry, rest, args, named)
            if ref is None and rest == "self":
                ref = base
            return Value(ref.value.kind) if ref else UNKNOWN
        if word == "elements":
            ref = argument(entry, rest, args, named)
            return ref.value.items[0] if ref and ref.value.items else UNKNOWN
        return Value(word, None, tuple(Value(kind.strip()) for kind in rest.split(",")))

    # Changes.

    def _change(self, ref: Ref, columnwise: bool = False) -> None:
        """``ref`` was changed in place: so were all the names that share it."""
        self.record.mutated |= self.env.sharing(ref.touched, through_views=not columnwise)

    def assign(self, target: ast.expr, ref: Ref) -> None:
        """Bind or change what ``target`` names."""
        match target:
            case ast.Name():
                self.env.bind(target.id, ref)
            case ast.Starred():
                self.assign(target.value, Ref(Value("list"), self.env.new_object()))
            case ast.Tuple() | ast.List():
                for number, part in enumerate(target.elts):
                    items = ref.value.items
                    item = items[number] if number < len(items) else UNKNOWN
                    if ref.value.kind == "element":
                        item = Value("element")
                    self.assign(
                        part, Ref(item, self.env.new_object(), ref.bases | ref.contents)
                    )
            case ast.Subscript():
                base = self.eval(target.value)
                where = self.eval(target.slice)
                columnwise = self.book.fact(base.value.kind, "item") == "series"
                if columnwise and isinstance(where.label, str):
                    self.record.columns.append(where.label)
                self._store(base, ref, columnwise)
            case ast.Attribute():
                base = self.eval(target.value)
                if base.value.kind == "symbol":
                    entry = self.book.call(f"{base.value.qualname}.{target.attr}")
                    self.record.state |= set(entry.state if entry else ("world",))
                else:
                    columnwise = self.book.fact(base.value.kind, "attribute") == "series"
                    if columnwise:
                        self.record.columns.append(target.attr)
                    self._store(base, ref, columnwise)

    def _store(self, base: Ref, ref: Ref, columnwise: bool) -> None:
        if base.value.kind == "symbol":
            entry = self.book.call(str(base.value.qualname))
            self.record.state |= set(entry.state if entry and entry.state else ("world",))
            return
        self._change(base, columnwise)
        if not columnwise:
            self._hold(base, ref.touched | ref.contents)


def _is_made(entry: Entry, base: Ref | None, args: list[Ref]) -> bool:
    """Whether a value is a result of the notebook and not only data that it read.

    What is made of a made table is made as well; a table put around raw data is not.
    """
    if base is not None:
        return entry.result or base.value.made
    raw = args and args[0].value.kind in RAW
    return entry.result and not raw


def argument(
    entry: Entry, name: str, args: list[Ref], named: dict[str, Ref], fallback: int | None = None
) -> Ref | None:
    """The argument for the parameter ``name``, passed by keyword or by position."""
    if name in named:
        return named[name]
    place = entry.positions.index(name) if name in entry.positions else fallback
    if place is not None and place < len(args):
        return args[place]
    return None


def element_of(book: Rulebook, ref: Ref) -> Ref:
    """What a loop over ``ref`` binds."""
    kinds = set(ref.value.items)
    value = kinds.pop() if len(kinds) == 1 else UNKNOWN
    if not ref.value.items and ref.value.kind in ("index", "frame", "series", "array"):
        value = Value("element")
    return Ref(value, ref.contents, ref.bases | ref.contents)


def _union(parts: list[Ref]) -> tuple[frozenset[int], frozenset[int]]:
    return (
        frozenset[int]().union(*(p.objects for p in parts)),
        frozenset[int]().union(*(p.bases for p in parts)),
    )


def _touched(parts: list[Ref]) -> tuple[frozenset[int], object, frozenset[int]]:
    return (frozenset[int]().union(*(p.touched for p in parts)), None, frozenset())


def stores_when_called(env: Environment, names: set[str]) -> set[str]:
    """Names of the notebook that these definitions rebind when called, through each other."""
    called = {n for n in names | reads_when_called(env, names) if n in env.definitions}
    return {name for n in called for name in global_names(env.definitions[n])}


def reads_when_called(env: Environment, names: set[str]) -> set[str]:
    """Names of the notebook that these definitions read when called, through each other."""
    seen: set[str] = set()
    found: set[str] = set()
    queue = sorted(names)
    while queue:
        name = queue.pop()
        if name in seen or name not in env.definitions:
            continue
        seen.add(name)
        free = free_names(env.definitions[name])
        found |= free
        queue += sorted(free)
    return found
