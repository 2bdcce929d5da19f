"""A flow as a mermaid flowchart; labels hold letters, digits and a few harmless signs."""

from chasm.plan.documents import cells_text
from chasm.plan.flow import Edge, Flow, Node, Part, mermaid_id

#: How each kind of node is drawn, around its label.
SHAPES = {
    Part.FILE: ('(["', '"])'),
    Part.STEP: ('["', '"]'),
    Part.LEARNED: ('{{"', '"}}'),
    Part.REPORT: ('[/"', '"/]'),
    Part.PREDICTOR: ('[["', '"]]'),
    Part.SERVICE: ('(("', '"))'),
}
HARMLESS = " ._-/,"
MAX_LABEL = 60


def render(flow: Flow, title: str) -> str:
    """The flowchart, without the fence of a Markdown block."""
    lines = ["flowchart TB", f"    accTitle: {_safe(title)}"]
    lines += [f"    {mermaid_id(node.id)}{_shape(node)}" for node in flow.nodes]
    lines += [f"    {_edge(edge)}" for edge in flow.edges]
    found = [mermaid_id(node.id) for node in flow.nodes if node.findings]
    if found:
        lines += ["    classDef finding stroke-width:3px", f"    class {','.join(found)} finding"]
    return "\n".join(lines) + "\n"


def _shape(node: Node) -> str:
    start, end = SHAPES[node.part]
    words = [_safe(node.label)]
    if node.cells and node.part is Part.STEP:
        words.append(cells_text(node.cells))
    if node.part in (Part.LEARNED, Part.PREDICTOR):
        words.append(_safe(", ".join(node.details)))
    return f"{start}{'<br>'.join(word for word in words if word)}{end}"


def _edge(edge: Edge) -> str:
    arrow = "-.->" if edge.learned else "-->"
    words = _safe(", ".join(edge.values))
    label = f'|"{words}"|' if words else ""
    return f"{mermaid_id(edge.source)} {arrow}{label} {mermaid_id(edge.target)}"


def _safe(text: str) -> str:
    plain = "".join(c if c.isalnum() or c in HARMLESS else "_" for c in text)
    return plain if len(plain) <= MAX_LABEL else f"{plain[: MAX_LABEL - 1]}…"
