"""Binding names and changing values in place."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from chasm.analyse.environment import LABELS, Ref
from chasm.model import FIXED, UNKNOWN, Value

if TYPE_CHECKING:
    from chasm.analyse.interpret import Interpreter


#: Kinds of tables, which have labels.
TABLES = ("frame", "series", "table")
#: Kinds that have their values and do not ask the table again that these were taken of.
DATA = (*TABLES, *LABELS, *FIXED, "array", "scalar", "element")


def change(run: Interpreter, ref: Ref, columnwise: bool = False) -> None:
    """``ref`` was changed in place: so were all the names that share it.

    ``columnwise`` changes replace a column as a whole, which views of it do not notice.
    """
    # What is no table may be (made of) the labels of one, which share what they are.
    labels = ref.value.kind not in TABLES
    names = run.env.sharing(ref.touched, not columnwise, labels)
    run.record.mutated |= names
    sharing = run.env.sharing(ref.touched, True, labels)
    views = sharing - names
    if columnwise and len(names) == 1 and not ref.contents:
        # Only what comes later tells whether the views and the table may part here.
        slots = run.env.root().slots
        run.record.viewed |= {
            (name, view, slots[view].value.kind in DATA) for name in names for view in views
        }
    elif len(sharing) > 1 or ref.contents:
        run.record.shared |= names


def hold(run: Interpreter, base: Ref, added: frozenset[int]) -> None:
    """A container that took something in holds it from now on."""
    root = run.env.root()
    for name in sorted(root.sharing(base.objects, through_views=False)):
        ref = root.slots[name]
        if ref.objects & base.objects and added - ref.contents:
            root.bind(name, Ref(ref.value, ref.objects, ref.bases, None, ref.contents | added))


def assign(run: Interpreter, target: ast.expr, ref: Ref) -> None:
    """Bind or change what ``target`` names."""
    match target:
        case ast.Name():
            run.env.bind(target.id, ref)
        case ast.Starred():
            assign(run, target.value, Ref(Value("list"), run.env.new_object()))
        case ast.Tuple() | ast.List():
            _unpack(run, target, ref)
        case ast.Subscript():
            base = run.eval(target.value)
            where = run.eval(target.slice)
            columnwise = run.book.fact(base.value.kind, "item") == "series"
            if columnwise and isinstance(where.label, str):
                run.record.columns.append(where.label)
            _store(run, base, ref, columnwise)
            if columnwise and ref.value.predicted:
                _answered(run, base)
        case ast.Attribute():
            _set_attribute(run, target, ref)


def _answered(run: Interpreter, base: Ref) -> None:
    """A table that was given a model's answers is a result, under all of its names."""
    root = run.env.root()
    for name in sorted(root.sharing(base.objects, through_views=False)):
        ref = root.slots[name]
        same = ref.objects & base.objects and ref.value.kind == base.value.kind
        if same and not ref.value.made:
            root.bind(name, replace(ref, value=replace(ref.value, made=True, predicted=True)))


def _unpack(run: Interpreter, target: ast.Tuple | ast.List, ref: Ref) -> None:
    for number, part in enumerate(target.elts):
        items = ref.value.items
        item = items[number] if number < len(items) else UNKNOWN
        if ref.value.kind == "element":
            item = Value("element")
        assign(run, part, Ref(item, run.env.new_object(), ref.bases | ref.contents))


def _set_attribute(run: Interpreter, target: ast.Attribute, ref: Ref) -> None:
    base = run.eval(target.value)
    if base.value.kind == "symbol":
        entry = run.book.call(f"{base.value.qualname}.{target.attr}")
        run.record.state |= set(entry.state if entry and entry.state else ("world",))
        return
    if base.value.kind == "own" and isinstance(target.value, ast.Name):
        # A function that keeps something on itself is not what it was.
        run.record.mutated.add(target.value.id)
        return
    columnwise = run.book.fact(base.value.kind, "attribute") == "series"
    if columnwise and run.book.method(base.value.kind or "", target.attr) is None:
        run.record.columns.append(target.attr)
    _store(run, base, ref, columnwise)


def _store(run: Interpreter, base: Ref, ref: Ref, columnwise: bool) -> None:
    if base.value.kind == "symbol":
        entry = run.book.call(str(base.value.qualname))
        run.record.state |= set(entry.state if entry and entry.state else ("world",))
        return
    change(run, base, columnwise)
    if not columnwise:
        hold(run, base, ref.kept)
