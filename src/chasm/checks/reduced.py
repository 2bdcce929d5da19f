"""Calls that look at other rows: statistics of all of them, and values of those around each."""

import ast

from chasm.checks.check import Call, Subject
from chasm.checks.trace import EARLIER, LATER, STATISTIC, Learned, Trace

TABLES = ("frame", "series", "array", "table", "dataset")
GROUPS = ("groupby", "series-groupby")
ROW_WISE = (1, "columns")


def statistic(subject: Subject, call: Call) -> ast.expr | None:
    """The expression whose rows ``call`` takes together; None when it does nothing like it."""
    node = call.node
    axis = call.keyword("axis")
    if isinstance(axis, ast.Constant) and axis.value in ROW_WISE:
        return None
    if call.called.receiver is not None and isinstance(node.func, ast.Attribute):
        if call.kind in GROUPS and node.func.attr == "transform":
            return node.func.value if _spread(subject, call) else None
        if call.kind not in (*TABLES, *GROUPS) or not _counts(subject, call, node.func.attr):
            return None
        by_place = node.args[0] if node.args else None
        if isinstance(by_place, ast.Constant) and by_place.value in ROW_WISE:
            # ``quantile(1)`` is the largest of a column, ``mean(1)`` that of a row.
            return node.func.value if node.func.attr == "quantile" else None
        return node.func.value
    root, _, name = call.name.rpartition(".")
    if root in subject.words("arrays") and node.args and _counts(subject, call, name):
        second = node.args[1] if len(node.args) > 1 else None
        by_row = isinstance(second, ast.Constant) and second.value == 1
        return None if by_row and name not in ("percentile", "quantile") else node.args[0]
    return None


def by_group(call: Call) -> bool:
    """Whether a statistic is one figure a group, and not the same for all rows."""
    return call.kind in GROUPS and call.name != "transform"


def _spread(subject: Subject, call: Call) -> bool:
    """``transform("mean")`` gives each row the figure of its group."""
    first = call.node.args[0] if call.node.args else None
    return isinstance(first, ast.Constant) and first.value in subject.words("statistics")


def _counts(subject: Subject, call: Call, name: str) -> bool:
    """Extremes and counts are only learned where they scale or fill something."""
    if name in subject.words("statistics"):
        return True
    if name not in subject.words("extremes"):
        return False
    tree = subject.facts.nodes[call.statement.id]
    return any(
        isinstance(part, ast.Div)
        or isinstance(part, ast.Attribute)
        and part.attr in subject.words("fills")
        for part in ast.walk(tree)
    )


def around(subject: Subject, call: Call) -> str | None:
    """Whether ``call`` takes values of later or of earlier rows into each row."""
    if call.kind not in (*TABLES, *GROUPS, "window") or call.called.receiver is None:
        return None
    first = call.node.args[0] if call.node.args else call.keyword("periods")
    if call.name in subject.words("shifts"):
        negative = isinstance(first, ast.UnaryOp) and isinstance(first.op, ast.USub)
        if negative:
            return LATER
        known = first is None or isinstance(first, ast.Constant)
        return EARLIER if known else None
    method = call.keyword("method")
    named = method.value if isinstance(method, ast.Constant) else None
    if call.name in subject.words("looks_ahead") or named in subject.words("looks_ahead"):
        return LATER
    centred = call.keyword("center")
    if isinstance(centred, ast.Constant) and centred.value is True:
        return LATER
    back = call.name in subject.words("looks_back") or named in subject.words("looks_back")
    return EARLIER if back else None


def learned(call: Call, rows: Trace, kind: str = STATISTIC) -> Learned:
    """What a call has taken from these rows."""
    name = call.name.rpartition(".")[2]
    first = call.node.args[0] if call.node.args else None
    if name == "transform" and isinstance(first, ast.Constant):
        name = str(first.value)
    return Learned(call.statement, call.node, name, rows.versions, rows.roles, kind)
