"""The statements of a version in the order of the document, with what tells them apart."""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from chasm.analyse.statements import Tree
from chasm.model import CellKind, Statement
from chasm.read.secrets import masked
from chasm.review.model import Place, Version
from chasm.review.spelling import imported, spelled

#: Longer code is compared and shown by its beginning.
MAX_CODE = 400


@dataclass(frozen=True, slots=True)
class Line:
    """A statement with its syntax; ``key`` is its code in one spelling, ``code`` as it stands."""

    statement: Statement
    tree: Tree = field(hash=False, compare=False)
    key: str
    code: str
    names: frozenset[str] = frozenset()


def lines_of(version: Version, other: Version) -> list[Line]:
    """Every statement; how the notebook was last run does not change their order."""
    sources = {c.index: c.source.split("\n") for c in version.facts.notebook.cells}
    raw = {c.index: c.raw.split("\n") for c in version.facts.notebook.cells}
    dropped = {(cell, line) for cell, line, _ in version.facts.notebook.dropped_lines}
    names = _libraries(version, other)
    found = []
    for s in sorted(version.facts.statements, key=lambda s: (s.cell, s.nth)):
        tree = version.trees[s.id]
        code = "\n".join(sources[s.cell][s.line - 1 : s.end_line])
        if any((s.cell, line) in dropped for line in range(s.line, s.end_line + 1)):
            # A command inside a block is shown, not the ``pass`` that stands for it.
            code = masked("\n".join(raw[s.cell][s.line - 1 : s.end_line]))
        key = spelled(tree.node, names)
        found.append(Line(s, tree, key, code.strip(), names_in(tree.node)))
    return found


def _libraries(version: Version, other: Version) -> dict[str, str]:
    """What names of libraries stand for; where no cell imports one, what it stood for beside it.

    An import that was lost is a finding: it does not change every statement that needs it.
    """
    bound = {name for s in version.facts.statements for name in s.binds | s.mutates}
    beside = imported(tree.node for tree in other.trees)
    found = {name: full for name, full in beside.items() if name not in bound}
    return found | imported(tree.node for tree in version.trees)


def names_in(node: ast.AST) -> frozenset[str]:
    """All names in a piece of code, those of functions and parameters included."""
    return frozenset(name for one in ast.walk(node) if (name := own_name(one)))


def own_name(node: ast.AST) -> str:
    """The name that a node is or binds by itself."""
    match node:
        case ast.Name(id=name) | ast.arg(arg=name):
            return name
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AsyncFunctionDef(name=name):
            return name
    return ""


def respelled(text: str, renamed: Mapping[str, str]) -> str:
    """Code with the new names of what was called otherwise."""
    if not renamed:
        return text
    return re.sub(r"\w+", lambda word: renamed.get(word.group(), word.group()), text)


def place_of(version: Version, s: Statement) -> Place:
    """Where a statement stands, also in the file."""
    return line_place(version, s.cell, s.line, s.end_line)


def line_place(version: Version, cell: int, line: int, end_line: int) -> Place:
    """Where lines of a cell stand, also in the file."""
    lines = version.lines[cell - 1] if cell <= len(version.lines) else ()
    return Place(cell, line, _physical(lines, line), _physical(lines, end_line))


def _physical(lines: tuple[int, ...], line: int) -> int:
    return lines[min(line, len(lines)) - 1] if lines else 1


def code_cells(version: Version) -> list[int]:
    """The numbers of the code cells that are not empty."""
    cells = version.facts.notebook.cells
    return [c.index for c in cells if c.kind is CellKind.CODE and c.source.strip()]
