"""What stands in the box of a node, and how large that makes it."""

from dataclasses import dataclass

from chasm.plan.documents import cells_text
from chasm.plan.flow import Node, Part
from chasm.report.text import printable

#: The labels are set in a fixed-width face, so that their width is known on every machine.
CHARACTER = 7.3
SMALL_CHARACTER = 6.7
PADDING = 14
LINE = 17
MAX_LABEL = 40
MAX_DETAILS = 8
MAX_CELLS = 30


@dataclass(frozen=True, slots=True)
class Box:
    """The lines of a node's box: its label, a small line below, and what it learns or holds."""

    label: str
    small: str
    details: tuple[str, ...]
    width: float
    height: float


def box_of(node: Node) -> Box:
    """The box of ``node``."""
    label, small = shortened(node.label), _small(node)
    details = _details(node)
    widths = [len(label) * CHARACTER, len(small) * SMALL_CHARACTER]
    widths += [(len(text) + 2) * SMALL_CHARACTER for text in details]
    if node.findings:
        widths[0] += 22
    height = 22.0 + LINE * (1 + bool(small) + len(details)) - 4 * (not small)
    return Box(label, small, details, round(max(widths) + 2 * PADDING, 1), height)


def shortened(text: str, length: int = MAX_LABEL) -> str:
    """``text`` on one line, its end cut off where it is too long."""
    text = printable(text)
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _small(node: Node) -> str:
    words = {Part.FILE: "", Part.LEARNED: "learns", Part.PREDICTOR: "saved and served"}
    first = words.get(node.part, node.stage if node.part is Part.STEP else "")
    parts = [first, _cells(node.cells)]
    if node.part is Part.REPORT:
        parts = [f"{len(node.details)} figures, tables and prints"]
        if len(node.details) == 1:
            parts = ["1 figure, table or print"]
    return " · ".join(part for part in parts if part)


def _cells(cells: tuple[int, ...]) -> str:
    """The cells as far as they fit."""
    told = cells_text(cells) if cells else ""
    if len(told) <= MAX_CELLS:
        return told
    return f"{told[:MAX_CELLS].rpartition(', ')[0]}, …"


def _details(node: Node) -> tuple[str, ...]:
    if node.part not in (Part.LEARNED, Part.PREDICTOR):
        return ()
    names = [shortened(name) for name in node.details]
    if len(names) > MAX_DETAILS:
        names = [*names[: MAX_DETAILS - 1], f"and {len(names) - MAX_DETAILS + 1} more"]
    return tuple(names)
