"""Names that are read where nothing has given them a value."""

import ast
import re
from collections.abc import Iterator

from chasm.checks.automagic import automagic_lines
from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity

#: Magics that bring names of which the notebook says nothing.
BRINGING = re.compile(r"^\s*%(%?capture|run|pylab|load|store|macro|sql)\b", re.MULTILINE)
#: What every notebook has, by IPython.
HISTORY = re.compile(r"^(_+\d*|_i+\d*|In|Out|get_ipython)$")


def never(subject: Subject) -> Iterator[Hit]:
    """Names that no cell binds, as far as every cell could be read."""
    if any(BRINGING.search(cell.raw) for cell in subject.code_cells):
        return
    unread = "\n".join(subject.cells[index].raw for index in subject.facts.skipped)
    for name, hit in _said(subject, "CH004"):
        known = HISTORY.match(name) or name in subject.words("given")
        if not known and not re.search(rf"\b{re.escape(name)}\b", unread):
            yield hit


def later(subject: Subject) -> Iterator[Hit]:
    """Names that only a later cell binds."""
    for _, hit in _said(subject, "CH005"):
        yield hit


def _said(subject: Subject, code: str) -> Iterator[tuple[str, Hit]]:
    """What the analysis said under ``code``, at the first place where the name stands."""
    for one in subject.facts.findings:
        if one.code != code or one.cell is None:
            continue
        cell = subject.cells[one.cell]
        name = one.message.split("'")[1] if "'" in one.message else ""
        if name not in {word for _, word in automagic_lines(subject, cell)}:
            yield name, _placed(subject, one.cell, name, one.message)


def _placed(subject: Subject, cell: int, name: str, message: str) -> Hit:
    for statement, node in subject.each(ast.Name):
        if statement.cell == cell and node.id == name:
            return subject.at(statement, node, message)
    return Hit(message, cell)


NEVER = Check("CH004", "unbound-name", Severity.ERROR, never)
LATER = Check("CH005", "bound-later", Severity.ERROR, later)
