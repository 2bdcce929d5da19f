"""A notebook with statements written out, and where its lines come from."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chasm.model import Facts, Notebook, Statement, WrittenOut

#: For each cell, the line of the notebook that each of its lines was made of.
Lines = dict[int, list[int]]

#: A statement, the code that stands for it, each piece with the line that it is from, and the
#: name that their author gave the pieces; None for pieces that need not stand together.
Change = tuple[Statement, list[tuple[str, int]], str | None]


@dataclass(frozen=True, slots=True)
class Span:
    """Lines of a cell that stand together; ``name`` is what their author called them."""

    cell: int
    first: int
    last: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Rounds:
    """A notebook whose loops over tables are written out; ``spans`` are the rounds."""

    notebook: Notebook
    lines: Lines = field(default_factory=dict, hash=False)
    spans: tuple[Span, ...] = ()

    def line(self, cell: int, line: int) -> int:
        """The line of the notebook itself that ``line`` of a cell was made of."""
        return self.lines[cell][line - 1] if cell in self.lines else line


def on_own_lines(facts: Facts) -> set[int]:
    """Statements that have their lines for themselves, so that others can stand there."""
    shared: set[int] = set()
    for one, following in zip(facts.statements, facts.statements[1:], strict=False):
        if one.cell == following.cell and one.end_line >= following.line:
            shared |= {one.id, following.id}
    return {s.id for s in facts.statements if not facts.nodes[s.id].col_offset} - shared


def rounds_apart(head: ast.expr, body: Sequence[ast.stmt]) -> bool:
    """Whether each statement of a loop's ``body`` has lines of its own, below its ``head``."""
    ends = [head.end_lineno, *(part.end_lineno for part in body)]
    return all(part.lineno != end for part, end in zip(body, ends, strict=False))


def with_written(
    facts: Facts, rounds: Rounds, changes: dict[int, list[Change]], written: list[WrittenOut]
) -> Rounds | None:
    """:func:`changed`, with the functions that went by it; None where nothing changes."""
    if not changes:
        return None
    made = changed(facts, rounds, changes)
    notebook = replace(made.notebook, written_out=(*made.notebook.written_out, *written))
    return replace(made, notebook=notebook)


def changed(facts: Facts, rounds: Rounds, changes: dict[int, list[Change]]) -> Rounds:
    """The notebook with statements replaced by lines; where none stand, a statement goes."""
    cells, spans, lines = [], list[Span](), dict(rounds.lines)
    moved: dict[int, list[int]] = {}
    for cell in facts.notebook.cells:
        if cell.index in changes:
            rows = cell.source.split("\n")
            made: list[str] = []
            origin: list[int] = []
            at = 1
            for s, code, name in sorted(changes[cell.index], key=lambda change: change[0].line):
                body = [(row, line) for text, line in code for row in text.split("\n")]
                made += rows[at - 1 : s.line - 1]
                origin += range(at, s.line)
                if body and name is not None:
                    spans.append(Span(cell.index, len(made) + 1, len(made) + len(body), name))
                made += [row for row, _ in body]
                origin += [line for _, line in body]
                at = s.end_line + 1
            made += rows[at - 1 :]
            origin += range(at, len(rows) + 1)
            moved[cell.index] = origin
            lines[cell.index] = [rounds.line(cell.index, line) for line in origin]
            cell = replace(cell, source="\n".join(made))
        cells.append(cell)
    kept = [_shifted(span, moved) for span in rounds.spans]
    notebook = replace(facts.notebook, cells=tuple(cells))
    return Rounds(notebook, lines, (*(span for span in kept if span is not None), *spans))


def _shifted(span: Span, moved: dict[int, list[int]]) -> Span | None:
    """Where the lines of a span stand now."""
    if span.cell not in moved:
        return span
    now = [i + 1 for i, line in enumerate(moved[span.cell]) if span.first <= line <= span.last]
    return replace(span, first=now[0], last=now[-1]) if now else None
