"""Queries that are put together as text."""

import ast
import re
from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity

QUERY = re.compile(r"^\s*(SELECT\s.*\bFROM\b|INSERT\s+INTO\b|UPDATE\s.*\bSET\b|DELETE\s+FROM\b)",
                   re.IGNORECASE | re.DOTALL)  # fmt: skip
METHODS = {"execute", "executemany", "executescript", "sql", "read_sql", "read_sql_query", "query"}


def run(subject: Subject) -> Iterator[Hit]:
    """Formatted queries that are executed, unless all that is put in is a constant."""
    constants = _constants(subject)
    assigned = [
        (statement.id, node.targets[0].id, node.value)
        for statement, node in subject.each(ast.Assign)
        if isinstance(node.targets[0], ast.Name)
    ]
    for statement, call in subject.each(ast.Call):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if name not in METHODS or not call.args:
            continue
        query = call.args[0]
        if isinstance(query, ast.Name):
            given = [v for i, n, v in assigned if n == query.id and i <= statement.id]
            query = given[-1] if given else query
        if _is_formatted(query, constants):
            message = "values become part of the query's own text: pass them as parameters"
            yield subject.at(statement, call, message)


def _constants(subject: Subject) -> set[str]:
    """Names that are only ever given literals."""
    given: dict[str, bool] = {}
    for statement in subject.facts.statements:
        for name in statement.binds:
            given[name] = given.get(name, True) and statement.is_constant
    return {name for name, only in given.items() if only}


def _is_formatted(node: ast.expr, constants: set[str]) -> bool:
    parts = _parts(node)
    if not parts:
        return False
    fixed, put = parts
    return bool(QUERY.match(fixed)) and any(
        isinstance(n, ast.Name) and n.id not in constants for one in put for n in ast.walk(one)
    )


def _parts(node: ast.expr) -> tuple[str, list[ast.expr]] | None:
    """The fixed text of a formatted string, and the expressions that are put into it."""
    if isinstance(node, ast.JoinedStr):
        put = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
        fixed = "".join(str(p.value) if isinstance(p, ast.Constant) else " _ " for p in node.values)
        return fixed, put
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
        left = _parts(node.left)
        if isinstance(node.left, ast.Constant) and isinstance(node.left.value, str):
            left = (node.left.value, [])
        if left is None:
            return None
        right = node.right
        if isinstance(right, ast.Constant):
            return left[0] + str(right.value), left[1]
        return f"{left[0]} _ ", [*left[1], right]
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "format"
        and isinstance(node.func.value, ast.Constant)
    ):
        return str(node.func.value.value), [*node.args, *(k.value for k in node.keywords)]
    return None


CHECK = Check("CH406", "formatted-query", Severity.WARNING, run)
