"""``inplace=True`` on a column: it changes the frame, or not, by the version of the library."""

import ast
from collections.abc import Iterator

from chasm.checks.check import Call, Check, Hit, Subject
from chasm.checks.kinds import since
from chasm.findings import Edit, Severity

COLUMN, FRAME = "series", "frame"


def run(subject: Subject) -> Iterator[Hit]:
    """Calls with a literal ``inplace=True`` whose receiver is a column of a frame."""
    for call in subject.calls:
        given = call.keyword("inplace")
        if not (isinstance(given, ast.Constant) and given.value is True):
            continue
        receiver = call.node.func.value if isinstance(call.node.func, ast.Attribute) else None
        if receiver is not None and call.kind == FRAME and _is_selection(receiver):
            where = subject.text(call.statement, receiver)
            message = f"changes a copy, {where}: the frame stays as it was"
            yield subject.at(call.statement, call.node, message)
        if receiver is None or call.kind != COLUMN or not _is_column(receiver):
            continue
        where = subject.text(call.statement, receiver)
        message = (
            f"changes {where} through a temporary column: "
            f"from {since(subject)} on the frame stays as it was"
        )
        yield subject.at(call.statement, call.node, message, edits=_assignment(subject, call))


def _is_selection(node: ast.expr) -> bool:
    """``frame[["x", "y"]]``."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.List):
        return False
    return isinstance(node.value, ast.Name)


def _is_column(node: ast.expr) -> bool:
    """``frame["x"]``, ``frame[name]`` or ``frame.x`` of a plain name."""
    if isinstance(node, ast.Subscript):
        where, whole = node.slice, node.value
        if isinstance(whole, ast.Attribute) and isinstance(where, ast.Tuple):
            # ``frame.loc[:, "x"]``
            rows, whole = where.elts[0], whole.value
            if not isinstance(rows, ast.Slice) or rows.lower or rows.upper:
                return False
        return isinstance(whole, ast.Name) and not isinstance(where, (ast.Slice, ast.List))
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)


def _assignment(subject: Subject, call: Call) -> tuple[Edit, ...]:
    """``x.f(…, inplace=True)`` to ``x = x.f(…)``, where it stands alone on one line."""
    node, cell = call.node, call.statement.cell
    alone = any(n.value is node for _, n in subject.each(ast.Expr))
    if not alone or node.lineno != node.end_lineno or not isinstance(node.func, ast.Attribute):
        return ()
    line = subject.cells[cell].raw.split("\n")[node.lineno - 1]
    keyword = next(k for k in node.keywords if k.arg == "inplace")
    others = [a for a in (*node.args, *node.keywords) if a is not keyword]
    start = subject.column(cell, node.lineno, keyword.col_offset)
    end = subject.column(cell, node.lineno, keyword.end_col_offset or 0)
    before = line[:start].rstrip()
    if before.endswith(","):
        start = len(before) - 1
    elif others and line[end:].lstrip().startswith(","):
        end = line.index(",", end) + 1
        end += len(line[end:]) - len(line[end:].lstrip())
    first = subject.column(cell, node.lineno, node.col_offset)
    last = subject.column(cell, node.lineno, node.func.value.end_col_offset or 0)
    return (
        Edit(cell, node.lineno, first, first, f"{line[first:last]} = "),
        Edit(cell, node.lineno, start, end, ""),
    )


CHECK = Check("CH203", "inplace-on-column", Severity.WARNING, run)
