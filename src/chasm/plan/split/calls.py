"""Calls on values that are aligned with the rows: by what ``rules/`` says of rows."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chasm.plan.split import callables, choosing, groups, joins, pairs
from chasm.plan.split.axes import across, along_columns, along_rows, axis_of
from chasm.plan.split.bodies import MAX_DEPTH, body_time, takes_together
from chasm.plan.split.comprehensions import unwrapped
from chasm.plan.split.concatenated import concatenated, listed
from chasm.plan.split.drops import strings
from chasm.plan.split.fitted import FITTING, REPLAYED, answers_alike, fitted_here, fitted_name
from chasm.plan.split.model import AMONG, BESIDE, TABLES, Seen, Stop, Time
from chasm.plan.split.orders import orders
from chasm.plan.split.over_values import have_one_each, of_each, vectorized
from chasm.plan.split.parts import product, symbol, turned
from chasm.plan.split.sizes import as_long_as_rows, resized
from chasm.rulebook import Entry

if TYPE_CHECKING:
    from chasm.plan.split.reader import Reader

#: Methods that give a table a column.
SETTING = ("insert", "assign")
#: The kind of what draws random numbers by its methods.
GENERATOR = "generator"
DRAWN = "random numbers are drawn for the rows"
#: The method that makes the index a column; told to drop it, it is a matter of training.
UNNUMBERED = "reset_index"
#: Methods that give the first or last rows, which a notebook may go on with as its table.
FIRSTS = ("head", "tail")
#: The method that is told in a text what it does.
SPELLED = "eval"
#: Functions that put arrays one below the other, unless they are told another axis.
TOGETHER = ("concatenate", "vstack", "row_stack", "stack")
#: Functions that go through several values side by side, and through what one gives for each.
PAIRING, MAPPING = "zip", "map"
#: The function that adds up what it is given, which may be columns.
SUMMING = "builtins.sum"
#: What a function makes that goes through what it is given.
LISTS = ("list", "tuple", "set", "iterator")
#: Kinds of which an aggregation takes all rows together, and not those of each group.
GATHERED = ("frame", "series", "table", None)
#: What looks values up in what it is given, and methods that do so in what they are called of.
LOOKING, LISTED = ("isin", "in1d", "replace", "reindex"), ("index", "count")
#: Methods that take a learned series as a mapping, and so a plain dictionary as well.
PLAIN = ("map", "fillna", "replace")


def call(run: Reader, node: ast.Call) -> Seen:
    """The time of what a call gives."""
    func = node.func
    if isinstance(func, ast.Attribute) and run.kind(func.value) != "symbol":
        if run.latest(func.value) >= Time.RECORD and not fitted_here(func):
            return _of_rows(run, node, func)
        return _of_object(run, node, func)
    given = arguments(node)
    if isinstance(func, ast.Name) and run.kind(func) == "own":
        return _own(run, node, func.id)
    if (function := vectorized(run, func)) is not None:
        return of_each(run, node, function, given)
    latest = max((run.latest(a) for a in given), default=Time.CONSTANT)
    if latest < Time.ROWS:
        return _known_before(run, node, given)
    return _library(run, node, given)


def arguments(node: ast.Call) -> list[ast.expr]:
    return [*node.args, *(k.value for k in node.keywords)]


def _known_before(run: Reader, node: ast.Call, given: list[ast.expr]) -> Seen:
    """A call of a function that no row goes into."""
    seen = run.meet(given)
    _, entry = run.tree.entries.get(id(node), ("", None))
    if entry is None and not isinstance(node.func, ast.Name):
        return seen if seen.time >= Time.RECORD else Seen(Time.LEARNED, seen.gathers)
    if entry is not None and _draws(entry):
        raise Stop(node, DRAWN)
    changes = entry is not None and (entry.reads or entry.state or entry.seeds)
    return Seen(Time.LEARNED, seen.gathers) if changes and seen.time < Time.RECORD else seen


def _library(run: Reader, node: ast.Call, given: list[ast.expr]) -> Seen:
    name, entry = run.tree.entries.get(id(node), ("", None))
    if entry is None:
        name = symbol(run, node.func)
    elif _draws(entry) and node is not run.top and _takes_together(run, given):
        raise Stop(node, DRAWN)
    word = run.book.rows("call", name)
    if word is None and entry is not None and entry.returns is not None:
        word = "each" if entry.returns.startswith("like:") else None
        word = "reduce" if entry.returns == "reduced" else word
    goes_through = entry is not None and entry.returns in LISTS and len(given) == 1
    if goes_through and run.kind(given[0]) == "frame":
        # Whoever goes through a table goes through the names of its columns.
        return run.gathered(node)
    if name == SUMMING and any(run.latest(one) is Time.ROWS for one in listed(node)):
        # Of several columns the sum is one of each row.
        return run.meet([*listed(node), *node.args[1:]])
    if word == "reduce" and not across(run, node):
        return run.gathered(node)
    pair = run.book.pair("call", name)
    if pair is not None and pairs.fits(run, node, pair):
        return pairs.apply_pair(run, node, pair)
    if word == "wrapped" and (inner := unwrapped(run, node)) is not None:
        return run.read(inner)
    if word == "filter" and node.args:
        return run.choose(node, node.args[0])
    if word == "join":
        return concatenated(run, node)
    if (seen := joins.joined(run, node, name)) is not None:
        return seen
    if name.rpartition(".")[2] in TOGETHER and along_rows(node) and not run.as_read:
        return concatenated(run, node)
    if word == "order" or word == "each" and axis_of(node) in (0, "index", "rows"):
        raise Stop(node, "it looks at neighbouring rows")
    looks = name.rpartition(".")[2] in LOOKING
    if looks and any(run.read(one) == Seen(Time.ROWS) for one in given[1:]):
        raise Stop(node, AMONG)
    if word in ("each", "reduce"):
        _not_beside(run, node)
        return run.meet(given)
    if word == "product" and len(node.args) == 2 and not node.keywords:
        return product(run, node, *node.args)
    if word == "fill" and as_long_as_rows(run, node):
        return Seen(Time.ROWS)
    if word == "sized" and node.args and run.latest(node.args[0]) is Time.ROWS:
        return resized(run, node, node.args[0], node.args[1:])
    if name.rpartition(".")[2] == MAPPING and len(given) > 1:
        return of_each(run, node, given[0], given[1:])
    if name.rpartition(".")[2] == PAIRING and have_one_each(run, given):
        # Of as many values each, as a single record has one of each.
        return Seen(Time.ROWS)
    if _takes_together(run, given):
        return Seen(Time.LEARNED, gathers=True)
    raise Stop(node, f"it is not known what {name or 'the call'} does with the rows")


def _draws(entry: Entry) -> bool:
    return bool(entry.random) and not entry.constructs


def _takes_together(run: Reader, given: list[ast.expr]) -> bool:
    """Whether no row goes into a call by itself."""
    return all(run.latest(a) < Time.ROWS or run.read(a).gathers for a in given)


def _not_beside(run: Reader, node: ast.Call) -> None:
    """Refuses a table of the training's that is put beside the records, row by row."""
    parts = listed(node)
    for part in parts:
        # A column in another order stands beside other rows.
        ordered = len(parts) > 1 and orders(part)
        if run.kind(part) in TABLES and (ordered or run.read(part).time < Time.RECORD):
            raise Stop(node, BESIDE)


