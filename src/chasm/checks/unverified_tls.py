"""Connections whose other end may be anybody."""

import ast
from collections.abc import Iterator

from chasm.analyse.nodes import root_name
from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity

REQUESTS = {"get", "post", "put", "patch", "delete", "head", "options", "request", "Session",
            "Client", "AsyncClient", "stream"}  # fmt: skip
SESSIONS = {"Session", "session", "Client", "AsyncClient"}
CONTEXT = "_create_unverified_context"


def run(subject: Subject) -> Iterator[Hit]:
    """``verify=False`` of calls and of sessions, and contexts that verify nothing."""
    for call in subject.calls:
        given = call.keyword("verify")
        is_off = isinstance(given, ast.Constant) and given.value is False
        if is_off and call.name.rpartition(".")[2] in REQUESTS:
            message = "verify=False trusts whoever answers"
            yield subject.at(call.statement, call.node, message)
    opened = {
        target.id
        for _, tree in subject.each(ast.Assign)
        for target in tree.targets
        if isinstance(target, ast.Name)
        and (made := subject.by_node.get(id(tree.value))) is not None
        and made.name.rpartition(".")[2] in SESSIONS
    }
    for statement, tree in subject.each(ast.Assign):
        is_off = isinstance(tree.value, ast.Constant) and tree.value.value is False
        for target in tree.targets if is_off else ():
            ends = isinstance(target, ast.Attribute) and target.attr == "verify"
            if ends and root_name(target) in opened:
                yield subject.at(statement, tree, "verify = False trusts whoever answers")
    for statement, node in subject.each(ast.Attribute):
        if node.attr == CONTEXT:
            yield subject.at(statement, node, "certificates are no longer verified")


CHECK = Check("CH405", "unverified-connection", Severity.ERROR, run)
