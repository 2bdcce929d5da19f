"""The normal form as whoever mends it reads it: which names have the rows, what learns of them."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from chasm.analyse.statements import Tree
from chasm.model import Facts
from chasm.plan.graph import Graph, build_graph
from chasm.plan.split.derive import Split
from chasm.plan.split.model import Role
from chasm.plan.split.wording import headed, only_spells
from chasm.rulebook import Rulebook

#: The argument that says what becomes of values which were not seen.
UNSEEN = "handle_unknown"
#: How the rows of a value are taken by their positions.
BY_POSITION = {
    "frame": "{0}.iloc[{1}]",
    "series": "{0}.iloc[{1}]",
    "array": "{0}[{1}]",
    "sparse": "{0}[{1}]",
}


@dataclass(slots=True)
class Way:
    """The analysis of a normal form, and what its split says of it."""

    split: Split
    facts: Facts
    trees: list[Tree]
    book: Rulebook
    graph: Graph = field(init=False)
    ids: dict[tuple[int, int], int] = field(init=False)
    start: int = field(init=False)
    _aligned: dict[tuple[str, int], bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.graph = build_graph(self.facts)
        self.ids = {(s.cell, s.nth): s.id for s in self.facts.statements}
        self.start = self.ids[self.split.start]

    def role(self, number: int) -> Role | None:
        """The role of a statement after the table of records was made."""
        s = self.facts.statements[number]
        return self.split.roles.get((s.cell, s.nth)) if number > self.start else None

    def place(self, number: int) -> tuple[int, int]:
        """The cell and the line of the notebook itself that a statement was made of."""
        s = self.facts.statements[number]
        return self.split.origins.get((s.cell, s.nth), (s.cell, s.line))

    def where(self, number: int) -> str:
        cell, line = self.place(number)
        return f"cell {cell}, line {line}"

    def kind(self, name: str, version: int | None) -> str | None:
        """The kind of a version of a name, from where it was made."""
        for current in self.graph.back(name, version):
            value = self.facts.statements[current].values.get(name)
            if value is not None:
                return value.kind
        return None

    def aligned(self, name: str, version: int) -> bool:
        """Whether a version of a name has a value for each of the rows, in their order."""
        key = (name, version)
        if key not in self._aligned:
            self._aligned[key] = False
            self._aligned[key] = self._is_aligned(name, version)
        return self._aligned[key]

    def _is_aligned(self, name: str, version: int) -> bool:
        if version <= self.start:
            return (name, version) == (self.split.records, self.start)
        s = self.facts.statements[version]
        if name not in s.binds:
            before = self.graph.before[version].get(name)
            return before is not None and self.aligned(name, before)
        if self.role(version) not in (Role.STEP, Role.TRAINING) and not self._scales(version):
            return False
        return any(self.aligned(n, v) for n, v in self.graph.reads[version].items())

    def scalers(self) -> list[int]:
        """The statements that fit estimators which all inputs go through last."""
        return [self.ids[place] for _, place in self.split.scalers]

    def _scales(self, number: int) -> bool:
        """Whether a statement sends the inputs through an estimator that they go through last."""
        match self.facts.nodes[number]:
            case ast.Assign(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
                return any(name == scaler for scaler, _ in self.split.scalers)
        return False

    def splits(self) -> list[int]:
        """The statements on the way that divide the rows, in their order."""
        return [
            s.id
            for s in self.facts.statements
            if s.stage == "split" and self.role(s.id) is Role.TRAINING
        ]

    def learns(self, before: int) -> list[int]:
        """Statements that learn of the rows before statement ``before`` divides them."""
        last = set(self.scalers())
        return [
            s.id
            for s in self.facts.statements[self.start + 1 : before]
            if (self.role(s.id) is Role.LEARN or s.id in last)
            and self.taken(s.id)
            and not only_spells(self.facts.nodes[s.id], self.book)
        ]

    def taken(self, number: int) -> list[ast.Name]:
        """Where a statement reads values of the rows, and not only how they are called."""
        reads = self.graph.reads[number]
        node = self.facts.nodes[number]
        headers = headed(node)
        return [
            part
            for part in ast.walk(node)
            if isinstance(part, ast.Name)
            and isinstance(part.ctx, ast.Load)
            and id(part) not in headers
            and part.id in reads
            and self.aligned(part.id, reads[part.id])
        ]

    def makers(self, number: int) -> set[str]:
        """Dotted names of all that is called for what a statement learns with."""
        found: set[str] = set()
        queue, seen = [number], set[int]()
        while queue:
            at = queue.pop()
            s = self.facts.statements[at]
            if at in seen or s.imports or s.definition is not None:
                continue
            seen.add(at)
            tree = self.trees[at]
            if not self._told(tree.node):
                found |= {name for name, _ in tree.entries.values()}
            queue += [v for n, v in self.graph.reads[at].items() if self._made_before(n, v)]
        return found

    def _made_before(self, name: str, version: int) -> bool:
        return version != self.start and not self.aligned(name, version)

    def _told(self, node: ast.stmt) -> bool:
        """Whether the author said what there is, or what becomes of what was not seen."""
        words = self.book.checks.get("told", frozenset()) | {UNSEEN}
        return any(isinstance(part, ast.keyword) and part.arg in words for part in ast.walk(node))


def rows_of(text: str, node: ast.expr | None, kind: str | None, positions: str) -> str | None:
    """The code for the rows of ``text`` at ``positions``; None where that is not known."""
    if kind not in BY_POSITION:
        return None
    simple = isinstance(node, (ast.Name, ast.Subscript, ast.Attribute, ast.Call))
    return BY_POSITION[kind].format(text if simple else f"({text})", positions)
