"""Which names a statement reads from before it, and which it binds: flow-sensitive."""

import ast
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from chasm.analyse.nodes import child_nodes, nodes_below
from chasm.analyse.scopes import (
    COMPREHENSIONS,
    free_names,
    names_assigned_in,
    names_in_text,
    names_read,
)


@dataclass(slots=True)
class NameFlow:
    """``reads``: live on entry. ``binds``: may be bound on exit. ``definite``: on each path."""

    reads: set[str] = field(default_factory=set)
    binds: set[str] = field(default_factory=set)
    deletes: set[str] = field(default_factory=set)
    definite: set[str] = field(default_factory=set)


def name_flow(node: ast.stmt) -> NameFlow:
    """The names that ``node`` reads and binds when it runs once."""
    walker = _Walker()
    walker.visit(node)
    return walker.flow


class _Walker:
    """Follows the paths through one statement; ``definite`` is what each path has bound."""

    def __init__(self) -> None:
        self.flow = NameFlow()

    def visit(self, node: ast.AST) -> None:
        method = _METHODS[type(node)]
        if method is not None:
            method(self, node)
            return
        for child in child_nodes(node):
            self.visit(child)

    def _read(self, names: Set[str]) -> None:
        self.flow.reads |= names - self.flow.definite

    def _bind(self, name: str) -> None:
        self.flow.binds.add(name)
        self.flow.definite.add(name)
        self.flow.deletes.discard(name)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._read({node.id})
        elif isinstance(node.ctx, ast.Store):
            self._bind(node.id)
        else:
            self._read({node.id})
            self.flow.definite.discard(node.id)
            self.flow.deletes.add(node.id)

    def visit_Call(self, node: ast.Call) -> None:
        for child in child_nodes(node):
            self.visit(child)
        self._read(names_in_text(node))

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.visit(default)
        self._read(free_names(node))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for part in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
            if part is not None:
                self.visit(part)
        annotations = [a.annotation for a in nodes_below(node.args) if isinstance(a, ast.arg)]
        for annotation in (*annotations, node.returns):
            if annotation is not None:
                self.visit(annotation)
        self._bind(node.name)
        self._read(free_names(node) - {node.name})

    visit_FunctionDef = _function
    visit_AsyncFunctionDef = _function

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for part in (*node.decorator_list, *node.bases, *(k.value for k in node.keywords)):
            self.visit(part)
        inner = _Walker()
        inner.flow.definite = set(self.flow.definite)
        for statement in node.body:
            inner.visit(statement)
        self._bind(node.name)
        self._read(inner.flow.reads - {node.name})

    def _comprehension(self, node: ast.AST) -> None:
        assert isinstance(node, COMPREHENSIONS)
        assigned = names_assigned_in(node)
        self._read(names_read([node], assigned))
        self.flow.binds |= assigned

    visit_ListComp = _comprehension
    visit_SetComp = _comprehension
    visit_DictComp = _comprehension
    visit_GeneratorExp = _comprehension

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.visit(node.target)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.visit(target)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.annotation)
        if node.value is not None:
            self.visit(node.value)
            self.visit(node.target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            self._read({node.target.id})
            self._bind(node.target.id)
        else:
            self.visit(node.target)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._bind((alias.asname or alias.name).partition(".")[0])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name != "*":
                self._bind(alias.asname or alias.name)

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        if isinstance(node.test, ast.Constant):
            # The other branch never runs.
            for statement in node.body if node.test.value else node.orelse:
                self.visit(statement)
            return
        self._branches([node.body, node.orelse])

    def visit_Match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        bodies: list[list[ast.AST]] = [[]]
        for case in node.cases:
            bodies.append([case.pattern, *([case.guard] if case.guard else []), *case.body])
        self._branches(bodies)

    def _pattern(self, node: ast.MatchAs | ast.MatchStar | ast.MatchMapping) -> None:
        for part in child_nodes(node):
            self.visit(part)
        name = node.rest if isinstance(node, ast.MatchMapping) else node.name
        if name is not None:
            self._bind(name)

    visit_MatchAs = _pattern
    visit_MatchStar = _pattern
    visit_MatchMapping = _pattern

    def _branches(self, bodies: Sequence[Sequence[ast.AST]]) -> None:
        before = set(self.flow.definite)
        ends: list[set[str]] = []
        for body in bodies:
            self.flow.definite = set(before)
            for statement in body:
                self.visit(statement)
            if not (
                body and isinstance(body[-1], (ast.Raise, ast.Return, ast.Continue, ast.Break))
            ):
                ends.append(self.flow.definite)
        self.flow.definite = set.intersection(*ends) if ends else before

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While) -> None:
        before: set[str]
        if isinstance(node, ast.While):
            self.visit(node.test)
            before = set(self.flow.definite)
        else:
            self.visit(node.iter)
            before = set(self.flow.definite)
            self.visit(node.target)
        for statement in node.body:
            self.visit(statement)
        self.flow.definite = before
        for statement in node.orelse:
            self.visit(statement)
        self.flow.definite = before

    visit_For = _loop
    visit_AsyncFor = _loop
    visit_While = _loop

    def visit_Try(self, node: ast.Try | ast.TryStar) -> None:
        before = set(self.flow.definite)
        for statement in (*node.body, *node.orelse):
            self.visit(statement)
        ends = [self.flow.definite]
        for handler in node.handlers:
            self.flow.definite = set(before)
            if handler.type is not None:
                self.visit(handler.type)
            if handler.name:
                self.flow.definite.add(handler.name)
            for statement in handler.body:
                self.visit(statement)
            if handler.name:
                self.flow.definite.discard(handler.name)
            ends.append(self.flow.definite)
        self.flow.definite = set.intersection(*ends)
        for statement in node.finalbody:
            self.visit(statement)

    def visit_TryStar(self, node: ast.TryStar) -> None:
        self.visit_Try(node)


def bound_by_rounds(node: ast.stmt) -> set[str]:
    """Names that a loop binds for certain, since it has a first round."""
    if not isinstance(node, ast.For) or not _has_rounds(node.iter):
        return set()
    walker = _Walker()
    walker.visit(node.target)
    inside = [part for one in node.body for part in (one, *nodes_below(one))]
    if any(isinstance(part, (ast.Break, ast.Continue)) for part in inside):
        return walker.flow.definite
    for statement in node.body:
        walker.visit(statement)
    return walker.flow.definite.union(*(bound_by_rounds(one) for one in node.body))


def _has_rounds(source: ast.expr) -> bool:
    """Whether this is a list of things, or a range of numbers that has some."""
    match source:
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return any(not isinstance(part, ast.Starred) for part in parts)
        case ast.Call(func=ast.Name("range"), args=args, keywords=[]) if len(args) in (1, 2, 3):
            numbers = [a.value for a in args if isinstance(a, ast.Constant)]
            known = [n for n in numbers if isinstance(n, int)]
            return len(known) == len(args) and 0 not in known[2:] and bool(range(*known))
    return False


class _Methods(dict[type, Callable[[_Walker, Any], None] | None]):
    """The method for each class of nodes; None for those that only hold others."""

    def __missing__(self, kind: type) -> Callable[[_Walker, Any], None] | None:
        self[kind] = found = getattr(_Walker, f"visit_{kind.__name__}", None)
        return found


_METHODS = _Methods()
