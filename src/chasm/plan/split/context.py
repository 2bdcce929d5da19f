"""What every attempt to follow the records looks things up in."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import takewhile

from chasm.analyse.statements import Tree
from chasm.model import Facts, Statement
from chasm.plan.graph import Graph
from chasm.plan.split.drops import strings
from chasm.plan.split.served import Served
from chasm.plan.split.source import Source, encoded
from chasm.plan.split.target import definitions_of
from chasm.rulebook import Rulebook

#: What gives a table an index, by the names of methods and keywords.
INDEXING = ("set_index", "index_col")


@dataclass(slots=True)
class Context:
    """A notebook with the model that is served of it.

    ``copied`` are statements that make an estimator of which others now have one of their own,
    ``truths`` those that give a name to what the model learns to say, or to a form of that.
    """

    facts: Facts
    trees: list[Tree]
    graph: Graph
    book: Rulebook
    served: Served
    sources: dict[int, bytes] = field(default_factory=dict)
    definitions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    copied: set[int] = field(default_factory=set)
    truths: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        statements = self.facts.statements
        self.sources = {c.index: encoded(c.source) for c in self.facts.notebook.cells}
        nodes = [tree.node for tree in self.trees]
        self.definitions = {n.name: n for n in nodes if isinstance(n, ast.FunctionDef)}
        self.taken = taken_names(statements)
        fit = self.served.fit
        forms = definitions_of(fit.truth, fit.statement, self.trees, self.graph, self.book)
        self.truths = {at for _, at in forms if at != fit.statement and _names_one(nodes[at])}

    def _binder(self, name: str, at: int) -> int | None:
        """The statement that bound ``name`` to what statement ``at`` reads."""
        versions = self.graph.back(name, self.graph.reads[at].get(name))
        return next((v for v in versions if name in self.facts.statements[v].binds), None)

    def bound_to(self, name: str, at: int) -> ast.expr | None:
        """The expression that ``name`` was bound to, where statement ``at`` reads it unchanged."""
        version = self._binder(name, at)
        node = self.trees[version].node if version is not None else None
        unchanged = version == self.graph.reads[at].get(name)
        return node.value if isinstance(node, ast.Assign) and unchanged else None

    def named_before(self, label: str, at: int) -> bool:
        """Whether a statement up to ``at`` reads a column of this name, of whatever table."""
        nodes = (node for tree in self.trees[: at + 1] for node in ast.walk(tree.node))
        return any(
            isinstance(getattr(n, "ctx", None), ast.Load)
            and (isinstance(n, ast.Attribute) and n.attr == label
                 or isinstance(n, ast.Subscript) and label in strings(n.slice))
            for n in nodes
        )  # fmt: skip

    def indexed(self, table: str, at: int) -> bool:
        """Whether a table up to ``at``, or what it was made of, got an index of its own."""
        names = {table}
        for s, tree in zip(self.facts.statements[at::-1], self.trees[at::-1], strict=True):
            if names.isdisjoint(s.binds | s.mutates) and s.id != at:
                continue
            if any(map(_gives_index, ast.walk(tree.node))):
                return True
            names |= s.reads
        return False

    def bound_at(self, number: int) -> dict[str, int | None]:
        """Where what a statement reads was made or changed, but for the fits of it."""
        found: dict[str, int | None] = {}
        for name, version in self.graph.reads[number].items():
            versions = self.graph.back(name, version)
            made = (v for v in versions if not self.facts.statements[v].effects.fits)
            found[name] = next(made, version)
        return found

    def listed(self, names: Iterable[str], at: int) -> set[str]:
        """Those of ``names`` that hold lists or arrays before ``at``: values without labels."""
        made = self.facts.statements[:at]
        known = {name: value.kind for s in made for name, value in s.values.items()}
        return {name for name in names if known.get(name) in ("list", "array")}

    def maker(self, name: str, at: int) -> str | None:
        """The code that makes the estimator ``name``, where it is made of literals alone."""
        version = self._binder(name, at)
        node = self.trees[version].node if version is not None else None
        if version is None or not isinstance(node, ast.Assign):
            return None
        if not isinstance(node.value, ast.Call):
            return None
        versions = self.graph.back(name, self.graph.reads[at].get(name))
        since = takewhile(lambda n: n != version, versions)
        if not all(self.facts.statements[n].effects.fits for n in since):
            # It is not any more what it was made as.
            return None
        given = [*node.value.args, *(k.value for k in node.value.keywords)]
        if (made := self._made_by(node.value, version)) is not None:
            self.copied.add(version)
            return made
        if not all(self._is_plain(one, version) for one in given):
            return None
        self.copied.add(version)
        return Source(self.sources[self.facts.statements[version].cell]).of(node.value)

    def _made_by(self, call: ast.Call, number: int) -> str | None:
        """The code of what a dictionary makes for each key, where it makes one."""
        name, _ = self.trees[number].entries.get(id(call), ("", None))
        if name not in self.book.checks.get("makers", ()) or len(call.args) != 1:
            return None
        source = Source(self.sources[self.facts.statements[number].cell])
        match call.args[0]:
            case ast.Name() | ast.Attribute():
                return f"{source.of(call.args[0])}()"
            case ast.Lambda(args=ast.arguments(args=[]), body=ast.Call() as made):
                given = [*made.args, *(k.value for k in made.keywords)]
                plain = all(self._is_plain(one, number) for one in given)
                return source.of(made) if plain else None
        return None

    def _is_plain(self, node: ast.expr, number: int) -> bool:
        """Whether a value stands in the code as it is, or in a library, as ``np.nan`` does."""
        match node:
            case ast.Constant():
                return True
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                return all(self._is_plain(part, number) for part in parts)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
                return True
            case ast.Attribute(value=ast.Name(id=name)):
                version = self.graph.reads[number].get(name)
                return version is not None and bool(self.facts.statements[version].imports)
        return False

    def read_later(self, name: str, at: int) -> bool:
        """Whether somebody reads ``name`` as statement ``at`` left it, and does not refit it."""
        users = self.graph.users.get((name, at), ())
        return any(not _only_refits(self.trees[user].node, name) for user in users)

    def kind(self, name: str, number: int) -> str | None:
        """The kind of what is changed in place, from where it was made."""
        for version in self.graph.back(name, self.graph.before[number].get(name)):
            value = self.facts.statements[version].values.get(name)
            if value is not None:
                return value.kind
        return None


def _gives_index(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(attr="index", ctx=ast.Store()):
            return True
        case ast.Attribute(attr=name) | ast.keyword(arg=name):
            return name in INDEXING
    return False


def _names_one(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and all(isinstance(t, ast.Name) for t in node.targets)


def taken_names(statements: Iterable[Statement]) -> set[str]:
    """All names that the notebook uses for something, inside its own functions as well."""
    found: set[str] = set()
    for s in statements:
        found |= s.named | s.binds | s.reads
        found |= s.definition.inside if s.definition is not None else set()
    return found


def fitted(node: ast.stmt) -> set[str]:
    """Names whose values the statement fits."""
    return {
        n.value.id
        for n in ast.walk(node)
        if isinstance(n, ast.Attribute)
        and n.attr in ("fit", "fit_transform")
        and isinstance(n.value, ast.Name)
    }


def _only_refits(node: ast.stmt, name: str) -> bool:
    uses = [n for n in ast.walk(node) if isinstance(n, ast.Name) and n.id == name]
    refits = [
        n
        for n in ast.walk(node)
        if isinstance(n, ast.Attribute)
        and n.attr == "fit_transform"
        and isinstance(n.value, ast.Name)
        and n.value.id == name
    ]
    return len(uses) == len(refits)
