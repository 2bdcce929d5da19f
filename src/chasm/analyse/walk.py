"""Abstract interpretation of statements: runs an :class:`Interpreter` through a body."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chasm.analyse.environment import Ref, common
from chasm.analyse.nodes import nodes_below
from chasm.analyse.store import assign, change
from chasm.model import FIXED, Value

if TYPE_CHECKING:
    from chasm.analyse.interpret import Interpreter

Body = list[ast.stmt]
#: Kinds of tables and labels, of which a loop takes the labels.
LABELLED = ("index", "frame")
#: Kinds of groups, each of which has rows of its own.
GROUPS = ("groupby", "series-groupby")


@dataclass(slots=True)
class Walk:
    """Follows statements; ``returned`` collects what a function body gives back."""

    run: Interpreter
    returned: list[Ref] = field(default_factory=list)

    def body(self, statements: Body) -> None:
        for statement in statements:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        """Interpret one statement in the interpreter's environment."""
        method = _METHODS[type(node)]
        if method is not None:
            method(self, node)

    def _expr(self, node: ast.Expr) -> None:
        self.run.eval(node.value)

    def _assign(self, node: ast.Assign) -> None:
        ref = self.run.eval(node.value)
        for target in node.targets:
            if isinstance(target, (ast.Tuple, ast.List)) and isinstance(
                node.value, (ast.Tuple, ast.List)
            ):
                self._assign_pairs(target, node.value, ref)
            else:
                assign(self.run, target, ref)

    def _assign_pairs(
        self, target: ast.Tuple | ast.List, value: ast.Tuple | ast.List, ref: Ref
    ) -> None:
        if len(target.elts) != len(value.elts):
            assign(self.run, target, ref)
            return
        refs = [self.run.eval(part) for part in value.elts]
        for part, one in zip(target.elts, refs, strict=True):
            assign(self.run, part, one)

    def _annassign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            assign(self.run, node.target, self.run.eval(node.value))

    def _augassign(self, node: ast.AugAssign) -> None:
        right = self.run.eval(node.value)
        if isinstance(node.target, ast.Name):
            before = self.run.eval(ast.Name(node.target.id, ast.Load()))
            met = self.run.meet([before, right])
            if before.value.kind in FIXED:
                self.run.env.bind(node.target.id, met)
            else:
                # Lists, arrays and frames change in place; what they are stays the same.
                change(self.run, before)
        else:
            assign(self.run, node.target, right)

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, (ast.Subscript, ast.Attribute)):
                change(self.run, self.run.eval(target.value), columnwise=True)

    def _return(self, node: ast.Return) -> None:
        if node.value is not None:
            self.returned.append(self.run.eval(node.value))

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        source = self.run.eval(node.iter)
        element = element_of(source)
        if isinstance(node.iter, ast.Call):
            element = self._element_of_call(node.iter, source)
        assign(self.run, node.target, element)
        # Twice, so that what the first round binds is known where the second reads it.
        self.body(node.body)
        self.body(node.body)
        self.body(node.orelse)

    _asyncfor = _for

    def _element_of_call(self, call: ast.Call, source: Ref) -> Ref:
        """``enumerate`` and ``zip`` give tuples of what they were given, ``range`` numbers."""
        if source.value.kind == "range":
            return Ref(Value("number"))
        if source.value.kind != "iterator" or source.value.items:
            return element_of(source)
        parts = [element_of(self.run.eval(a)) for a in call.args]
        numbered = [Value("number")] if len(parts) == 1 else []
        contents = frozenset[int]().union(*(p.touched | p.contents for p in parts))
        items = tuple(numbered + [p.value for p in parts])
        return Ref(Value("tuple", None, items), self.run.env.new_object(), contents, None, contents)

    def _while(self, node: ast.While) -> None:
        self.run.eval(node.test)
        self.body(node.body)
        self.body(node.body)
        self.body(node.orelse)

    def _if(self, node: ast.If) -> None:
        self.run.eval(node.test)
        env = self.run.env
        with env.watched() as before:
            self.body(node.body)
        after = {name: env.slots[name] for name in before if name in env.slots}
        for name, ref in before.items():
            if ref is not None and after.get(name) is not ref:
                env.bind(name, ref)
        self.body(node.orelse)
        self._join({name: ref for name, ref in after.items() if before[name] is not ref})

    def _join(self, other: dict[str, Ref]) -> None:
        for name, ref in other.items():
            mine = self.run.env.slots.get(name)
            if mine is None:
                self.run.env.bind(name, ref)
            elif mine != ref:
                value = common((mine.value, ref.value))
                if mine.value.kind == ref.value.kind:
                    value = Value(mine.value.kind, made=mine.value.made or ref.value.made)
                joined = Ref(
                    value,
                    mine.objects | ref.objects,
                    mine.bases | ref.bases,
                    None,
                    mine.contents | ref.contents,
                )
                self.run.env.bind(name, joined)

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            ref = self.run.eval(item.context_expr)
            if item.optional_vars is not None:
                assign(self.run, item.optional_vars, ref)
        self.body(node.body)

    _asyncwith = _with

    def _try(self, node: ast.Try) -> None:
        self.body(node.body)
        for handler in node.handlers:
            if handler.name:
                self.run.env.bind(handler.name, Ref())
            self.body(handler.body)
        self.body(node.orelse)
        self.body(node.finalbody)

    _trystar = _try

    def _match(self, node: ast.Match) -> None:
        self.run.eval(node.subject)
        for case in node.cases:
            for inner in nodes_below(case.pattern):
                name = getattr(inner, "name", None)
                if isinstance(name, str):
                    self.run.env.bind(name, Ref())
            self.body(case.body)

    def _assert(self, node: ast.Assert) -> None:
        self.run.eval(node.test)
        self.run.record.flags.add("unknown")

    def _raise(self, node: ast.Raise) -> None:
        self.run.eval(node.exc)
        self.run.record.flags.add("unknown")

    def _functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for part in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
            self.run.eval(part)
        self.run.env.bind_definition(node.name, node)

    _asyncfunctiondef = _functiondef

    def _classdef(self, node: ast.ClassDef) -> None:
        for part in (*node.decorator_list, *node.bases):
            self.run.eval(part)
        self.run.env.bind_definition(node.name, node)

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.asname:
                self.run.env.bind_symbol(alias.asname, alias.name)
            else:
                root = alias.name.partition(".")[0]
                self.run.env.bind_symbol(root, root)

    def _importfrom(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self._star(module)
            else:
                self.run.env.bind_symbol(alias.asname or alias.name, f"{module}.{alias.name}")

    def _star(self, module: str) -> None:
        for name in self.run.book.stars.get(module, ()):
            self.run.env.bind_symbol(name, f"{module}.{name}")


class _Methods(dict[type, Callable[[Walk, Any], None] | None]):
    """The method for each class of statements; None for those that do nothing."""

    def __missing__(self, kind: type) -> Callable[[Walk, Any], None] | None:
        self[kind] = found = getattr(Walk, f"_{kind.__name__.lower()}", None)
        return found


_METHODS = _Methods()


def element_of(ref: Ref) -> Ref:
    """What a loop over ``ref`` binds."""
    if ref.value.kind in LABELLED and not ref.value.items:
        # Labels cannot be changed, and so share nothing with what they are labels of.
        return Ref(Value("element"))
    if ref.value.kind in GROUPS:
        return Ref()
    value = common(ref.value.items)
    if not ref.value.items and ref.value.kind in ("series", "array"):
        value = Value("element")
    return Ref(value, ref.contents, ref.bases | ref.contents)
