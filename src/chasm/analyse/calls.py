"""Calls: of what a rule describes, of the notebook's own functions, of the unknown."""

from __future__ import annotations

import ast
import builtins
from dataclasses import replace
from typing import TYPE_CHECKING

from chasm.analyse.access import entry_of, remembered, symbol_attribute
from chasm.analyse.effects import apply_entry, is_given
from chasm.analyse.environment import UNSEEDED, Ref, common
from chasm.analyse.record import Record
from chasm.analyse.returned import argument, returned_value
from chasm.analyse.scopes import parameters, positional
from chasm.analyse.store import change, hold
from chasm.analyse.walk import Walk, element_of
from chasm.model import UNKNOWN, Called, Value

if TYPE_CHECKING:
    from chasm.analyse.interpret import Interpreter

MAX_DEPTH = 5
#: What calls the function that it is given with each of several values.
EACH = ("builtins.map", "builtins.filter")
#: The method that hands its object to the function that it is given.
PIPE = "pipe"
CONTAINERS = ("list", "tuple", "dict", "iterator", "set")


def call(run: Interpreter, node: ast.Call) -> Ref:
    """What a call gives, having recorded what it does."""
    base = run.eval(node.func.value) if isinstance(node.func, ast.Attribute) else None
    target = run.eval(node.func) if base is None else None
    args = [run.eval(argument) for argument in node.args]
    keywords = [(k.arg, run.eval(k.value)) for k in node.keywords]
    named = {name: ref for name, ref in keywords if name is not None}
    _hand_on_methods(run, [*node.args, *(k.value for k in node.keywords)])
    if base is not None and isinstance(node.func, ast.Attribute):
        if base.value.kind != "symbol":
            run.env.called[id(node)] = Called(node.func.attr, base.value)
            return _method_call(run, node, base, node.func.attr, args, named)
        target = symbol_attribute(run, base, node.func.attr)
    assert target is not None
    if target.value.kind in ("own", "symbol"):
        own = target.value.kind == "own"
        run.env.called[id(node)] = Called(str(target.value.qualname), None, own)
    if target.value.kind == "own":
        return _own_call(run, str(target.value.qualname), args, named)
    if target.value.kind == "symbol":
        return _library_call(run, node, str(target.value.qualname), args, named)
    _unknown_call(run, [target, *args, *named.values()])
    return _unknown_result(run, [target, *args, *named.values()])


def _hand_on_methods(run: Interpreter, given: list[ast.expr]) -> None:
    """What is handed on to be called changes its own object: ``map(rows.append, found)``."""
    for one in given:
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name):
            base = run.eval(one.value)
            entry = entry_of(run, base, one.attr)
            if base.value.kind == "instance" or entry is not None and "self" in entry.mutates:
                change(run, base)


def _library_call(
    run: Interpreter, node: ast.Call, qualname: str, args: list[Ref], named: dict[str, Ref]
) -> Ref:
    entry = run.book.call(qualname)
    given = [*args, *named.values()]
    if entry is None:
        root, _, name = qualname.partition(".")
        if root == "builtins" and hasattr(builtins, name):
            return Ref()
        remembered(run, qualname)
        _unknown_call(run, given)
        made = Value("object", qualname) if name.rpartition(".")[2][:1].isupper() else UNKNOWN
        return _unknown_result(run, given, made)
    apply_entry(run, entry, qualname, None, args, named, node)
    if qualname in EACH and args and args[0].value.kind == "own":
        # What it does it does to what it goes through.
        _own_call(run, str(args[0].value.qualname), [element_of(ref) for ref in args[1:]], {})
    value = returned_value(entry, None, args, named)
    if entry.constructs:
        inside = {item for ref in given for item in ref.value.items}
        unseeded = entry.random is not None and not is_given(entry, args, named)
        marks = (UNSEEDED,) if unseeded or UNSEEDED in inside else ()
        kept = run.book.fact(value.kind, "keeps")
        inner = argument(entry, kept, args, named, 0) if isinstance(kept, str) else None
        value = Value(value.kind, qualname, (*marks, inner.value) if inner is not None else marks)
    held = frozenset[int]()
    # What is computed of values has values of its own.
    listed = entry.returns in CONTAINERS and not entry.result
    if run.book.fact(value.kind, "holds") or listed:
        if entry.returns in CONTAINERS and entry.returns != "dict":
            # Of a table it takes the labels, of a column values that are no part of it.
            given = [ref for ref in given if ref.value.kind not in ("frame", "series", "index")]
        held = held.union(*(ref.kept for ref in given))
    return Ref(value, run.env.new_object(), contents=held)


