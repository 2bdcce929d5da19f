"""Tables with rows of others below their own, until the notebook takes its own out again."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from chasm.model import Statement
from chasm.plan.split.model import Step

LOCATORS = ("iloc", "loc")
FIRSTS = ("head", "tail")


@dataclass(slots=True)
class Stacked:
    """Names that hold rows of another table too, and the statement that put them there.

    ``marks`` are columns of tables that have one value in all rows, ``told`` those of the
    records' table, when others were put below it.
    What the notebook did to the rows of the other table before, no record tells: a model that
    learned of both cannot be asked about rows as one of the tables has them.
    """

    names: dict[str, int] = field(default_factory=dict)
    marks: dict[tuple[str, str], object] = field(default_factory=dict)
    told: dict[str, object] = field(default_factory=dict)

    def follow(self, s: Statement, step: Step, node: ast.stmt, own: str) -> None:
        """What ``s`` makes of such names; ``own`` is the table below which it puts others."""
        match node:
            case ast.Assign(
                targets=[ast.Subscript(value=ast.Name(id=frame), slice=ast.Constant(value=label))],
                value=ast.Constant(value=mark),
            ):
                self.marks[frame, str(label)] = mark
        held = [self.names[name] for name in s.ordered if name in self.names and name in s.reads]
        for name in s.binds:
            self.names.pop(name, None)
        if own:
            self.names |= dict.fromkeys(s.binds, s.id)
            others = {(label, mark) for (f, label), mark in self.marks.items() if f != own}
            marks = {label: mark for (f, label), mark in self.marks.items() if f == own}
            self.told = {
                label: mark for label, mark in marks.items() if (label, mark) not in others
            }
        elif held and not (step.chooses and _takes_out(node, self.told)):
            self.names |= dict.fromkeys(s.binds, held[0])

    def of(self, inputs: ast.expr) -> int | None:
        """The statement that gave ``inputs`` rows of another table; None where none did."""
        names = (n.id for n in ast.walk(inputs) if isinstance(n, ast.Name))
        return next((self.names[name] for name in names if name in self.names), None)


def _takes_out(node: ast.stmt, told: Mapping[str, object]) -> bool:
    """Whether rows are taken by their place, or by what only the records' own rows are marked with.

    As ``every[:count]``, ``every.iloc[:count, :]`` or ``every[every["of"] == "train"]``.
    """
    value = node.value if isinstance(node, ast.Assign) else None
    while isinstance(value, (ast.Call, ast.Attribute, ast.Subscript)):
        match value:
            case ast.Subscript(value=ast.Attribute(attr=attr), slice=where) if attr in LOCATORS:
                rows = where.elts[0] if isinstance(where, ast.Tuple) and where.elts else where
                return isinstance(rows, ast.Slice) and bool(rows.lower or rows.upper)
            case ast.Subscript(slice=ast.Slice(lower=lower, upper=upper)):
                return lower is not None or upper is not None
            case ast.Subscript(
                slice=ast.Compare(left=left, ops=[ast.Eq()], comparators=[ast.Constant(value=mark)])
            ):
                label = _label(left)
                return label in told and told[label] == mark
            case ast.Call(func=ast.Attribute(attr=attr)) if attr in FIRSTS:
                return True
        value = value.func if isinstance(value, ast.Call) else value.value
    return False


def _label(node: ast.expr) -> str:
    match node:
        case ast.Subscript(slice=ast.Constant(value=str(label))) | ast.Attribute(attr=label):
            return label
    return ""
