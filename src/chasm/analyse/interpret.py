"""Abstract interpretation of expressions: kinds flow forward, effects are recorded.

Calls of the notebook's own functions are followed with the kinds of their arguments, so
that a helper that only draws does not seem to change the frame it draws.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chasm.analyse.access import attribute, subscript
from chasm.analyse.calls import call
from chasm.analyse.environment import Environment, Ref, common, symbol
from chasm.analyse.nodes import child_nodes
from chasm.analyse.record import MAX_STEPS, Record
from chasm.analyse.store import assign
from chasm.analyse.walk import element_of
from chasm.model import UNKNOWN, Value
from chasm.rulebook import Rulebook

CONSTANTS = {
    type(None): Value("none"), str: Value("string"), bool: Value("bool"), int: Value("number"),
    float: Value("number"), bytes: Value("bytes"),
}  # fmt: skip


@dataclass(slots=True)
class Interpreter:
    """Evaluates expressions in an environment; what they do lands in ``record``."""

    book: Rulebook
    env: Environment
    record: Record
    depth: int = 0

    def inside(self, env: Environment, deeper: bool = True) -> "Interpreter":
        """An interpreter for an inner scope that records to the same place."""
        return Interpreter(self.book, env, self.record, self.depth + int(deeper))

    def eval(self, node: ast.expr | None) -> Ref:
        """What ``node`` gives, having recorded what evaluating it does."""
        if node is None:
            return Ref()
        self.record.steps += 1
        if self.record.steps > MAX_STEPS:
            self.record.flags.add("unknown")
            return Ref()
        method = _METHODS[type(node)]
        if method is not None:
            ref = method(self, node)
            self.record.values[id(node)] = ref.value
            return ref
        for child in child_nodes(node):
            if isinstance(child, ast.expr):
                self.eval(child)
        return Ref()

    def _attribute(self, node: ast.Attribute) -> Ref:
        return attribute(self, node)

    def _subscript(self, node: ast.Subscript) -> Ref:
        return subscript(self, node)

    def _call(self, node: ast.Call) -> Ref:
        return call(self, node)

    def _slice(self, node: ast.Slice) -> Ref:
        for part in (node.lower, node.upper, node.step):
            self.eval(part)
        return Ref(Value("slice"))

    # Names and constants.

    def _name(self, node: ast.Name) -> Ref:
        scope = self.env.scope_of(node.id)
        if scope is None:
            ambient = self.book.ambient.get(node.id)
            return symbol(ambient or f"builtins.{node.id}")
        if node.id in scope.slots:
            return scope.slots[node.id]
        if node.id in scope.symbols:
            return symbol(scope.symbols[node.id])
        return Ref(Value("own", node.id))

    def _constant(self, node: ast.Constant) -> Ref:
        return Ref(CONSTANTS.get(type(node.value), UNKNOWN), label=node.value)

    def _joinedstr(self, node: ast.JoinedStr) -> Ref:
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.eval(part.value)
        return Ref(Value("string"))

    # Displays.

    def _list(self, node: ast.List | ast.Tuple | ast.Set) -> Ref:
        parts = [self.eval(part) for part in node.elts]
        contents = frozenset[int]().union(*(p.kept for p in parts))
        kind = type(node).__name__.lower()
        label = None
        if all(isinstance(p.label, str) for p in parts):
            label = tuple(str(p.label) for p in parts)
        value = Value(kind, None, tuple(p.value for p in parts))
        return Ref(value, self.env.new_object(), label=label, contents=contents)

    _tuple = _list
    _set = _list

    def _dict(self, node: ast.Dict) -> Ref:
        parts = [self.eval(part) for part in (*node.keys, *node.values) if part is not None]
        contents = frozenset[int]().union(*(p.kept for p in parts))
        return Ref(Value("dict"), self.env.new_object(), contents=contents)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Ref:
        inner = self._inner_scope(node.generators)
        part = inner.eval(node.elt)
        kinds = {ast.ListComp: "list", ast.SetComp: "set", ast.GeneratorExp: "iterator"}
        value = Value(kinds[type(node)], None, (part.value,))
        return Ref(value, self.env.new_object(), contents=part.touched | part.contents)

    _listcomp = _comprehension
    _setcomp = _comprehension
    _generatorexp = _comprehension

    def _dictcomp(self, node: ast.DictComp) -> Ref:
        inner = self._inner_scope(node.generators)
        inner.eval(node.key)
        part = inner.eval(node.value)
        return Ref(Value("dict"), self.env.new_object(), contents=part.touched | part.contents)

    def _inner_scope(self, generators: list[ast.comprehension]) -> "Interpreter":
        inner = self.inside(self.env.child(), deeper=False)
        for generator in generators:
            source = inner.eval(generator.iter)
            assign(inner, generator.target, element_of(source))
            for condition in generator.ifs:
                inner.eval(condition)
        return inner

    def _lambda(self, node: ast.Lambda) -> Ref:
        inner = self.inside(self.env.child(), deeper=False)
        for argument in (*node.args.args, *node.args.kwonlyargs):
            inner.env.bind(argument.arg, inner.env.fresh(Value("element")))
        inner.eval(node.body)
        return Ref(Value("function"))

    # Operators.

    def _binop(self, node: ast.BinOp) -> Ref:
        return self.meet([self.eval(node.left), self.eval(node.right)])

    def _boolop(self, node: ast.BoolOp) -> Ref:
        parts = [self.eval(part) for part in node.values]
        return Ref(parts[-1].value, *_union(parts))

    def _unaryop(self, node: ast.UnaryOp) -> Ref:
        part = self.eval(node.operand)
        label = part.label
        if isinstance(node.op, ast.USub) and isinstance(label, (int, float)):
            label = -label
        return Ref(self.meet([part]).value, self.env.new_object(), label=label)

    def _compare(self, node: ast.Compare) -> Ref:
        parts = [self.eval(node.left), *(self.eval(part) for part in node.comparators)]
        if any(part.value.kind == "table" for part in parts):
            return self.env.fresh(Value("table"))
        met = self.meet(parts)
        return met if self.book.fact(met.value.kind, "arithmetic") else Ref(Value("bool"))

    def meet(self, parts: list[Ref]) -> Ref:
        ranked = [(self.book.fact(p.value.kind, "arithmetic") or 0, p.value.kind) for p in parts]
        best = max((rank, kind or "") for rank, kind in ranked)
        kinds = {p.value.kind for p in parts}
        if best[0]:
            return self.env.fresh(Value(best[1], made=any(p.value.made for p in parts)))
        if "scalar" in kinds and kinds <= {"scalar", "number"}:
            return self.env.fresh(Value("scalar"))
        kind = kinds.pop() if len(kinds) == 1 else None
        if kind is None and "string" in kinds and None not in kinds:
            kind = "string"
        return self.env.fresh(
            Value(kind if kind in ("number", "string", "list", "tuple") else None)
        )

    def _ifexp(self, node: ast.IfExp) -> Ref:
        self.eval(node.test)
        parts = [self.eval(node.body), self.eval(node.orelse)]
        return Ref(common(p.value for p in parts), *_union(parts))

    def _namedexpr(self, node: ast.NamedExpr) -> Ref:
        ref = self.eval(node.value)
        assign(self, node.target, ref)
        return ref

    def _starred(self, node: ast.Starred) -> Ref:
        return element_of(self.eval(node.value))

    def _await(self, node: ast.Await) -> Ref:
        return self.eval(node.value)


class _Methods(dict[type, Callable[[Interpreter, Any], Ref] | None]):
    """The method for each class of expressions; None for those that only hold others."""

    def __missing__(self, kind: type) -> Callable[[Interpreter, Any], Ref] | None:
        self[kind] = found = getattr(Interpreter, f"_{kind.__name__.lower()}", None)
        return found


_METHODS = _Methods()


def _union(parts: list[Ref]) -> tuple[frozenset[int], frozenset[int]]:
    return (
        frozenset[int]().union(*(p.objects for p in parts)),
        frozenset[int]().union(*(p.bases for p in parts)),
    )
