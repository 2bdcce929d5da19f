"""Attributes and subscripts: what a part of a value is, and whether it shares its memory."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chasm.analyse.environment import Ref, symbol
from chasm.analyse.gone import gone_since
from chasm.analyse.returned import returned_value
from chasm.analyse.stateful import MODULES
from chasm.model import FIXED, UNKNOWN, Value
from chasm.rulebook import Entry

if TYPE_CHECKING:
    from chasm.analyse.interpret import Interpreter

#: Kinds of tables, of which a computed one is a result.
TABLES = {"frame", "series"}
#: Kinds whose results are all made by calls.
COMPUTING = {"frame", "series", "groupby"}
#: Kinds of a subscript that takes several elements at once.
MANY = {"list", "frame", "series", "array", "bool", "index", "slice"}
#: Kinds of a subscript that chooses elements one by one.
CHOSEN = {"list", "series", "array", "index"}
#: Kinds of a subscript that takes a single one.
ONE = {"string", "number", "int", "float"}
VAGUE = {None, "object", "element", "scalar", "any"}


def attribute(run: Interpreter, node: ast.Attribute) -> Ref:
    """What ``value.name`` gives."""
    base = run.eval(node.value)
    if base.value.kind == "symbol":
        return symbol_attribute(run, base, node.attr)
    # An object of the notebook's own class may be asked for what it was given.
    shared = base.touched | (base.contents if base.value.kind == "instance" else frozenset())
    entry = entry_of(run, base, node.attr)
    if entry is None:
        kind = run.book.fact(base.value.kind, "attribute")
        return Ref(Value(kind), run.env.new_object(), shared)
    if entry.accessor:
        return Ref(Value(entry.accessor), run.env.new_object(), shared)
    run.record.called.append((node.attr, entry))
    run.record.parts[id(node)] = entry
    if entry.result and base.value.kind in COMPUTING:
        # A statistic that is named without being called is the method itself.
        return Ref(UNKNOWN, run.env.new_object(), shared)
    value = returned_value(entry, base, [], {})
    if run.book.fact(value.kind, "apart"):
        return Ref(value, run.env.new_object(), contents=shared)
    fixed = value.kind in FIXED and not entry.view
    return Ref(value, run.env.new_object(), frozenset() if fixed else shared)


def symbol_attribute(run: Interpreter, base: Ref, attr: str) -> Ref:
    """A name inside an imported module, with the state of the world that it stands for."""
    qualname = f"{base.value.qualname}.{attr}"
    entry = run.book.call(qualname)
    if entry is not None and entry.gone:
        run.record.gone.add(gone_since(run.book, qualname, qualname, entry.gone, entry.instead))
    if entry is not None and entry.state:
        run.record.state |= set(entry.state)
    remembered(run, qualname)
    return symbol(qualname)


def remembered(run: Interpreter, qualname: str) -> None:
    """Use of one of the author's own modules that remember how they were used."""
    if qualname.partition(".")[0] in run.env.stateful:
        run.record.state.add(MODULES)


def entry_of(run: Interpreter, base: Ref, name: str) -> Entry | None:
    """The rule for an attribute of what ``base`` is, as far as its kind is known."""
    kind = base.value.kind
    if base.value.qualname:
        own = run.book.call(f"{base.value.qualname}.{name}")
        if own is not None:
            return own
    if kind in VAGUE:
        return run.book.method_of_unknown(name)
    entry = run.book.method(str(kind), name)
    if entry is None and not run.book.copyable(kind):
        return run.book.method_of_unknown(name)
    return entry


def subscript(run: Interpreter, node: ast.Subscript) -> Ref:
    """What ``value[where]`` gives."""
    base = run.eval(node.value)
    where = run.eval(node.slice)
    if run.book.fact(base.value.kind, "named") and isinstance(where.label, str):
        entry = entry_of(run, base, where.label)
        if entry is not None:
            return Ref(returned_value(entry, base, [], {}), run.env.new_object(), base.touched)
    shared = base.touched | base.contents
    if (item := _literal_item(base, where)) is not None:
        return Ref(item, run.env.new_object(), shared)
    sliced = isinstance(node.slice, ast.Tuple) and any(
        isinstance(part, ast.Slice) for part in node.slice.elts
    )
    located = run.book.fact(base.value.kind, "located")
    if located:
        shape = _singled_out(node.slice, where)
        found = Value(located[shape]) if shape is not None and shape < len(located) else UNKNOWN
        places = where.value.items if isinstance(node.slice, ast.Tuple) else (where.value,)
        # By a list or a mask in any place a table gives a copy, as it does for a single value.
        copied = shape == 0 and not sliced and where.value.kind != "slice"
        copied = copied or any(place.kind in CHOSEN for place in places)
        return Ref(found, run.env.new_object(), frozenset() if copied else base.touched)
    if where.value.kind is None and isinstance(node.slice, ast.Call):
        # What a call gives may as well say which rows are taken.
        return Ref(UNKNOWN, run.env.new_object(), shared)
    many = sliced or where.value.kind in MANY
    given = run.book.fact(base.value.kind, "subset" if many else "item")
    if base.contents or given is None:
        return Ref(Value(given) if given else UNKNOWN, run.env.new_object(), shared)
    # By a list or a mask a frame or an array gives a copy, by a label or a slice a view.
    copied = many and not sliced and where.value.kind != "slice"
    # The first of many predictions are a look at them, the probabilities of a class are not.
    same = given in TABLES and given == base.value.kind
    predicted = base.value.predicted and (sliced or same)
    found = Value(given, made=predicted or base.value.made and given in TABLES, predicted=predicted)
    return Ref(found, run.env.new_object(), frozenset() if copied else base.touched)


def _singled_out(node: ast.expr, where: Ref) -> int | None:
    """How many of the places, rows and columns, are single ones; None where nobody knows."""
    places = where.value.items if isinstance(node, ast.Tuple) else (where.value,)
    single = [place.kind in ONE for place in places]
    known = [one or place.kind in MANY for one, place in zip(single, places, strict=True)]
    return sum(single) if places and all(known) else None


def _literal_item(base: Ref, where: Ref) -> Value | None:
    items = base.value.items
    if base.value.kind not in ("tuple", "list") or not items:
        return None
    place = where.label
    if isinstance(place, int) and -len(items) <= place < len(items):
        return items[place]
    return None
