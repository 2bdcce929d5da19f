"""Attributes and subscripts of values that are aligned with the rows, or learned of them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chasm.plan.split.model import AMONG, BESIDE, TABLES, Seen, Stop, Time
from chasm.plan.split.pairs import apply_pair, pair_of_part
from chasm.plan.split.wording import starts_with

if TYPE_CHECKING:
    from chasm.plan.split.reader import Reader

LOCATORS = ("loc", "iloc", "at", "iat")
#: Kinds whose rows know their labels, in whatever order they stand.
LABELLED = ("frame", "series")
#: Kinds of what names columns in the brackets of a table.
NAMING = ("index", "list")
#: Kinds with rows along their first axis that a plain label takes one row of.
ROW_FIRST = ("series", "array", "list")
#: Kinds of which a value in brackets takes whole rows, as what is not known may.
PLACED = ("array", "frame", None)
#: Functions that make each value of a list a row of an array, and what makes it a column.
LISTING, TURNED = ("array", "asarray", "vstack", "row_stack", "stack"), "T"
#: Methods that tell where a value stands.
PLACING = ("idxmax", "idxmin", "argmax", "argmin")
#: Why rows that are not chosen by a condition stop the way.
ANOTHER = "rows of another table are taken by their place"
PLACE = "single rows are taken by their place"
INSIDE = "rows are chosen inside an expression"
STRINGS = ("strings", "string")


def other(run: Reader, node: ast.expr) -> Seen:
    """Any other expression is made of its parts; nobody asks a record whether it is among rows."""
    if isinstance(node, ast.Compare):
        for sign, among in zip(node.ops, node.comparators, strict=True):
            if isinstance(sign, (ast.In, ast.NotIn)) and run.read(among) == Seen(Time.ROWS):
                raise Stop(node, AMONG)
    return run.meet([c for c in ast.iter_child_nodes(node) if isinstance(c, ast.expr)])


def operation(run: Reader, node: ast.BinOp) -> Seen:
    """An operator goes row by row, but for a product of matrices with the rows on its right."""
    if isinstance(node.op, ast.MatMult):
        return product(run, node, node.left, node.right)
    return run.meet([node.left, node.right])


def product(run: Reader, node: ast.expr, left: ast.expr, right: ast.expr) -> Seen:
    """A product of matrices: rows on its left, if of several columns, go each by itself."""
    seen = [(part, run.read(part)) for part in (left, right)]
    one = run.kind(left) == "series" and seen[0][1].time is Time.ROWS
    return run.gathered(node) if one or seen[1][1].time is Time.ROWS else run.join(seen)


def symbol(run: Reader, func: ast.expr) -> str:
    """The dotted name of what is called, as far as the analysis knows it."""
    if isinstance(func, ast.Attribute):
        return f"{run.value(func.value).qualname}.{func.attr}"
    return str(run.value(func).qualname or "")


def attribute(run: Reader, node: ast.Attribute) -> Seen:
    """``value.name``: a column, an accessor, or a fact of the whole table."""
    if run.latest(node.value) < Time.RECORD:
        return run.read(node.value)
    kind = run.kind(node.value)
    if run.latest(node.value) is Time.ROWS:
        word = run.book.rows(kind, node.attr)
        if word == "reduce":
            return run.gathered(node)
        if word == "order" and node.attr == TURNED and (seen := turned(run, node.value)):
            return seen
        if word in ("order", "filter"):
            raise Stop(node, f"{node.attr} does not go row by row")
    return run.read(node.value)


def turned(run: Reader, node: ast.expr) -> Seen | None:
    """What ``np.array([a, b]).T`` is: its columns go row by row; None for another array."""
    match node:
        case ast.Call(args=[ast.List(elts=elts) | ast.Tuple(elts=elts)], keywords=[]):
            listing = symbol(run, node.func).rpartition(".")[2] in LISTING
            before = len(run.lines), len(run.source.edits)
            if not (listing and all(run.kind(e) in TABLES for e in elts)):
                return None
            seen = [run.read(e) for e in elts]
            as_it_is = before == (len(run.lines), len(run.source.edits))
            if as_it_is and all(one == Seen(Time.ROWS) for one in seen):
                return Seen(Time.ROWS)
    return None


def subscript(run: Reader, node: ast.Subscript) -> Seen:
    """``value[where]``: columns, or a choice of rows."""
    if run.latest(node.value) < Time.RECORD:
        if run.latest(node.slice) >= Time.RECORD:
            # What one record's value names is a column, or one of the values.
            if run.kind(node.value) in PLACED and run.latest(node.slice) is not Time.RECORD:
                raise Stop(node, ANOTHER)
            for part in node.slice.elts if isinstance(node.slice, ast.Tuple) else ():
                # As what has one for each row of the training, put beside the records.
                if run.kind(part) in TABLES and run.read(part).time is Time.LEARNED:
                    raise Stop(node, BESIDE)
            return run.meet([node.value, node.slice])
        base, where = run.read(node.value), run.read(node.slice)
        return Seen(max(base.time, where.time), base.gathers or where.gathers)
    if isinstance(node.value, ast.Attribute) and node.value.attr in LOCATORS:
        return _located(run, node, node.value)
    if isinstance(node.value, ast.Call) and isinstance(node.slice, ast.Constant):
        pair = pair_of_part(run, node.value, node.slice.value)
        if pair is not None:
            return apply_pair(run, node.value, pair, node)
    base = run.read(node.value)
    if base.gathers and run.latest(node.slice) is Time.RECORD:
        # What is looked up for each row was learned as a whole.
        run.keep(node.value)
        return run.meet([node.slice])
    if base.time is not Time.ROWS:
        run.read(node.slice)
        return base
    if isinstance(node.slice, ast.Lambda):
        return _chosen_by_function(run, node, node.value)
    kind = run.kind(node.value)
    if isinstance(node.ctx, ast.Store) and (found := _set(run, node, kind)):
        return found
    if kind in STRINGS:
        return run.join([(node.value, base), (node.slice, run.read(node.slice))])
    if isinstance(node.slice, ast.Tuple) and kind != "frame" and node.slice.elts:
        first, *others = node.slice.elts
        if _is_everything(first):
            return run.join([(node.value, base), *((o, run.read(o)) for o in others)])
        return run.choose(node, node.value)
    if isinstance(node.slice, ast.Slice):
        if node.slice.step is not None and kind not in LABELLED and base.time is Time.ROWS:
            # What has no labels may be put beside rows that kept their order.
            raise Stop(node, "the rows are put in another order")
        return base if _is_everything(node.slice) else run.choose(node, node.value)
    if run.latest(node.slice) is Time.ROWS and not run.read(node.slice).gathers:
        return run.choose(node, node.value)
    if kind in ROW_FIRST:
        return run.gathered(node)
    where = run.read(node.slice)
    seen = run.join([(node.value, base), (node.slice, where)])
    learned = where.time is Time.LEARNED and run.kind(node.slice) in NAMING
    if learned and kind == "frame" and run.told.made:
        # Which columns are chosen was learned; those that no record has may be among them.
        frame, labels = run.text(node.value), run.text(node.slice)
        run.source.replace(node, f"{frame}[[label for label in {labels} if label in {frame}]]")
    return seen


def _set(run: Reader, node: ast.Subscript, kind: str | None) -> Seen | None:
    """What is set in some of the rows: a value stands where a condition on the same row holds.

    None where ``node`` names a column of a table, or an entry of what holds tables.
    """
    first = node.slice
    if isinstance(first, ast.Tuple) and first.elts and kind != "frame":
        first = first.elts[0]
    if run.latest(first) is Time.ROWS or _is_everything(first):
        return run.meet([node.value, node.slice])
    if (
        (_is_column(node.value) and kind != "frame")
        or kind in ROW_FIRST
        or isinstance(first, ast.Slice)
    ):
        raise Stop(node, PLACE)
    return None


def _located(run: Reader, node: ast.Subscript, locator: ast.Attribute) -> Seen:
    if not isinstance(locator.value, ast.Name):
        base = run.read(locator.value)
        if base.gathers:
            # Rows of what was taken together are part of that, as in df.mode().iloc[0].
            if run.latest(node.slice) >= Time.RECORD and not run.read(node.slice).gathers:
                raise Stop(node, ANOTHER)
            return base
    rows, columns = node.slice, None
    if isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
        rows, columns = node.slice.elts
    if not _is_everything(rows):
        if isinstance(rows, ast.Lambda):
            return _chosen_by_function(run, node, locator.value)
        whole = columns is None or _is_everything(columns)
        if _is_index(run, rows) and not (whole and isinstance(node.ctx, ast.Load)):
            raise Stop(node, PLACE)
        if isinstance(node.ctx, ast.Store) and run.latest(rows) is Time.ROWS:
            # A value is set where a condition on the same row holds.
            return run.meet([locator.value, rows, *([columns] if columns else [])])
        if _is_one(run, rows) and isinstance(node.ctx, ast.Load):
            # One row of all is the same one for every record.
            return run.gathered(node)
        if whole:
            return run.choose(node, locator.value)
        if columns and (isinstance(rows, ast.Slice) or run.latest(rows) is Time.ROWS):
            return _columns_then_rows(run, node, rows, columns)
        raise Stop(node, PLACE)
    return run.meet([locator.value, *([columns] if columns else [])])


def _columns_then_rows(run: Reader, node: ast.Subscript, rows: ast.expr, columns: ast.expr) -> Seen:
    """``df.loc[rows, columns]`` in two steps: the columns of every record, then the choice."""
    locator = node.value
    if run.gathering and isinstance(locator, ast.Attribute):
        return run.read(locator.value)
    if run.strict or run.loop is not None or isinstance(node.ctx, ast.Store):
        raise Stop(node, PLACE if isinstance(rows, ast.Slice) else INSIDE)
    if not isinstance(rows, ast.Slice):
        run.read(rows)
    assert isinstance(locator, ast.Attribute)
    run.meet([locator.value, columns])
    base = starts_with(locator.value)
    taken = f"{run.text(locator)}[:, {run.text(columns)}]"
    if run.told.lacks(columns):
        taken = f"{run.text(locator.value)}.filter({run.text(columns)})"
    name = run.put_aside(taken, f"{base}_selected")
    run.source.replace(node, f"{name}.{locator.attr}[{run.text(rows)}]")
    return run.choose_again(node, name, base)


def _is_index(run: Reader, node: ast.expr) -> bool:
    """Whether rows are named by the index of a table, as that of a choice of them."""
    named = isinstance(node, ast.Name) and run.kind(node) == "index"
    return named or isinstance(node, ast.Attribute) and node.attr == "index"


def _is_one(run: Reader, node: ast.expr) -> bool:
    """Whether what stands in the brackets of a locator names a single row."""
    match node:
        case ast.Constant(value=value):
            return isinstance(value, (int, str))
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return _is_one(run, inner)
        case ast.Call(func=ast.Attribute(value=base, attr=attr)) if attr in PLACING:
            return run.kind(base) in ROW_FIRST
        case ast.BinOp(left=left, right=right):
            numbers = all(_is_one(run, one) or run.kind(one) == "number" for one in (left, right))
            return numbers and run.latest(node) < Time.RECORD or run.read(node).gathers
    return run.kind(node) == "number" and run.read(node) != Seen(Time.ROWS)


def _chosen_by_function(run: Reader, node: ast.Subscript, table: ast.expr) -> Seen:
    """Rows for which a function of the whole table says so."""
    if not isinstance(node.ctx, ast.Load) or isinstance(node.slice, ast.Tuple):
        raise Stop(node, PLACE)
    return run.choose(node, table)


def _is_column(node: ast.expr) -> bool:
    """Whether an expression is one column of a table, by its label or as an attribute."""
    match node:
        case ast.Subscript(value=ast.Name(), slice=ast.Constant(value=str())):
            return True
        case ast.Attribute(value=inner, attr="values"):
            return _is_column(inner)
        case ast.Attribute(value=ast.Name(), attr=attr):
            return attr not in LOCATORS
    return False


def _is_everything(node: ast.expr) -> bool:
    return isinstance(node, ast.Slice) and not (node.lower or node.upper or node.step)
