"""Halves of one table: which of them have the same rows, and which went the same way since."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from chasm.model import Statement
from chasm.plan.split.model import Role, Step, Time

#: The method that gives a table the columns of another one.
COLUMNS = "reindex"
#: What is fitted to one half only replays on the other.
LEARNING, REPLAYING = "fit_transform", "transform"
#: How the code ends that learns which columns there are, and nothing of their values.
COLUMNS_ALONE = ".columns)"
#: How each half is called where its way is told.
HALF = "_"


@dataclass(frozen=True, slots=True)
class Done:
    """What a statement did with a half, and whether it learned of its rows."""

    text: str
    learns: bool


@dataclass(slots=True)
class Halved:
    """The halves of the tables that a notebook divides, by their names.

    ``rows`` is the split and which of its halves a name has, as long as no row is taken out;
    ``wholes`` the split and the place of the table that it divided; ``ways`` what was done with
    a half since, in words that are the same for all of them.
    """

    rows: dict[str, tuple[int, int]] = field(default_factory=dict)
    wholes: dict[str, tuple[int, int]] = field(default_factory=dict)
    ways: dict[str, tuple[Done, ...]] = field(default_factory=dict)

    def beside(self, one: str, other: str) -> bool:
        """Whether two names have the same rows."""
        return one in self.rows and self.rows[one] == self.rows.get(other)

    def are_of_one(self, names: Collection[str]) -> bool:
        """Whether names are of halves of one table."""
        wholes = {self.wholes.get(name) for name in names}
        return len(wholes) == 1 and None not in wholes

    def went_alike(self, names: Collection[str]) -> bool:
        """Whether with all of some halves the same was done, and at most one of them learned."""
        ways = [self.ways[name] for name in names]
        return len(set(map(len, ways))) == 1 and all(
            len({done.text for done in step}) == 1 and sum(done.learns for done in step) <= 1
            for step in zip(*ways, strict=True)
        )

    def follow(
        self,
        s: Statement,
        step: Step,
        node: ast.stmt,
        reads: Callable[[], Mapping[str, int | None]],
        times: Mapping[str, Time],
    ) -> None:
        """What ``s`` makes of the halves; ``reads`` gives the versions of what it reads."""
        if (targets := _divided(s, node)) is not None:
            for place, target in enumerate(targets):
                if isinstance(target, ast.Name):
                    self.rows[target.id] = s.id, place % 2
                    self.wholes[target.id] = s.id, place // 2
                    self.ways[target.id] = ()
            return
        for name in (s.binds | s.mutates) & self.wholes.keys():
            if name in s.binds and name not in s.reads:
                self._forget(name)
        source = {name for name in s.reads if name in self.wholes}
        changed = set(s.mutates & self.wholes.keys())
        rows = all(times.get(name) is Time.ROWS for name in s.binds)
        if len(s.binds) == 1 and len(source) == 1 and rows and not changed:
            changed = set(s.binds)
            self._take(min(s.binds), min(source))
        learns = any(
            line.role is Role.LEARN and not line.code.endswith(COLUMNS_ALONE) for line in step.lines
        )
        for name in changed | (s.binds & self.wholes.keys()):
            if (told := self._told(node, name)) and len(s.binds) < 2:
                others = {n: v for n, v in reads().items() if n not in self.wholes}
                self.ways[name] += (Done(f"{told} {sorted(others.items(), key=str)}", learns),)
            elif told:
                # Of several values at once nobody knows which is which.
                self.ways[name] += (Done(f"{told} {name}", learns),)
            if step.chooses:
                self.rows.pop(name, None)

    def _take(self, name: str, source: str) -> None:
        self.wholes[name], self.ways[name] = self.wholes[source], self.ways[source]
        if source in self.rows:
            self.rows[name] = self.rows[source]

    def _forget(self, name: str) -> None:
        for known in (self.rows, self.wholes, self.ways):
            known.pop(name, None)

    def _told(self, node: ast.stmt, name: str) -> str:
        """What a statement does with a half; nothing where it only sets its columns in order."""
        match node:
            case ast.Assign(targets=[ast.Name()], value=ast.Call(func=ast.Attribute(attr=attr))):
                if attr == COLUMNS and len({*_names(node)} & self.wholes.keys()) > 1:
                    return ""
        whole = self.wholes[name]
        halves = {one for one, other in self.wholes.items() if other == whole}
        told = copy.deepcopy(node)
        for part in ast.walk(told):
            if isinstance(part, ast.Name) and part.id in halves:
                part.id = HALF
            elif isinstance(part, ast.Attribute) and part.attr == LEARNING:
                part.attr = REPLAYING
        return ast.unparse(told)


def _divided(s: Statement, node: ast.stmt) -> list[ast.expr] | None:
    """The halves that a split gives names; None for any other statement."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Call(args=args)):
            return targets if s.stage == "split" and len(targets) == 2 * len(args) else None
    return None


def _names(node: ast.AST) -> list[str]:
    return [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]