def _method_call(
    run: Interpreter,
    node: ast.Call,
    base: Ref,
    name: str,
    args: list[Ref],
    named: dict[str, Ref],
) -> Ref:
    if base.value.kind == "instance":
        _follow_method(run, base, name, args, named)
    if name == PIPE and args and args[0].value.kind == "own":
        _own_call(run, str(args[0].value.qualname), [base, *args[1:]], named)
    entry = entry_of(run, base, name)
    if entry is None:
        if run.book.copyable(base.value.kind):
            return run.env.fresh(UNKNOWN)
        change(run, base)
        run.record.flags.add("unknown")
        return _unknown_result(run, [base, *args])
    apply_entry(run, entry, name, base, args, named, node)
    value = returned_value(entry, base, args, named)
    if entry.returns in ("self", "fitted"):
        return Ref(value, base.objects, base.bases, contents=base.contents)
    if "self" in entry.mutates and not entry.returns:
        return Ref(value, run.env.new_object(), base.touched | base.contents)
    if "self" in entry.mutates and base.value.kind in ("list", "dict", "set"):
        hold(run, base, frozenset[int]().union(*(a.kept for a in args)))
    # What a dictionary gives of its values is what was put into it.
    shared = base.touched | base.contents if entry.view else frozenset[int]()
    return Ref(value, run.env.new_object(), shared)


def _follow_method(
    run: Interpreter, base: Ref, name: str, args: list[Ref], named: dict[str, Ref]
) -> None:
    """What a method of a class of the notebook changes, whatever others of its name do."""
    node = _method_of(run, str(base.value.qualname), name)
    if node is None or run.depth >= MAX_DEPTH:
        return
    record = Record(steps=run.record.steps)
    _walk_body(replace(run, record=record), node, [base, *args], named)
    run.record.mutated |= record.mutated
    run.record.shared |= record.shared
    run.record.viewed |= record.viewed
    run.record.steps = record.steps


def _method_of(
    run: Interpreter, class_name: str, name: str
) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """The method of a class of the notebook, or of one that it is derived from."""
    waiting, seen = [class_name], set[str]()
    while waiting:
        current = waiting.pop(0)
        scope = run.env.scope_of(current)
        node = scope.definitions.get(current) if scope else None
        if current in seen or not isinstance(node, ast.ClassDef):
            continue
        seen.add(current)
        for part in node.body:
            if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)) and part.name == name:
                return part if not part.decorator_list else None
        waiting += [base.id for base in node.bases if isinstance(base, ast.Name)]
    return None


def _own_call(run: Interpreter, name: str, args: list[Ref], named: dict[str, Ref]) -> Ref:
    """Follow the notebook's own function with the arguments that it gets here."""
    scope = run.env.scope_of(name)
    node = scope.definitions.get(name) if scope else None
    given = [*args, *named.values()]
    if node is None or run.depth >= MAX_DEPTH:
        _unknown_call(run, given)
        return _unknown_result(run, given)
    if isinstance(node, ast.ClassDef):
        held = frozenset[int]().union(*(a.touched | a.contents for a in given))
        return Ref(Value("instance", name), run.env.new_object(), contents=held)
    return _joined(_walk_body(run, node, args, named))


def _walk_body(
    run: Interpreter,
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    args: list[Ref],
    named: dict[str, Ref],
) -> list[Ref]:
    """What a body returns, having recorded what it does with the arguments that it gets here."""
    inner = run.inside(run.env.root().child())
    for parameter in sorted(parameters(node)):
        inner.env.bind(parameter, Ref(UNKNOWN, inner.env.new_object()))
    for parameter, ref in (*zip(positional(node), args, strict=False), *named.items()):
        if parameter in parameters(node):
            inner.env.bind(parameter, ref)
    walk = Walk(inner)
    walk.body(node.body)
    return walk.returned


def _joined(returned: list[Ref]) -> Ref:
    if not returned:
        return Ref(Value("none"))
    return Ref(
        common(ref.value for ref in returned),
        frozenset[int]().union(*(r.objects for r in returned)),
        frozenset[int]().union(*(r.bases for r in returned)),
        None,
        frozenset[int]().union(*(r.contents for r in returned)),
    )


def _unknown_call(run: Interpreter, given: list[Ref]) -> None:
    """The stated default: what has a name of its own may be changed, nothing else happens.

    A column of a frame is handed over without a name, and so is not changed.
    """
    run.record.flags.add("unknown")
    for ref in given:
        names = run.env.sharing(ref.objects, through_views=False)
        run.record.mutated |= names
        run.record.shared |= names


def _unknown_result(run: Interpreter, given: list[Ref], value: Value = UNKNOWN) -> Ref:
    """It may share memory with anything that the call was given."""
    shared = frozenset[int]().union(*(ref.touched for ref in given))
    return Ref(value, run.env.new_object(), shared)
