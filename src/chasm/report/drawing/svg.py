"""A flow as SVG, written by hand: no script, no link but to cells of the page around it."""

from html import escape
from importlib.resources import files

from chasm.plan.documents import cells_text
from chasm.plan.flow import Edge, Flow, Node, Part
from chasm.report.drawing.boxes import LINE, PADDING, Box
from chasm.report.drawing.layout import Layout, Point, layout_of
from chasm.report.text import printable


def render(flow: Flow, title: str) -> str:
    """A picture that stands alone, in the colours that its reader's system asks for."""
    return f"{picture(flow, title, style())}\n"


def style() -> str:
    """How the drawing looks, for the picture itself or for the page that it stands in."""
    return files("chasm.report.drawing").joinpath("drawing.css").read_text(encoding="utf-8")


def picture(flow: Flow, title: str, css: str = "", links: bool = False) -> str:
    """The drawing; with ``links`` a node leads to its first cell, as ``#cell-3``."""
    layout = layout_of(flow)
    width, height = _number(layout.width), _number(layout.height)
    words = escape(printable(title))
    name = f'aria-label="{words}"' if links else f'role="img" aria-label="{words}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" {name} '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
        f"<title>{words}</title>",
    ]
    if css:
        parts.append(f"<style>\n{css}</style>")
        parts.append('<rect class="paper" width="100%" height="100%"/>')
    parts.append(_heads())
    parts += [_edge(edge, layout) for edge in flow.edges]
    parts += [_node(node, layout, links) for node in flow.nodes]
    return "\n".join([*parts, "</svg>"])


def _heads() -> str:
    shape = '<path d="M0 0 8 4 0 8z"/></marker>'
    size = 'viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"'
    kinds = ("data", "learned")
    heads = "".join(f'<marker id="head-{k}" class="head {k}" {size}>{shape}' for k in kinds)
    return f"<defs>{heads}</defs>"


def _edge(edge: Edge, layout: Layout) -> str:
    pieces = layout.routes[edge]
    top = layout.corners[edge.source][1]
    points = [pieces[0][1]]
    path = f"M{_point((points[0][0], top + layout.boxes[edge.source].height))}L{_point(points[0])}"
    for number, (start, end) in enumerate(pieces[1:], start=1):
        last = points[-1]
        middle = (last[1] + start[1]) / 2
        path += f"C{_point((last[0], middle))} {_point((start[0], middle))} {_point(start)}"
        if number < len(pieces) - 1 and start != end:
            path += f"L{_point(end)}"
        points.append(end)
    kind = "learned" if edge.learned else "data"
    told = ", ".join(printable(value) for value in edge.values)
    words = f"<title>{escape(told)}</title>" if told else ""
    ends = f'data-from="{escape(edge.source)}" data-to="{escape(edge.target)}"'
    return (
        f'<path class="edge {kind}" d="{path}" marker-end="url(#head-{kind})" {ends}>{words}</path>'
    )


def _node(node: Node, layout: Layout, links: bool) -> str:
    box, (x, y) = layout.boxes[node.id], layout.corners[node.id]
    radius = box.height / 2 if node.part in (Part.FILE, Part.SERVICE) else 7
    cells = " ".join(str(cell) for cell in node.cells)
    width, height = _number(box.width), _number(box.height)
    rect = f'<rect width="{width}" height="{height}" rx="{_number(radius)}"/>'
    if node.part is Part.STEP:
        bar = _number(box.height - 16)
        rect += f'<rect class="bar {escape(node.module)}" y="8" width="3" height="{bar}"/>'
    body = f"<title>{escape(_told(node))}</title>{rect}{_texts(node, box)}"
    classes = f'class="node {node.part.value}"'
    place = f'transform="translate({_point((x, y))})"'
    if links and node.cells:
        href = f'href="#cell-{node.cells[0]}" aria-label="{escape(_told(node))}"'
        return f'<a {classes} {place} {href} data-cells="{cells}">{body}</a>'
    return f'<g {classes} {place} data-cells="{cells}">{body}</g>'


def _texts(node: Node, box: Box) -> str:
    y = 11.0 + 12
    parts = [_text("label", PADDING, y, box.label)]
    if box.small:
        y += LINE
        parts.append(_text("small", PADDING, y - 1, box.small))
    for detail in box.details:
        y += LINE
        parts.append(f'<circle class="dot" cx="{PADDING + 3}" cy="{_number(y - 4)}" r="2.5"/>')
        parts.append(_text("detail", PADDING + 12, y, detail))
    if node.findings:
        x = box.width - PADDING - 4
        parts.append(f'<circle class="badge" cx="{_number(x)}" cy="18" r="9"/>')
        count = str(len(node.findings))
        parts.append(_text("badge-text", x, 22, count))
    return "".join(parts)


def _text(name: str, x: float, y: float, words: str) -> str:
    return f'<text class="{name}" x="{_number(x)}" y="{_number(y)}">{escape(words)}</text>'


def _told(node: Node) -> str:
    """All that the box says, and what it has no room for."""
    parts = [printable(node.label)]
    parts += [cells_text(node.cells)] if node.cells else []
    parts += [printable(", ".join(node.details))] if node.details else []
    parts += [f"{f.code} {printable(f.message)}" for f in node.findings]
    return "; ".join(parts)


def _point(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    return f"{round(value, 1):g}"
