"""What a check is, and what it looks at."""

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from chasm.analyse.nodes import nodes_below
from chasm.findings import Edit, Finding, Severity, Step
from chasm.model import Called, Cell, CellKind, Facts, Statement
from chasm.read.settings import Settings
from chasm.rulebook import Entry, Rulebook

#: A call of what is in Python without an import has this in front of its name.
BUILTIN = "builtins."


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a check has something to say."""

    message: str
    cell: int | None = None
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    evidence: tuple[Step, ...] = ()
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A call in the code: what calls what, in which statement, and what the rules say of it."""

    statement: Statement
    node: ast.Call
    called: Called
    entry: Entry | None

    @property
    def name(self) -> str:
        """The dotted name; a method has only its own name."""
        return self.called.name

    @property
    def kind(self) -> str | None:
        """The kind of the value whose method is called."""
        return self.called.receiver.kind if self.called.receiver is not None else None

    def keyword(self, name: str) -> ast.expr | None:
        """The argument that is passed by this name."""
        return next((k.value for k in self.node.keywords if k.arg == name), None)


@dataclass
class Subject:
    """A notebook with all that is known of it; what checks share is worked out once.

    ``missing`` are imported modules that the environment does not have, if one was named.
    """

    facts: Facts
    book: Rulebook
    settings: Settings = field(default_factory=Settings)
    depth: int | None = None
    missing: frozenset[str] = frozenset()
    shared: dict[str, object] = field(default_factory=dict)

    @cached_property
    def code_cells(self) -> list[Cell]:
        return [c for c in self.facts.notebook.cells if c.kind is CellKind.CODE and c.raw.strip()]

    @cached_property
    def cells(self) -> dict[int, Cell]:
        return {cell.index: cell for cell in self.facts.notebook.cells}

    @cached_property
    def pairs(self) -> list[tuple[Statement, ast.stmt]]:
        """The statements with their syntax trees."""
        return list(zip(self.facts.statements, self.facts.nodes, strict=True))

    @cached_property
    def _nodes(self) -> dict[type, list[tuple[Statement, Any]]]:
        """All nodes by their type: the trees are walked once for all checks."""
        found: dict[type, list[tuple[Statement, Any]]] = defaultdict(list)
        for statement, tree in self.pairs:
            for node in nodes_below(tree):
                found[type(node)].append((statement, node))
        return found

    def each(self, *types: type[ast.AST]) -> Iterator[tuple[Statement, Any]]:
        """Every node of these types with its statement; of one type in the order of the text."""
        for kind in types:
            yield from self._nodes.get(kind, ())

    @cached_property
    def calls(self) -> list[Call]:
        """Every call of which it is known what it calls, outer before inner."""
        return [
            Call(statement, node, called, self._entry(called))
            for statement, node in self.each(ast.Call)
            if (called := self.facts.called.get(id(node))) is not None
        ]

    @cached_property
    def by_node(self) -> dict[int, Call]:
        return {id(call.node): call for call in self.calls}

    @cached_property
    def unread(self) -> str:
        """The code that the analysis has not seen: magics, and cells that could not be read."""
        found = [self.cells[index].raw for index in self.facts.skipped]
        for cell, line, _ in self.facts.notebook.dropped_lines:
            found.append(self.cells[cell].raw.split("\n")[line - 1])
        return "\n".join(found)

    def is_in_unread(self, name: str) -> bool:
        """Whether code that the analysis has not seen has this name in it."""
        return re.search(rf"\b{re.escape(name)}\b", self.unread) is not None

    def words(self, name: str) -> frozenset[str]:
        """Names that the rules list for the checks under this word."""
        return self.book.checks.get(name, frozenset())

    def calls_of(self, word: str) -> list[Call]:
        """The calls of what the rules list under this word."""
        names = self.words(word)
        return [call for call in self.calls if call.called.name in names]

    def _entry(self, called: Called) -> Entry | None:
        if called.own:
            return None
        if called.receiver is None:
            return self.book.call(called.name)
        if called.receiver.qualname:
            own = self.book.call(f"{called.receiver.qualname}.{called.name}")
            if own is not None:
                return own
        kind = called.receiver.kind
        return self.book.method(kind, called.name) if kind else None

    def text(self, statement: Statement, node: ast.AST) -> str:
        """The code of ``node``, on one line and not too long."""
        found = ast.get_source_segment(self.cells[statement.cell].source, node) or ""
        found = " ".join(found.split())
        return found if len(found) <= 60 else found[:59] + "…"

    def at(
        self,
        statement: Statement,
        node: ast.expr | ast.stmt,
        message: str,
        evidence: tuple[Step, ...] = (),
        edits: tuple[Edit, ...] = (),
    ) -> Hit:
        """A hit at ``node``."""
        cell = statement.cell
        end = node.end_lineno or node.lineno
        return Hit(
            message,
            cell,
            node.lineno,
            self.column(cell, node.lineno, node.col_offset),
            end,
            self.column(cell, end, node.end_col_offset or 0),
            evidence,
            edits,
        )

    def column(self, cell: int, line: int, offset: int) -> int:
        """The column in the file's own source of what ``ast`` has at a byte ``offset``."""
        mine = self.cells[cell]
        translated = mine.source.split("\n")[line - 1]
        original = mine.raw.split("\n")[line - 1]
        column = len(translated.encode("utf-8")[:offset].decode("utf-8", "ignore"))
        # A cell that is indented as a whole was shifted to the left.
        shift = original.find(translated) if translated != original and translated else 0
        return column + max(0, shift)

    def step(self, statement: Statement, text: str, node: ast.expr | None = None) -> Step:
        """A link of evidence at ``node``, or at the statement."""
        return Step(statement.cell, node.lineno if node is not None else statement.line, text)


@dataclass(frozen=True, slots=True)
class Check:
    """One check. What it is for stands in ``rules/checks/CODE.toml``."""

    code: str
    name: str
    severity: Severity
    run: Callable[[Subject], Iterator[Hit]]

    def findings(self, subject: Subject) -> Iterator[Finding]:
        """What the check finds, in its own order."""
        for hit in self.run(subject):
            yield Finding(
                self.code,
                self.severity,
                hit.message,
                hit.cell,
                hit.line,
                hit.column,
                hit.end_line,
                hit.end_column,
                hit.evidence,
                hit.edits,
            )


def inherited(code: str, name: str, severity: Severity) -> Check:
    """A check whose findings the reader or the analysis has already made."""

    def run(subject: Subject) -> Iterator[Hit]:
        for one in subject.facts.findings:
            if one.code == code:
                yield Hit(one.message, one.cell, one.line)

    return Check(code, name, severity, run)


def literal_text(node: ast.AST | None) -> str | None:
    """The text that a literal is; of an f-string its fixed beginning."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr) and node.values:
        first = node.values[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            return first.value
    return None
