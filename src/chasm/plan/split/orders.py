"""Which names have the same rows in the same order, as far as the statements tell."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from chasm.model import Statement
from chasm.plan.split.model import Step, Time

#: What puts rows in another order, each with its label.
ORDERS = frozenset({"sort_values", "sort_index", "sample", "nlargest", "nsmallest"})


@dataclass(slots=True)
class Orders:
    """For each name the statement that last chose or ordered the rows that it has."""

    last: dict[str, int] = field(default_factory=dict)

    def same(self, one: str, other: str) -> bool:
        return self.last.get(one) == self.last.get(other)

    def follow(self, s: Statement, step: Step, times: Mapping[str, Time]) -> None:
        """What ``s`` gives rows in another order than what it was made of."""
        read = [self.last[name] for name in s.reads if name in self.last]
        for name in s.binds | s.mutates:
            if times.get(name) is not Time.ROWS:
                self.last.pop(name, None)
            elif step.chooses:
                self.last[name] = s.id
            elif name in s.binds:
                self.last.pop(name, None)
                if read:
                    self.last[name] = max(read)


def orders(node: ast.AST) -> bool:
    """Whether an expression puts rows in another order."""
    return any(isinstance(n, ast.Attribute) and n.attr in ORDERS for n in ast.walk(node))