def _of_rows(run: Reader, node: ast.Call, func: ast.Attribute) -> Seen:
    """A method of a value that is aligned with the rows."""
    name, kind = func.attr, run.kind(func.value)
    if run.latest(func.value) is Time.RECORD:
        return run.meet([func.value, *arguments(node)])
    if (seen := joins.joined(run, node, name, func.value)) is not None:
        return seen
    word = run.book.rows(kind, name)
    if name == "transpose" and not arguments(node) and (seen := turned(run, func.value)):
        return seen
    if name in FIRSTS and node is run.top and run.read(func.value) == Seen(Time.ROWS):
        return run.choose(node, func.value)
    if name in LISTED and kind == "list":
        raise Stop(node, AMONG)
    if name in SETTING and word is not None and _sets_rows(run, node):
        raise Stop(node, BESIDE)
    if callables.takes_functions(run, node, name):
        return callables.with_functions(run, node, func)
    if name in callables.AGGREGATING and kind in GATHERED and not callables.reduces(run, node):
        raise Stop(node, f"it is not known what {name} does with the rows")
    if word == "reduce" and kind == "window":
        raise Stop(node, f"{name} looks at neighbouring rows")
    if word == "reduce":
        return run.meet([func.value]) if across(run, node) else run.gathered(node)
    if word == "groups":
        return groups.grouped(run, node, func)
    pair = run.book.pair(kind, name)
    if pair is not None and pairs.fits(run, node, pair):
        return pairs.apply_pair(run, node, pair)
    if run.read(func.value).gathers:
        # A method of what was taken together is part of that, unless it looks a record's value up.
        if run.meet(arguments(node)).time is Time.RECORD:
            run.keep(func.value)
            return Seen(Time.RECORD)
        return Seen(Time.LEARNED, gathers=True)
    if name == "drop" and kind in (None, "frame"):
        by_name = along_columns(node)
        return run.meet([func.value, *arguments(node)]) if by_name else run.choose(node, func.value)
    if name == UNNUMBERED and not any(k.arg in ("drop", None) for k in node.keywords):
        # The index is a column from here on, of a record as well.
        run.told.numbers = True
        return run.meet([func.value, *arguments(node)])
    if word == "filter":
        return (
            pairs.select_columns(run, node, func)
            if along_columns(node)
            else run.choose(node, func.value)
        )
    if word == "apply":
        return groups.applied(run, node, func)
    if word == "sized":
        return resized(run, node, func.value, node.args)
    if word == "product" and len(node.args) == 1 and not node.keywords:
        return product(run, node, func.value, node.args[0])
    if word == "order" or any(k.arg == "method" for k in node.keywords):
        raise Stop(node, f"{name} looks at neighbouring rows")
    if word is None:
        raise Stop(node, f"it is not known what {name} does with the rows")
    if name == SPELLED and any("(" in text for text in strings(node)):
        raise Stop(node, f"it is not known what {name} does with the rows")
    if name in LOOKING and any(run.read(one) == Seen(Time.ROWS) for one in arguments(node)):
        raise Stop(node, AMONG)
    if name in PLAIN and node.args and run.kind(node.args[0]) == "series":
        seen = run.read(node.args[0])
        if seen.gathers:
            run.keep(node.args[0], ".to_dict()")
    seen = run.meet([func.value, *arguments(node)])
    if any(id(given) in run.taken_out for given in arguments(node)):
        raise Stop(node, BESIDE)
    return seen


