"""What is known of every name at one point of the notebook: values, aliases, symbols."""

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import count

from chasm.model import UNKNOWN, Called, Value

#: Marks an estimator that draws from the shared stream of random numbers when it is fitted.
UNSEEDED = Value("unseeded")
#: Kinds of labels: a table whose columns or rows change gets others, and these stay as they are.
LABELS = ("index",)
#: How many of the names of libraries are kept: a notebook has each of its own many times.
SYMBOLS = 2000


@dataclass(frozen=True, slots=True)
class Ref:
    """What an expression gives: its value, the objects it is, and those it is a view of.

    ``label`` is the literal that the expression is, for subscripts and file names.
    """

    value: Value = UNKNOWN
    objects: frozenset[int] = frozenset()
    bases: frozenset[int] = frozenset()
    label: object = None
    contents: frozenset[int] = frozenset()

    @property
    def touched(self) -> frozenset[int]:
        """All the objects that a change of this one may change."""
        return self.objects | self.bases

    @property
    def kept(self) -> frozenset[int]:
        """The objects that a container shares which this one is put into."""
        if self.value.kind in LABELS:
            return self.objects | self.contents
        return self.touched | self.contents


def common(values: Iterable[Value]) -> Value:
    """What is known of a value that is one of these; a result where one of them is."""
    found = set(values)
    if len(found) > 1:
        made = any(value.made for value in found)
        predicted = any(value.predicted for value in found)
        found = {replace(value, made=made, predicted=predicted) for value in found}
    return found.pop() if len(found) == 1 else UNKNOWN


@lru_cache(SYMBOLS)
def symbol(qualname: str) -> Ref:
    """What a name or an attribute gives that is a library's own."""
    return Ref(Value("symbol", qualname))


@dataclass(slots=True)
class Environment:
    """Names of the notebook's global scope, or of a call of one of its functions."""

    slots: dict[str, Ref] = field(default_factory=dict)
    symbols: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef] = field(
        default_factory=dict
    )
    outer: "Environment | None" = None
    called: dict[int, Called] = field(default_factory=dict)
    stateful: frozenset[str] = frozenset()
    _ids: "count[int]" = field(default_factory=count)
    _owners: dict[int, set[str]] = field(default_factory=dict)
    _viewers: dict[int, set[str]] = field(default_factory=dict)
    _labels: dict[int, set[str]] = field(default_factory=dict)
    _changes: list[tuple[str, Ref | None]] | None = None

    def child(self) -> "Environment":
        return Environment(outer=self, called=self.called, stateful=self.stateful, _ids=self._ids)

    def new_object(self) -> frozenset[int]:
        return frozenset((next(self._ids),))

    def fresh(self, value: Value, label: object = None) -> Ref:
        """A reference to a new object."""
        return Ref(value, self.new_object(), label=label)

    def bind(self, name: str, ref: Ref) -> None:
        self.symbols.pop(name, None)
        self.definitions.pop(name, None)
        self._forget(name)
        self.slots[name] = ref
        for one in ref.objects | ref.contents:
            self._owners.setdefault(one, set()).add(name)
        viewers = self._labels if ref.value.kind in LABELS else self._viewers
        for one in ref.bases:
            viewers.setdefault(one, set()).add(name)

    @contextmanager
    def watched(self) -> Iterator[dict[str, Ref | None]]:
        """Which names change from here on, each with what it was; known when this ends.

        A notebook has as many names as lines, and a branch changes few of them.
        """
        outermost = self._changes is None
        changes = [] if self._changes is None else self._changes
        self._changes = changes
        start = len(changes)
        before: dict[str, Ref | None] = {}
        try:
            yield before
        finally:
            for name, old in changes[start:]:
                before.setdefault(name, old)
            if outermost:
                self._changes = None

    def _forget(self, name: str) -> None:
        old = self.slots.pop(name, None)
        if self._changes is not None:
            self._changes.append((name, old))
        if old is None:
            return
        for one in old.objects | old.contents:
            self._owners.get(one, set()).discard(name)
        for one in old.bases:
            self._viewers.get(one, set()).discard(name)
            self._labels.get(one, set()).discard(name)

    def bind_symbol(self, name: str, qualname: str) -> None:
        self._forget(name)
        self.definitions.pop(name, None)
        self.symbols[name] = qualname

    def bind_definition(
        self, name: str, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    ) -> None:
        self._forget(name)
        self.symbols.pop(name, None)
        self.definitions[name] = node

    def scope_of(self, name: str) -> "Environment | None":
        """The innermost scope that binds ``name``."""
        scope: Environment | None = self
        while scope is not None:
            if name in scope.slots or name in scope.symbols or name in scope.definitions:
                return scope
            scope = scope.outer
        return None

    def root(self) -> "Environment":
        scope = self
        while scope.outer is not None:
            scope = scope.outer
        return scope

    def sharing(
        self, objects: frozenset[int], through_views: bool, labels: bool = False
    ) -> set[str]:
        """Names of the notebook whose value is, holds, or (asked for) is a view of one of these.

        Their ``labels`` only share what is changed through labels themselves.
        """
        root = self.root()
        found: set[str] = set()
        for one in objects:
            found |= root._owners.get(one, set())
            if through_views:
                found |= root._viewers.get(one, set())
            if labels:
                found |= root._labels.get(one, set())
        return found
