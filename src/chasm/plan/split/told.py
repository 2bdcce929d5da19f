"""Columns that are made in training alone: a record may have them, the model's inputs may not."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field

from chasm.plan.split.drops import dropped_columns, dropped_labels, popped, strings
from chasm.plan.split.model import Edit
from chasm.plan.split.parts import LOCATORS
from chasm.plan.split.source import Source
from chasm.plan.split.tails import Tails, from_the_first

#: What a table calls the numbers of its rows, once they are a column.
NUMBER = "index"
#: Why the way of a record stops where it needs its number.
NUMBERED = "the number of a row among all others goes into what the model is given"


@dataclass(slots=True)
class Told:
    """Columns made of the target, or in vain, the statements that make them, and who may hold them.

    ``numbers`` says that the statement at hand makes the numbers of the rows a column; ``tails``
    are the tables that have such columns at their end, ``lists`` gives what a name was bound to.
    ``there`` says whether anything before named a column, ``indexed`` whether a table was given
    an index of its own, ``same_order`` whether two have the same rows in the same order;
    ``target`` is what a record cannot tell, ``named`` are the texts of the statements so far.
    """

    labels: dict[str, int] = field(default_factory=dict)
    holders: dict[str, set[str]] = field(default_factory=dict)
    numbers: bool = False
    tails: Tails = field(default_factory=Tails)
    lists: Callable[[str], ast.expr | None] = lambda _name: None
    there: Callable[[str], bool] = lambda _label: False
    indexed: Callable[[str], bool] = lambda _table: False
    same_order: Callable[[str, str], bool] = lambda _one, _other: False
    target: str | None = None
    named: set[str] = field(default_factory=set)

    @property
    def made(self) -> set[str]:
        """The columns that no record has; the numbers of the rows are made of records as well."""
        return self.labels.keys() - {NUMBER}

    def take(self, frame: str, label: str, statement: int) -> None:
        """``statement`` gives ``frame`` a column ``label`` that no record has to have."""
        self.labels[label] = statement
        self.holders.setdefault(frame, set()).add(label)

    def let_go(self, node: ast.stmt, source: Source) -> None:
        """What drops or chooses such a column may find none, as of a record that has none.

        Nor does a record have to have the target, or what is dropped before anything takes it.
        """
        made = self.made
        for part in ast.walk(node):
            match part:
                case ast.Call(func=ast.Attribute(attr="drop")) if not _says_errors(part):
                    gone = dropped_columns(part)
                    if made & dropped_labels(part) or gone - self.named or self.target in gone:
                        given = [*part.args, *(k.value for k in part.keywords)]
                        last = max(source.span(n)[1] for n in given)
                        # What stands in brackets ends behind them.
                        last += source.text[last : source.span(part)[1] - 1].rfind(b")") + 1
                        # It is no part of the argument, which may get a name of its own.
                        after = source.text[last : last + 1].decode()
                        source.edits.append(Edit(last, last + 1, f', errors="ignore"{after}'))
                case ast.Subscript(value=table, slice=chosen, ctx=ast.Load()):
                    start, labels = source.span(table)[1], chosen
                    if isinstance(table, ast.Attribute) and table.attr in LOCATORS:
                        # Without a choice of columns it is one of rows.
                        if not isinstance(chosen, ast.Tuple) or not _takes_all_rows(chosen):
                            continue
                        start, labels = source.span(table.value)[1], chosen.elts[1]
                    if self.lacks(labels):
                        (first, last), end = source.span(labels), source.span(part)[1]
                        source.edits += [Edit(start, first, ".filter("), Edit(last, end, ")")]

    def taken_out(self, node: ast.stmt) -> str | None:
        """The table from which a statement takes out a column that no record has."""
        return next((f for f, labels in popped(node) if self.made & {*labels}), None)

    def lacks(self, labels: ast.expr) -> bool:
        """Whether a list of columns names one that records lack: those there are have to do."""
        known = self.lists(labels.id) if isinstance(labels, ast.Name) else labels
        made = self.made
        return isinstance(known, ast.List) and bool(made & {*strings(known)})

    def follow(self, node: ast.stmt, statement: int) -> None:
        """What the names that a statement binds may hold of such columns.

        A column with the numbers of the rows tells of the others, as the target would.
        """
        self.named.update(strings(node))
        for frame, labels in popped(node):
            self.holders[frame] = self.holders.get(frame, set()).difference(labels)
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self.holders[name] = self.held(value)
            case ast.Assign(targets=[ast.Tuple(elts=elts) | ast.List(elts=elts)], value=value):
                values = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
                each = values if len(values) == len(elts) else [value for _ in elts]
                parts = [self.held(one) for one in each]
                self.holders |= {
                    e.id: labels
                    for e, labels in zip(elts, parts, strict=True)
                    if isinstance(e, ast.Name)
                }
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name))) as call):
                self.holders[name] = self.held(call)
            case ast.Delete(targets=targets):
                for target in targets:
                    if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                        held = self.holders.get(target.value.id, set())
                        self.holders[target.value.id] = held.difference(strings(target.slice))
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.Expr(
                value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))
            ) if self.numbers:
                self.labels[NUMBER] = statement
                self.holders.setdefault(name, set()).add(NUMBER)
        self.numbers = False

    def held(self, node: ast.expr | None) -> set[str]:
        """The labels of such columns that the value of ``node`` may have."""
        match node:
            case None:
                return set()
            case ast.Name(id=name):
                return self.holders.get(name, set())
            case ast.Subscript(value=ast.Attribute(value=inner, attr="iloc"), slice=where):
                if _counted_from_first(where):
                    return set()
                return self.held(inner).difference(self.tails.left_out(node))
            case ast.Subscript(value=ast.Attribute(value=inner, attr="loc"), slice=where):
                chosen = where.elts[1] if isinstance(where, ast.Tuple) else None
                return self._chosen(inner, chosen)
            case ast.Subscript(value=inner, slice=where):
                return self._chosen(inner, where)
            case ast.Call(func=ast.Attribute(value=inner, attr="drop")):
                return self.held(inner) - dropped_labels(node)
        parts = [c for c in ast.iter_child_nodes(node) if isinstance(c, ast.expr)]
        return set[str]().union(*map(self.held, parts))

    def _chosen(self, inner: ast.expr, where: ast.expr | None) -> set[str]:
        """A choice of columns by their labels; a choice of rows keeps all columns."""
        held = self.held(inner)
        if isinstance(where, ast.Constant) or (
            isinstance(where, (ast.List, ast.Tuple))
            and all(isinstance(e, ast.Constant) for e in where.elts)
        ):
            return held.intersection(strings(where))
        return held


def _takes_all_rows(where: ast.Tuple) -> bool:
    """Whether ``.loc[:, columns]`` says which columns, and nothing of the rows."""
    rows = where.elts[0]
    whole = isinstance(rows, ast.Slice) and not (rows.lower or rows.upper or rows.step)
    return len(where.elts) == 2 and whole


def _says_errors(node: ast.Call) -> bool:
    return any(k.arg in ("errors", None) for k in node.keywords)


def _counted_from_first(where: ast.expr) -> bool:
    """Whether an ``iloc`` takes columns counted from the first: new ones come last."""
    return isinstance(where, ast.Tuple) and len(where.elts) == 2 and from_the_first(where.elts[1])
