"""A flow in the language of graphviz."""

from chasm.plan.documents import cells_text
from chasm.plan.flow import Flow, Node, Part
from chasm.report.text import printable

SHAPES = {
    Part.FILE: "note",
    Part.STEP: "box",
    Part.LEARNED: "component",
    Part.REPORT: "folder",
    Part.PREDICTOR: "box3d",
    Part.SERVICE: "oval",
}


def render(flow: Flow, title: str) -> str:
    """A directed graph, from top to bottom."""
    lines = [f"digraph {_quoted(title)} {{", "  rankdir=TB;", "  node [fontname=monospace];"]
    for node in flow.nodes:
        rim = ", penwidth=3" if node.findings else ""
        shape = SHAPES[node.part]
        lines.append(f"  {_quoted(node.id)} [label={_label(node)}, shape={shape}{rim}];")
    for edge in flow.edges:
        look = ", style=dashed" if edge.learned else ""
        label = _quoted(", ".join(edge.values))
        lines.append(f"  {_quoted(edge.source)} -> {_quoted(edge.target)} [label={label}{look}];")
    return "\n".join([*lines, "}"]) + "\n"


def _label(node: Node) -> str:
    words = [node.label, cells_text(node.cells) if node.cells else "", ", ".join(node.details)]
    return '"' + "\\n".join(_escaped(word) for word in words if word) + '"'


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return printable(text).replace("\\", "\\\\").replace('"', '\\"')
