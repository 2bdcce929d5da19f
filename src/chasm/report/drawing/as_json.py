"""A flow for programs."""

import json
from dataclasses import asdict

from chasm.findings import Finding
from chasm.plan.flow import Flow, Node

VERSION = 1


def render(flow: Flow, title: str) -> str:
    """Nodes, edges and the findings of each node's cells."""
    found = {
        "schema_version": VERSION,
        "title": title,
        "nodes": [_node(node) for node in flow.nodes],
        "edges": [
            {"source": e.source, "target": e.target, "values": e.values, "learned": e.learned}
            for e in flow.edges
        ],
    }
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _node(node: Node) -> dict[str, object]:
    found = asdict(node)
    found["part"] = node.part.value
    found["findings"] = [_finding(one) for one in node.findings]
    return found


def _finding(one: Finding) -> dict[str, object]:
    return {
        "code": one.code,
        "severity": one.severity.value,
        "message": one.message,
        "cell": one.cell,
        "line": one.line,
    }
