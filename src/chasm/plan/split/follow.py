"""The way of a record through the normal form: what is replayed, what only trains or learns."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from chasm.model import Facts
from chasm.plan.graph import Graph
from chasm.plan.split.derive import Split
from chasm.plan.split.model import Role

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Route:
    """Statements on the way by their role; versions of names are keys as in the graph.

    ``start`` is the table of records, ``end`` what the transformer gives, then come the
    ``scalers`` and the ``model``. ``learned`` are values that the steps need of the training,
    ``given`` those that come from elsewhere, as another table; ``same`` leads over statements
    that only train.
    """

    start: Key
    end: Key
    scalers: tuple[Key, ...]
    model: Key
    roles: dict[int, Role] = field(hash=False)
    learned: frozenset[Key] = frozenset()
    given: frozenset[Key] = frozenset()
    same: dict[int, dict[str, str]] = field(default_factory=dict, hash=False)
    aliases: dict[Key, Key] = field(default_factory=dict, hash=False)
    truth: Key | None = None

    def of(self, role: Role) -> list[int]:
        """Statements with this role, in their order."""
        return [number for number, one in sorted(self.roles.items()) if one is role]


def follow(facts: Facts, graph: Graph, split: Split, hand_in: bool = False) -> Route | None:
    """The way through ``facts``, the analysis of the split's normal form.

    With ``hand_in`` the transformer learns nothing by itself: ``train`` hands in what it needs.
    """
    ids = {(s.cell, s.nth): s.id for s in facts.statements}
    start = (split.records, ids[split.start])
    reader = ids[split.end_reader]
    version = graph.reads[reader].get(split.end)
    if version is None:
        return None
    end = (split.end, version)
    given = {ids[place]: role for place, role in split.roles.items() if place in ids}
    same = {ids[place]: dict(pairs) for place, pairs in split.same.items() if pairs}
    walk = _Walk(facts, graph, start, given, same, hand_in)
    if not walk.back(end):
        return None
    scalers = tuple((name, ids[place]) for name, place in split.scalers)
    at = ids[split.model]
    held = graph.reads[at].get(split.served.name)
    binds = facts.statements[at].binds | facts.statements[at].mutates
    version = at if split.served.name in binds or held is None else held
    model = (split.served.name, _looked_at(facts, split.served.name, version))
    aliases: dict[Key, Key] = {}
    for number, role in given.items():
        for name, source in same.get(number, {}).items() if role is Role.ALIAS else ():
            key = (source, graph.reads[number][source])
            if key not in walk.learned:
                continue
            aliases[name, number] = key
            walk.roles[number] = role
    return Route(
        start, end, scalers, model, walk.roles, frozenset(walk.learned), frozenset(walk.given),
        same, aliases, _truth(graph, split, ids[split.fit], same),
    )  # fmt: skip


def _looked_at(facts: Facts, name: str, version: int) -> int:
    """The last version of a model before it is made or fitted again.

    Whoever gets it in between, as a function that draws it, may change it for all we know; it
    is the same model.
    """
    for s in facts.statements[version + 1 :]:
        if name in s.binds or (name in s.mutates and s.effects.fits):
            break
        version = s.id if name in s.mutates & s.named else version
    return version


class _Walk:
    """Goes from the model's input back to the records."""

    def __init__(
        self,
        facts: Facts,
        graph: Graph,
        start: Key,
        marked: dict[int, Role],
        same: dict[int, dict[str, str]],
        hand_in: bool,
    ) -> None:
        self.facts, self.graph, self.start = facts, graph, start
        self.hand_in = hand_in
        self.marked, self.same = marked, same
        self.roles: dict[int, Role] = {}
        self.learned: set[Key] = set()
        self.given: set[Key] = set()
        self.wanted: list[Key] = []

    def back(self, end: Key) -> bool:
        """Follow everything that ``end`` needs of a record; whether there is a way."""
        queue, seen = [end], set[Key]()
        while queue:
            key = queue.pop()
            if key in seen or key == self.start:
                continue
            seen.add(key)
            more = self._step(key)
            if more is None:
                return False
            queue += [*more, *self.wanted]
            self.wanted.clear()
        return True

    def _step(self, key: Key) -> list[Key] | None:
        name, number = key
        s = self.facts.statements[number]
        if s.imports or s.definition is not None:
            return []
        role = self.marked.get(number) if number > self.start[1] else Role.LEARN
        if role is Role.TRAINING:
            self.roles[number] = role
            source = self.same.get(number, {}).get(name, "")
            before = self.graph.found(source, number)
            return None if before is None else [(source, before)]
        if role in (Role.LEARN, Role.GIVEN):
            self._learn(key)
            return []
        if role is Role.APART and name in s.mutates:
            before = self.graph.before[number].get(name)
            return None if before is None else [(name, before)]
        self.roles[number] = Role.STEP
        more = list(self.graph.reads[number].items())
        # A list that holds a table changes with it, but no step on the way reads the list.
        changed = (s.mutates & (s.named | {name})) | (s.maybe & {name})
        more += [(n, v) for n, v in self.graph.before[number].items() if n in changed]
        return more

    def _learn(self, key: Key) -> None:
        """A value of the training: learned in ``fit`` where that can be, else handed in."""
        name, number = key
        s = self.facts.statements[number]
        e = s.effects
        plain = s.syntax in ("Assign", "AnnAssign") and name in s.binds
        plain = plain and not (e.reads or e.unknown or e.random)
        plain = plain and not self.hand_in
        if number <= self.start[1] or not plain or self.marked.get(number) is not Role.LEARN:
            self.given.add(key)
            return
        self.learned.add(key)
        self.roles[number] = Role.LEARN
        for other, version in self.graph.reads[number].items():
            role = self.marked.get(version) if version > self.start[1] else None
            if role is Role.ALIAS:
                # What has another name is learned under its own.
                other = self.same[version][other]
                version = self.graph.reads[version][other]
                role = self.marked.get(version)
            if role is Role.LEARN:
                self._learn((other, version))
            elif self._on_way(other, version):
                # What is learned of is gone through in training, whether or not it is served.
                self.wanted.append((other, version))
            elif (other, version) != self.start:
                needed = self.facts.statements[version]
                if not needed.imports and needed.definition is None and not needed.is_constant:
                    self.given.add((other, version))

    def _on_way(self, name: str, version: int) -> bool:
        return version > self.start[1] and self.marked.get(version) in (Role.STEP, Role.TRAINING)


def _truth(graph: Graph, split: Split, fit: int, same: dict[int, dict[str, str]]) -> Key | None:
    """What the model learned to say, for all the rows that were split before."""
    truth = split.served.fit.truth
    if not isinstance(truth, ast.Name):
        return None
    name, version = truth.id, graph.reads[fit].get(truth.id)
    while version is not None and name in same.get(version, {}):
        source = same[version][name]
        before = graph.found(source, version)
        if before is None or source == name:
            break
        name, version = source, before
    return (name, version) if version is not None else None
