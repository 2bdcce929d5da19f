"""Splits that no call of a library makes: by position, and the folds of a loop."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from chasm.analyse.nodes import root_name
from chasm.checks.check import Subject
from chasm.checks.rows import Rows
from chasm.checks.trace import Trace


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a table up to a place, or from it on."""

    base: str
    version: int
    place: str
    is_head: bool


@dataclass
class Parts:
    """The parts that were cut off so far, with the names that they were given."""

    rows: Rows
    waiting: dict[tuple[str, int, str], tuple[bool, str]] = field(default_factory=dict)

    def pair(self, name: str, value: ast.expr) -> tuple[str, str, Trace] | None:
        """The names of the head and of the tail, and what was cut, once both are there."""
        part = self._part(value)
        if part is None:
            return None
        key = (part.base, part.version, part.place)
        other = self.waiting.get(key)
        if other is None or other[0] == part.is_head or other[1] == name:
            self.waiting[key] = (part.is_head, name)
            return None
        head, tail = (name, other[1]) if part.is_head else (other[1], name)
        return head, tail, self.rows.names[part.base]

    def _part(self, value: ast.expr) -> Part | None:
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            # ``df[:n].copy()`` has the same rows.
            value = value.func.value if value.func.attr in ("copy", "reset_index") else value
        if not isinstance(value, ast.Subscript):
            return None
        base = value.value
        if isinstance(base, ast.Attribute) and base.attr in ("iloc", "loc", "values"):
            base = base.value
        where = value.slice
        if isinstance(where, ast.Tuple) and where.elts:
            where = where.elts[0]
        if not isinstance(base, ast.Name) or not isinstance(where, ast.Slice) or where.step:
            return None
        known = self.rows.names.get(base.id)
        if known is None or known.version < 0:
            return None
        starts = where.lower is None or _is_zero(where.lower)
        if starts and where.upper is not None:
            return Part(base.id, known.version, ast.dump(where.upper), True)
        if not starts and where.lower is not None:
            return Part(base.id, known.version, ast.dump(where.lower), False)
        return None


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0


def folds(subject: Subject, tree: ast.For | ast.AsyncFor) -> tuple[str, str, ast.Call] | None:
    """The names of the training and the test indices in ``for a, b in folds.split(X)``."""
    target, value = tree.target, tree.iter
    if isinstance(value, ast.Call) and root_name(value.func) == "enumerate" and value.args:
        value = value.args[0]
        if isinstance(target, ast.Tuple) and len(target.elts) == 2:
            target = target.elts[1]
    call = subject.by_node.get(id(value))
    if call is None or call.name != "split" or call.kind != "splitter" or not call.node.args:
        return None
    names = list(_names(target))
    return (names[0], names[1], call.node) if len(names) == 2 else None


def _names(node: ast.expr) -> Iterator[str]:
    for one in node.elts if isinstance(node, ast.Tuple) else ():
        if isinstance(one, ast.Name):
            yield one.id
