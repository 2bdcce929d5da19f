"""Connections whose other end may be anybody."""

import ast
from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity

REQUESTS = {"get", "post", "put", "patch", "delete", "head", "options", "request", "Session",
            "Client", "AsyncClient", "stream"}  # fmt: skip
CONTEXT = "_create_unverified_context"


def run(subject: Subject) -> Iterator[Hit]:
    """``verify=False`` in calls that open connections, and contexts that verify nothing."""
    for call in subject.calls:
        given = call.keyword("verify")
        is_off = isinstance(given, ast.Constant) and given.value is False
        if is_off and call.name.rpartition(".")[2] in REQUESTS:
            message = "verify=False trusts whoever answers"
            yield subject.at(call.statement, call.node, message)
    for statement, node in subject.each(ast.Attribute):
        if node.attr == CONTEXT:
            yield subject.at(statement, node, "certificates are no longer verified")


CHECK = Check("CH405", "unverified-connection", Severity.ERROR, run)
