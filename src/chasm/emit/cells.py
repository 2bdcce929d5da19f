"""The statements of the notebook as concrete syntax, comments at their place."""

from dataclasses import dataclass

import libcst as cst

from chasm.model import Facts

Line = cst.SimpleStatementLine | cst.BaseCompoundStatement


@dataclass(frozen=True, slots=True)
class Nodes:
    """For each statement its node, with the comments above and behind it; for each cell the
    comments below its last statement."""

    lines: dict[int, Line]
    tails: dict[int, list[cst.EmptyLine]]


def statement_nodes(facts: Facts) -> Nodes:
    """The statements of ``facts`` as concrete syntax."""
    wanted: dict[int, dict[int, int]] = {}
    for statement in facts.statements:
        wanted.setdefault(statement.cell, {})[statement.nth] = statement.id
    found: dict[int, Line] = {}
    tails: dict[int, list[cst.EmptyLine]] = {}
    for cell in facts.notebook.cells:
        if cell.index in wanted:
            module = cst.parse_module(cell.source)
            lines = _lines(module)
            if tail := _comments(module.footer):
                tails[cell.index] = tail
            for nth, number in wanted[cell.index].items():
                found[number] = lines[nth]
    return Nodes(found, tails)


def _lines(module: cst.Module) -> list[Line]:
    """One line for each statement, as ``ast`` counts them: several on one line are divided."""
    lines: list[Line] = []
    for node in module.body:
        if isinstance(node, cst.SimpleStatementLine) and len(node.body) > 1:
            lines += _divided(node)
        else:
            assert isinstance(node, (cst.SimpleStatementLine, cst.BaseCompoundStatement))
            lines.append(node)
    if lines:
        # Comments at the top of a cell belong to the module; they stand above its first line.
        first = lines[0]
        lines[0] = first.with_changes(
            leading_lines=_comments([*module.header, *first.leading_lines])
        )
        for place in range(1, len(lines)):
            kept = _comments(lines[place].leading_lines)
            lines[place] = lines[place].with_changes(leading_lines=kept)
    return lines


def _comments(
    lines: "list[cst.EmptyLine] | tuple[cst.EmptyLine, ...] | object",
) -> list[cst.EmptyLine]:
    assert isinstance(lines, (list, tuple))
    return [cst.EmptyLine(comment=line.comment) for line in lines if line.comment is not None]


def _divided(node: cst.SimpleStatementLine) -> list[Line]:
    parts: list[Line] = []
    for place, small in enumerate(node.body):
        first, last = place == 0, place == len(node.body) - 1
        parts.append(
            cst.SimpleStatementLine(
                [small.with_changes(semicolon=cst.MaybeSentinel.DEFAULT)],
                leading_lines=node.leading_lines if first else [],
                trailing_whitespace=(
                    node.trailing_whitespace if last else cst.TrailingWhitespace()
                ),
            )
        )
    return parts


def without_semicolon(node: Line) -> Line:
    """A statement without the semicolon that silenced its value in the notebook."""
    if isinstance(node, cst.SimpleStatementLine) and len(node.body) == 1:
        (small,) = node.body
        return node.with_changes(body=[small.with_changes(semicolon=cst.MaybeSentinel.DEFAULT)])
    return node