def _sets_rows(run: Reader, node: ast.Call) -> bool:
    """Whether a column is set to a value for each row of the training's."""
    values = [*node.args[2:3], *(k.value for k in node.keywords)]
    listed = (v for v in values if run.kind(v) in (*TABLES, "list"))
    return any(run.read(value).time is Time.LEARNED for value in listed)


def _of_object(run: Reader, node: ast.Call, func: ast.Attribute) -> Seen:
    """A method of what is no row: an estimator, a dict, a string."""
    given = arguments(node)
    latest = max((run.latest(a) for a in given), default=Time.CONSTANT)
    if run.kind(func.value) == GENERATOR and given and node is not run.top:
        raise Stop(node, DRAWN)
    if latest < Time.ROWS:
        base = run.read(func.value)
        seen = run.meet(given)
        _, entry = run.tree.entries.get(id(node), ("", None))
        fits = entry is not None and entry.fits
        time = max(base.time, seen.time, Time.LEARNED if fits else Time.CONSTANT)
        return Seen(time, base.gathers or seen.gathers)
    if (joined := joins.joined(run, node, func.attr, func.value)) is not None:
        return joined
    if func.attr in FITTING:
        return Seen(Time.LEARNED, gathers=True)
    if func.attr == "fit_transform":
        return pairs.fit_transform(run, node, func)
    if func.attr == "fit_predict" and len(given) == 1 and answers_alike(run, func.value):
        return pairs.fit_transform(run, node, func, "predict")
    if func.attr in REPLAYED:
        base = run.read(func.value)
        if base.gathers:
            run.keep(func.value, name=fitted_name(run, func.value))
        return run.meet(given)
    if run.kind(func.value) == "string" or all(run.read(a).gathers for a in given):
        return run.meet(given)
    raise Stop(node, f"it is not known what {func.attr} does with the rows")


def _own(run: Reader, node: ast.Call, name: str) -> Seen:
    """A call of a function of the notebook's own, followed with the times of its arguments."""
    definition = run.definitions.get(name)
    given = arguments(node)
    if definition is not None and (table := choosing.table_of(run, node, definition)) is not None:
        return run.choose(node, table)
    seen = run.meet(given)
    if definition is None or run.depth >= MAX_DEPTH:
        if seen.time < Time.RECORD:
            return Seen(max(seen.time, Time.LEARNED), seen.gathers)
        raise Stop(node, f"it is not known what {name} does with the rows")
    times = dict(
        zip([a.arg for a in definition.args.args], map(run.latest, node.args), strict=False)
    )
    times |= {k.arg: run.latest(k.value) for k in node.keywords if k.arg}
    try:
        return Seen(max(seen.time, body_time(run, definition, times)), seen.gathers)
    except Stop:
        if seen.time is Time.ROWS and takes_together(run, definition, times):
            return Seen(Time.LEARNED, gathers=True)
        raise
