"""Commands that only IPython's automagic takes for commands."""

import re
from collections.abc import Iterator

from chasm.analyse.syntax import parse_source
from chasm.checks.check import Check, Hit, Subject, inherited
from chasm.checks.magic_lines import logical_lines
from chasm.findings import Severity
from chasm.model import Cell
from chasm.read.magics import translate_cell

INSTALL = re.compile(r"^(pip3?|conda|mamba)\s+(install|list|show|freeze|uninstall)\b")
#: A command alone or with options and paths; what could be Python is left to Python.
COMMAND = re.compile(r"^(ls|ll|cd|pwd|mkdir|rmdir|rm|cp|mv|cat|whos?)((\s+-\w+)*(\s+[\w./~*-]+)*)$")
#: What a cell with one of them has in it: to find where its statements start takes longer.
LIKELY = re.compile(
    r"^\s*(?:pip3?|conda|mamba|ls|ll|cd|pwd|mkdir|rmdir|rm|cp|mv|cat|whos?)(?:\s|$)", re.MULTILINE
)
SIGNS = ("=", "(", "[", ",")


def automagic_lines(subject: Subject, cell: Cell) -> Iterator[tuple[int, str]]:
    """The numbers and words of lines in ``cell`` that are commands without a sign."""
    if not LIKELY.search(cell.raw):
        return
    found = list(_commands(subject, cell))
    lines = cell.raw.split("\n")
    for number, _ in found:
        lines[number - 1] = ""
    # In a cell that is no Python anyway, nobody knows what a line is.
    if found and _is_python(translate_cell("\n".join(lines)).source):
        yield from found


def _is_python(source: str) -> bool:
    return parse_source(source)[1] is None


def _commands(subject: Subject, cell: Cell) -> Iterator[tuple[int, str]]:
    for number, text in logical_lines(cell):
        line = text.strip()
        match = INSTALL.match(line) or COMMAND.match(line)
        if match is None or match.group(1) in _bound(subject):
            continue
        rest = line[match.end(1) :].lstrip()
        # ``rm - x`` and ``ls * 2`` are arithmetic.
        if rest.startswith(SIGNS) or re.match(r"[-*/.]\s", rest):
            continue
        yield number, match.group(1)


def _bound(subject: Subject) -> frozenset[str]:
    return frozenset(name for s in subject.facts.statements for name in s.binds)


def run(subject: Subject) -> Iterator[Hit]:
    """One hit a line."""
    for cell in subject.code_cells:
        for number, word in automagic_lines(subject, cell):
            message = f"`{word}` is a command only where automagic is on"
            yield Hit(message, cell.index, number)


def unless_automagic(check: Check) -> Check:
    """The same check without what it says of lines that are commands."""

    def run_rest(subject: Subject) -> Iterator[Hit]:
        for hit in check.run(subject):
            cell = subject.cells.get(hit.cell or 0)
            if cell is None or not any(automagic_lines(subject, cell)):
                yield hit

    return Check(check.code, check.name, check.severity, run_rest)


CHECK = Check("CH109", "automagic", Severity.WARNING, run)
UNREADABLE = unless_automagic(inherited("CH003", "not-python", Severity.ERROR))
