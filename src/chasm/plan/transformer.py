"""The class that makes the model's inputs: what it learns in ``fit``, replays in ``transform``."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from chasm.analyse.scopes import names_in_text
from chasm.model import UNKNOWN, Facts
from chasm.plan.apart import Apart
from chasm.plan.details import FigureNames
from chasm.plan.graph import Graph
from chasm.plan.group import written_in
from chasm.plan.interfaces import Builder, Made
from chasm.plan.items import Carried, Learned, Rewrite
from chasm.plan.model import Attribute, Call, Transformer
from chasm.plan.split.follow import Key, Route
from chasm.plan.split.model import Names, Role
from chasm.plan.words import camel

#: What shows that the index of the records means something to a step.
INDEXED = ("index", "set_index", "sort_index")


def _by_places(node: ast.AST, name: str) -> bool:
    """Whether columns of ``name`` are taken by their places, as those of arrays alone are."""
    for part in ast.walk(node):
        match part:
            case ast.Subscript(value=ast.Name(id=base), slice=ast.Tuple(elts=[ast.Slice(), *_])):
                if base == name:
                    return True
    return False


class Unreachable(Exception):
    """A function of the way needs a value that the transformer cannot have."""


@dataclass(slots=True)
class _Scope:
    """The local names of ``fit`` or ``transform``, and which version each of them holds.

    ``learned`` are the attributes that ``fit`` has by now.
    """

    names: dict[Key, str] = field(default_factory=dict)
    holds: dict[str, Key] = field(default_factory=dict)
    learned: set[Key] = field(default_factory=set)

    def bind(self, key: Key, name: str) -> None:
        old = self.holds.get(name)
        if old is not None:
            self.names.pop(old, None)
        self.names[key] = name
        self.holds[name] = key


class TransformerPlanner:
    """Plans the transformer of one route from the functions that were made of its steps."""

    def __init__(
        self, facts: Facts, graph: Graph, apart: Apart, builder: Builder, route: Route,
        product: list[Made],
    ) -> None:  # fmt: skip
        self.facts, self.graph, self.apart = facts, graph, apart
        self.builder, self.route = builder, route
        self.made = [m for m in product if m.group.role is not None]
        self.given: dict[str, Key | str] = {}
        self.attributes = self._attributes()

    def plan(self, package: str) -> Transformer | None:
        """The class; None when the records are the model's inputs as they are."""
        steps = [m for m in self.made if m.group.role is Role.STEP]
        kind = self._kind()
        if not steps and not self.attributes and kind == "frame":
            return None
        fit = self._fit()
        scope = _Scope()
        records = self.route.start[0]
        scope.bind(self.route.start, records)
        calls = [self._call(m, scope, serving=True) for m in steps]
        result = self._resolve(*self.route.end, scope, serving=True)
        transform = _needed(list(zip(steps, calls, strict=True)), result)
        learned = tuple(self._attribute(key) for key in self.attributes)
        given = tuple(
            (name, key if isinstance(key, str) else self.builder.values.get(key, UNKNOWN))
            for name, key in self.given.items()
        )
        name = f"{camel(package)}Features"
        return Transformer(
            name,
            records,
            learned,
            fit,
            transform,
            result,
            given,
            kind,
            self.builder.values.get(self.route.end, UNKNOWN),
            self._changes_records(),
            kind == "frame" and self._renumbers(steps),
        )

    def _changes_records(self) -> bool:
        """Whether a step changes the very table that it is given, and not a copy of its own."""
        steps = [made.group for made in self.made if made.group.role is Role.STEP]
        statements = [s for group in steps for s in group.statements]
        # To a record a half of the rows is what it was divided from.
        names = {self.route.start[0]}
        for _, pairs in sorted(self.route.same.items()):
            names |= {name for name, source in pairs.items() if source in names}
        for s in statements:
            for name in sorted(names & (s.binds | s.mutates)):
                if name not in s.mutates:
                    names.discard(name)
                    continue
                # Of what nobody knows the kind of, no function makes a copy; here it is a table.
                kind = self.builder.values.get(self.route.start, UNKNOWN).kind
                return not (s.can_copy(name) and self.builder.book.copyable(kind))
        return False

    def _renumbers(self, steps: list[Made]) -> bool:
        """Whether a step makes a table that has no index of the records, and none reads theirs."""
        made = False
        for s in (s for m in steps for s in m.group.statements):
            for part in ast.walk(self.facts.nodes[s.id]):
                if isinstance(part, ast.Attribute) and part.attr in INDEXED:
                    return False
                called = self.facts.called.get(id(part)) if isinstance(part, ast.Call) else None
                if called is not None and called.name in self.builder.book.checks.get(
                    "numbers", ()
                ):
                    assert isinstance(part, ast.Call)
                    made = made or all(k.arg != "index" for k in part.keywords)
        return made

    def _kind(self) -> str:
        value = self.builder.values.get(self.route.start, UNKNOWN)
        if value.kind in ("series", "array"):
            return value.kind
        name, version = self.route.start
        readers = (n for n, reads in enumerate(self.graph.reads) if reads.get(name) == version)
        placed = value.kind is None and any(_by_places(self.facts.nodes[n], name) for n in readers)
        return "array" if placed else "frame"

    def _attributes(self) -> dict[Key, str]:
        names = Names()
        learned = sorted(self.route.learned, key=lambda key: (key[1], key[0]))
        return {key: names.unique(key[0]) for key in learned}

    def _attribute(self, key: Key) -> Attribute:
        s = self.facts.statements[key[1]]
        value = s.values.get(key[0], UNKNOWN)
        return Attribute(self.attributes[key], value, (written_in(s),))

    def _fit(self) -> tuple[Call | Carried, ...]:
        items: list[tuple[int, Made | int]] = [(m.group.statements[0].id, m) for m in self.made]
        learning = self.route.of(Role.LEARN)
        if not learning:
            return ()
        items = [item for item in items if item[0] < learning[-1]]
        items += [(number, number) for number in learning]
        scope = _Scope()
        scope.bind(self.route.start, self.route.start[0])
        found: list[Call | Carried] = []
        for _, item in sorted(items, key=lambda item: item[0]):
            if isinstance(item, Made):
                found.append(self._call(item, scope, serving=False))
            else:
                found.append(self._learn(item, scope))
        return tuple(found)

    def _learn(self, number: int, scope: _Scope) -> Carried:
        s = self.facts.statements[number]
        rewrites: list[Rewrite] = self.builder.rewrites(s, FigureNames(""))
        renamed: dict[str, str] = {}
        variables: set[str] = set()
        reads = self.graph.reads[number]
        called = (self.apart.extras.get(reads[name], ()) for name in s.named if name in reads)
        handed = {name for extras in called for name in extras}
        calls = (n for n in ast.walk(self.facts.nodes[number]) if isinstance(n, ast.Call))
        in_text = {name for call in calls for name in names_in_text(call)}
        for name, version in reads.items():
            if name not in s.named | handed | in_text:
                continue
            if version in self.apart.imports or version in self.apart.owns:
                continue
            if version in self.apart.constants:
                continue
            text = self._resolve(name, version, scope, serving=False)
            if text.startswith("self.") and name in in_text:
                # Only a variable can stand in the text of a query.
                raise Unreachable(name)
            if text.startswith("self."):
                renamed[name] = text.removeprefix("self.")
            elif text != name:
                raise Unreachable(name)
            else:
                variables.add(name)
        assigns = isinstance(self.facts.nodes[number], ast.Assign)
        if variables & s.binds and not assigns:
            raise Unreachable(min(variables & s.binds))
        for name in s.binds:
            attribute = self.attributes.get((name, number))
            again = renamed.get(name, f"{attribute}_") != f"{attribute}_"
            if attribute is None or again and not assigns:
                raise Unreachable(name)
            if again:
                # It is learned anew of what it was, which other steps still need.
                rewrites.append(Learned(name, f"{attribute}_", bound=True))
            else:
                renamed[name] = f"{attribute}_"
            scope.learned.add((name, number))
        rewrites += [
            Learned(name, to, bound=name in variables) for name, to in sorted(renamed.items())
        ]
        return Carried(number, tuple(rewrites))

    def _call(self, made: Made, scope: _Scope, serving: bool) -> Call:
        arguments: list[tuple[str, str]] = []
        for parameter in made.arguments:
            if parameter.source == "config":
                text = self._hand_in(parameter.setting, parameter.setting)
            elif parameter.source == "value":
                text = self._resolve(parameter.name, made.inputs[parameter.name], scope, serving)
            else:
                raise Unreachable(parameter.name)
            arguments.append((parameter.name, text))
        for key in made.outputs.items():
            scope.bind(key, key[0])
        return Call(made.function.name, tuple(arguments), tuple(made.outputs))

    def _hand_in(self, name: str, source: Key | str) -> str:
        """``name`` as an argument of the class; the settings of the steps are its ``config``."""
        name = "config" if source == "features" else name
        if self.given.setdefault(name, source) != source:
            raise Unreachable(name)
        return f"self.{name}"

    def _resolve(self, name: str, version: int, scope: _Scope, serving: bool) -> str:
        """What the transformer has for a version of a name."""
        current: int | None = version
        while current is not None:
            name, current = key = self.route.aliases.get((name, current), (name, current))
            if key in scope.names:
                return scope.names[key]
            if key in self.attributes:
                if not serving and key not in scope.learned:
                    # A function that spans what is learned cannot be called before it is.
                    raise Unreachable(name)
                return f"self.{self.attributes[key]}_"
            if key in self.route.given or current in self.apart.settings:
                return self._hand_in(name, key)
            if serving and self.route.roles.get(current) is Role.TRAINING:
                name = self.route.same.get(current, {}).get(name, "")
                current = self.graph.found(name, current)
            else:
                current = self.graph.before[current].get(name)
        raise Unreachable(name)


def _needed(steps: list[tuple[Made, Call]], result: str) -> tuple[Call, ...]:
    """The calls that the result depends on: what only training makes use of is left out."""
    wanted, found = {result}, list[Call]()
    for made, call in reversed(steps):
        changes = any(s.mutates for s in made.group.statements)
        if changes or wanted & set(call.targets):
            wanted |= {text for _, text in call.arguments}
            found.append(call)
    return tuple(reversed(found))
