"""Columns counted from the end of a table at which the target was put: a record lacks it there."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from chasm.plan.split.drops import dropped, popped, strings
from chasm.plan.split.leaked import SAME
from chasm.plan.split.model import Stop
from chasm.plan.split.source import Source

#: Why the way stops where nobody knows any more where the target stands.
COUNTED = "columns are counted from the end, where the target was put"
#: The target is at the end, or it was and nobody can tell what is there now.
LOST: tuple[str, ...] = ()


@dataclass(slots=True)
class Tails:
    """The last columns of tables, in their order, from the first that is made of the target on.

    A table that is not in ``last`` has no such column; of one with ``LOST`` it is not known
    where it stands. ``labels`` are all that are made of the target.
    """

    last: dict[str, tuple[str, ...]] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)

    def held(self, node: ast.expr) -> set[str]:
        """The labels made of the target that the table which an expression gives surely has."""
        return self.labels.intersection(self._of(node) or ())

    def left_out(self, node: ast.expr) -> tuple[str, ...]:
        """The labels that ``df.iloc[:, :-n]`` leaves out, as far as they are known."""
        match node:
            case ast.Subscript(
                value=ast.Attribute(value=ast.Name(id=frame)), slice=ast.Tuple(elts=[_, columns])
            ):
                count = _left_out(columns)
                return self.last.get(frame, ())[-count:] if count else ()
        return ()

    def rewrite(self, node: ast.AST, source: Source) -> None:
        """``df.iloc[:, :-1]`` leaves out by their labels what stands at the end.

        Raises :class:`Stop` where what is chosen cannot be told by labels.
        """
        for part in ast.walk(node):
            match part:
                case ast.Subscript(
                    value=ast.Attribute(value=ast.Name(id=frame), attr="iloc"),
                    slice=ast.Tuple(elts=[rows, columns]),
                ) if frame in self.last and not from_the_first(columns):
                    source.replace(part, self._by_label(part, frame, rows, columns))
                case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple()) if name in self.last:
                    raise Stop(part, COUNTED)

    def _by_label(self, node: ast.expr, frame: str, rows: ast.expr, columns: ast.expr) -> str:
        tail, count = self.last[frame], _left_out(columns)
        if tail and _last(columns):
            return ast.unparse(node)
        every = isinstance(rows, ast.Slice) and not (rows.lower or rows.upper or rows.step)
        if not tail or count is None or not every:
            raise Stop(node, COUNTED)
        labels = ", ".join(map(repr, tail[-count:]))
        kept = f'{frame}.drop(columns=[{labels}], errors="ignore")'
        rest = count - len(tail)
        return f"{kept}.iloc[:, :-{rest}]" if rest > 0 else kept

    def follow(self, node: ast.stmt, known: bool, target: bool) -> None:
        """What the tables that a statement binds or changes have at their end.

        ``known`` says that the column which it sets was there before, ``target`` that it is
        made of the target.
        """
        for frame, labels in popped(node):
            self._leave_out(frame, labels)
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._bind(name, self._of(value))
            case ast.Assign(targets=[ast.Tuple(elts=elts)], value=value):
                self._bind_parts(elts, value)
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=frame), slice=where)]):
                if not known and (target or frame in self.last):
                    self.labels |= set(strings(where)) if target else set()
                    self._put(frame, where)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name))) as call):
                if name in self.last:
                    self._bind(name, self._of(call))
            case ast.Delete(targets=targets):
                for place in targets:
                    if isinstance(place, ast.Subscript) and isinstance(place.value, ast.Name):
                        self._leave_out(place.value.id, strings(place.slice))

    def _put(self, frame: str, where: ast.expr) -> None:
        tail = self.last.get(frame)
        match where:
            case ast.Constant(value=str(label)) if tail is None or tail != LOST:
                self.last[frame] = (*(tail or ()), *([] if label in (tail or ()) else [label]))
            case _:
                self.last[frame] = LOST

    def _bind(self, name: str, tail: tuple[str, ...] | None) -> None:
        made = [place for place, label in enumerate(tail or ()) if label in self.labels]
        if tail is None or (tail and not made):
            self.last.pop(name, None)
        else:
            self.last[name] = tail[made[0] :] if made else LOST

    def _bind_parts(self, elts: Sequence[ast.expr], value: ast.expr) -> None:
        given = value.args if isinstance(value, ast.Call) else getattr(value, "elts", [])
        share = len(elts) // len(given) if given and len(elts) % len(given) == 0 else 0
        for place, part in enumerate(elts):
            if isinstance(part, ast.Name):
                self._bind(part.id, self._of(given[place // share] if share else value))

    def _leave_out(self, frame: str, labels: list[str]) -> None:
        if frame in self.last:
            self._bind(frame, _without(self.last[frame], labels))

    def _of(self, node: ast.expr) -> tuple[str, ...] | None:
        """The end of the table that an expression gives; None where the target is not in it."""
        match node:
            case ast.Name(id=name):
                return self.last.get(name)
            case ast.Call(func=ast.Attribute(value=inner, attr="drop")):
                tail = self._of(inner)
                labels = [label for one in dropped(node) for label in strings(one)]
                return None if tail is None else _without(tail, labels)
            case ast.Call(func=ast.Attribute(value=inner, attr=attr)) if attr in SAME:
                return self._of(inner)
            case ast.Subscript(value=ast.Name(), slice=ast.Constant(value=str())):
                return None
            case ast.Subscript(
                value=ast.Attribute(value=ast.Name(id=frame), attr="iloc"),
                slice=ast.Tuple(elts=[_, columns]),
            ):
                tail, count = self.last.get(frame), _left_out(columns)
                if not tail or count is None:
                    return None if tail is None or from_the_first(columns) else LOST
                return tail[:-count] or None
            case ast.Subscript(value=inner, slice=ast.Compare() | ast.BinOp() | ast.UnaryOp()):
                return self._of(inner)
            case ast.Subscript(value=inner, slice=ast.List() as chosen):
                tail = self._of(inner)
                if tail is None or not set(tail) & set(strings(chosen)):
                    return None if tail else tail
                return LOST
        held = any(isinstance(n, ast.Name) and n.id in self.last for n in ast.walk(node))
        return LOST if held else None


def _without(tail: tuple[str, ...], labels: list[str]) -> tuple[str, ...] | None:
    """A tail without some labels; None when nothing is left of it."""
    return tail if tail == LOST else (tuple(t for t in tail if t not in labels) or None)


def _left_out(columns: ast.expr) -> int | None:
    """How many columns ``:-n`` leaves out."""
    match columns:
        case ast.Slice(
            lower=None | ast.Constant(value=0),
            upper=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(count))),
            step=None,
        ):
            return count
    return None


def _last(columns: ast.expr) -> bool:
    """Whether the last column is chosen, as those do who take the target."""
    match columns:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)):
            return True
    return False


def from_the_first(columns: ast.expr) -> bool:
    """Whether columns are counted from the first: what is put at the end changes nothing."""
    match columns:
        case ast.Slice(upper=ast.Constant(value=int(last))):
            return last > 0
        case ast.List(elts=elts):
            return all(isinstance(e, ast.Constant) for e in elts)
        case ast.Constant(value=int(place)):
            return place >= 0
    return False


def known_before(nodes: Sequence[ast.AST], frame: str, label: str) -> bool:
    """Whether the code of ``nodes``, in their order, says that ``frame`` has a column ``label``.

    Whoever drops it, or takes it out, says that it is there no more. A text says so wherever it
    stands, but for keys of what is no table of that name.
    """
    there = False
    for node in nodes:
        gone, others = False, set[int]()
        for part in ast.walk(node):
            match part:
                case ast.Subscript(value=ast.Name(id=name), slice=where) if name != frame:
                    others.add(id(where))
                case ast.Constant(value=value) if value == label and id(part) not in others:
                    there = True
                case ast.Attribute(value=ast.Name(id=name), attr=attr) if name == frame:
                    there = there or attr == label
            match part:
                case ast.Call(func=ast.Attribute(attr="drop" | "pop")) | ast.Delete():
                    gone = gone or label in strings(part)
        there = there and not gone
    return there
