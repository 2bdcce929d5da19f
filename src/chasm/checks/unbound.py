"""Names that are read where nothing has given them a value."""

import ast
import re
from collections.abc import Iterator

from chasm.analyse.nodes import nodes_below
from chasm.analyse.scopes import DEFINITIONS, free_names
from chasm.checks.automagic import automagic_lines
from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity

#: A magic, at the beginning of a line.
MAGIC = re.compile(r"^[ \t]*%%?(\w+)", re.MULTILINE)
#: What a notebook remembers of itself.
HISTORY = re.compile(r"^(_+\d*|_i+\d*|In|Out)$")


def never(subject: Subject) -> Iterator[Hit]:
    """Names that no cell binds, as far as every cell could be read."""
    magics = {word for cell in subject.code_cells for word in MAGIC.findall(cell.raw)}
    if magics & subject.words("bringing"):
        return
    for name, hit in _said(subject, "CH004"):
        if not HISTORY.match(name) and name not in subject.words("given"):
            yield hit


def later(subject: Subject) -> Iterator[Hit]:
    """Names that only a later cell binds, as far as every cell could be read."""
    for _, hit in _said(subject, "CH005"):
        yield hit


def _said(subject: Subject, code: str) -> Iterator[tuple[str, Hit]]:
    """What the analysis said under ``code``, at the first place where the name stands."""
    for one in subject.facts.findings:
        if one.code != code or one.cell is None:
            continue
        cell = subject.cells[one.cell]
        name = one.message.split("'")[1] if "'" in one.message else ""
        # A cell that could not be read may bind it.
        if subject.is_in_unread(name):
            continue
        if name in {word for _, word in automagic_lines(subject, cell)}:
            continue
        hit = _placed(subject, one.cell, name, one.message)
        if hit is not None:
            yield name, hit


def _placed(subject: Subject, cell: int, name: str, message: str) -> Hit | None:
    """The place where the name stands; None when its block binds it itself on some path."""
    for statement, node in subject.each(ast.Name):
        if statement.cell == cell and node.id == name and name in statement.reads:
            blocks = statement.syntax not in ("Assign", "AugAssign", "AnnAssign", "Expr")
            if blocks and name in statement.binds:
                return None
            return subject.at(statement, node, message)
    return _through(subject, cell, name, message)


def _through(subject: Subject, cell: int, name: str, message: str) -> Hit:
    """The place where a function of another cell is used that reads the name."""
    readers = {
        tree.name: (statement, inner)
        for statement, tree in subject.pairs
        if isinstance(tree, DEFINITIONS) and name in free_names(tree)
        for inner in nodes_below(tree)
        if isinstance(inner, ast.Name) and inner.id == name
    }
    for statement, node in subject.each(ast.Name):
        if statement.cell == cell and node.id in readers:
            where, inner = readers[node.id]
            evidence = (subject.step(where, f"{name} is read here", inner),)
            return subject.at(statement, node, f"{node.id} {message}", evidence)
    return Hit(message, cell)


NEVER = Check("CH004", "unbound-name", Severity.ERROR, never)
LATER = Check("CH005", "bound-later", Severity.ERROR, later)
