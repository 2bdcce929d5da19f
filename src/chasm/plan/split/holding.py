"""Which tables may hold the target's column where the way of a record starts."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chasm.plan.split.drops import dropped_columns, popped, strings
from chasm.plan.split.leaked import lacks

if TYPE_CHECKING:
    from chasm.analyse.statements import Tree
    from chasm.plan.split.context import Context
    from chasm.plan.split.target import Target

#: Calls that put the columns that they are given beside others.
BESIDE = frozenset({
    "DataFrame", "assign", "c_", "column_stack", "concat", "concatenate", "hstack", "insert",
    "join", "merge",
})  # fmt: skip
#: What a table says of itself.
FACTS = ("columns", "dtypes", "index", "ndim", "shape", "size")
#: Kinds of values that are rows of one column, as the target is by itself.
COLUMNS = ("series", "array", "list")


def may_hold(context: Context, numbers: list[int], name: str, target: Target) -> bool:
    """Whether ``name`` may hold the target's column behind the statements ``numbers``.

    The table that was read with it may, and so may whatever is made of that, until the column is
    left out by its name, or columns are chosen without it.
    """
    label = str(target.label)
    tables: dict[str, frozenset[int]] = {}
    truths: dict[str, frozenset[int]] = {}
    lists: dict[str, list[str]] = {}
    files: frozenset[int] = frozenset()
    for number in numbers:
        s, node = context.facts.statements[number], context.trees[number].node
        reader = _Reader(context.trees[number], label, lists)
        beside = _of(truths, _put_beside(node)) | _of(tables, reader.set_as_columns())
        of = _of(tables, reader.names(node)) | beside
        lists |= _listed(node)
        loaded = frozenset({number}) if s.stage == "load" else frozenset[int]()
        for one in s.binds:
            value = s.values.get(one)
            column = value is not None and value.kind in COLUMNS
            # What is read and put beside a table has other columns than that.
            (truths if column else tables)[one] = of if one in s.reads else of | loaded
            (tables if column else truths).pop(one, None)
        for one in s.mutates - s.binds:
            kept = frozenset[int]() if _takes_away(node, one, label) else _of(tables, [one])
            tables[one] = kept | beside
        files |= _of(tables, [target.frame])
    return not files or bool(_of(tables, [name]) & files)


def _of(found: dict[str, frozenset[int]], names: Iterable[str]) -> frozenset[int]:
    return frozenset[int]().union(*(found.get(name, ()) for name in names))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one statement, for a column ``label``; ``lists`` are the texts of lists by name."""

    tree: Tree
    label: str
    lists: Mapping[str, list[str]]

    def names(self, node: ast.AST) -> Iterator[str]:
        """Names that are read, but for those whose columns are chosen without ``label``."""
        stack: list[ast.AST] = [node]
        while stack:
            part = stack.pop()
            if isinstance(part, ast.Name):
                yield part.id
            elif not (isinstance(part, ast.expr) and self._leaves_out(part)):
                stack.extend(ast.iter_child_nodes(part))

    def set_as_columns(self) -> Iterator[str]:
        """Names of what is set as a column of a table."""
        for part in ast.walk(self.tree.node):
            if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Subscript):
                yield from self.names(part.value)

    def _leaves_out(self, node: ast.expr) -> bool:
        """Whether an expression has no values of the column: a choice of others, by their names
        or places, or a fact of the table.
        """
        match node:
            case ast.Subscript(ast.Attribute(attr="iloc"), ast.Tuple([_, _])):
                return True
            case ast.Subscript(table, ast.Constant(str(column))):
                value = self.tree.values.get(id(table))
                return column != self.label and value is not None and value.kind == "frame"
            case ast.Subscript(slice=ast.Name(name)) if name in self.lists:
                return self.label not in self.lists[name]
            case ast.Subscript(slice=chosen) if _of_columns(chosen):
                return self.label in strings(chosen)
            case ast.Attribute(attr=attr):
                value = self.tree.values.get(id(node))
                other = value is not None and value.kind == "series" and attr != self.label
                return other or attr in FACTS
            case ast.Call(ast.Name("len")):
                return True
        return lacks(node, self.label)


def _of_columns(node: ast.expr) -> bool:
    """Whether what stands in brackets is found among the names of columns."""
    return any(isinstance(n, ast.Attribute) and n.attr == "columns" for n in ast.walk(node))


def _listed(node: ast.stmt) -> dict[str, list[str]]:
    """The texts of a list that a statement gives a name."""
    match node:
        case ast.Assign([ast.Name(name)], ast.List(elts)):
            texts = [one.value for one in elts if isinstance(one, ast.Constant)]
            return {name: list(map(str, texts))} if len(texts) == len(elts) else {}
    return {}


def _takes_away(node: ast.stmt, name: str, label: str) -> bool:
    """Whether a statement takes the column ``label`` out of the table ``name``, by that word."""
    if any(table == name and label in taken for table, taken in popped(node)):
        return True
    match node:
        case ast.Expr(ast.Call(ast.Attribute(ast.Name(table), "drop")) as call):
            return table == name and label in dropped_columns(call)
        case ast.Delete([ast.Subscript(ast.Name(table), ast.Constant(column))]):
            return table == name and column == label
    return False


def _put_beside(node: ast.stmt) -> Iterator[str]:
    """Names of what a statement puts beside the columns of a table."""
    for part in ast.walk(node):
        match part:
            case ast.Call(func=ast.Attribute(attr=called) | ast.Name(id=called)) if (
                called in BESIDE
            ):
                given: list[ast.expr] = [*part.args, *(k.value for k in part.keywords)]
            case ast.Subscript(ast.Attribute(attr="c_"), place):
                given = [place]
            case ast.Assign([ast.Subscript()], value):
                given = [value]
            case ast.List(elts):
                given = elts
            case _:
                continue
        yield from (n.id for one in given for n in ast.walk(one) if isinstance(n, ast.Name))
