"""Where everything stands: boxes in rows, edges as points that a curve goes through."""

from dataclasses import dataclass
from statistics import median

from chasm.plan.flow import Edge, Flow
from chasm.report.drawing.boxes import Box, box_of
from chasm.report.drawing.layers import Layers, layers_of

MARGIN = 16.0
GAP = 28.0
BEND_GAP = 18.0
ROW_GAP = 34.0
ROUNDS = 6
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Layout:
    """A drawing without its looks: the left upper corner of each box, and the way of each edge.

    An edge is a list of straight pieces, each from a point down to another; between two pieces
    it swings over.
    """

    boxes: dict[str, Box]
    corners: dict[str, Point]
    routes: dict[Edge, tuple[tuple[Point, Point], ...]]
    width: float
    height: float


def layout_of(flow: Flow) -> Layout:
    """The layout of ``flow``; the same for the same flow, wherever it is made."""
    layers = layers_of(flow)
    boxes = {node.id: box_of(node) for node in flow.nodes}
    middles = _middles(layers, {key: box.width for key, box in boxes.items()})
    tops, heights, y = [], [], MARGIN
    for row in layers.rows:
        tops.append(y)
        heights.append(max((boxes[key].height for key in row if key in boxes), default=0))
        y += heights[-1] + ROW_GAP
    corners: dict[str, Point] = {}
    pieces: dict[str, tuple[Point, Point]] = {}
    for row, top, height in zip(layers.rows, tops, heights, strict=True):
        for key in row:
            x = middles[key]
            if key in boxes:
                corners[key] = (round(x - boxes[key].width / 2, 1), round(top, 1))
            # An edge leaves a small box straight down, so that it swings clear of a tall one.
            pieces[key] = ((round(x, 1), round(top, 1)), (round(x, 1), round(top + height, 1)))
    right = max((corners[key][0] + boxes[key].width for key in corners), default=0)
    right = max([right, *(piece[0][0] for piece in pieces.values())])
    # A notebook that computes nothing has no rows.
    bottom = y - ROW_GAP if layers.rows else MARGIN
    routes = {edge: tuple(pieces[key] for key in way) for edge, way in layers.routes.items()}
    return Layout(boxes, corners, routes, round(right + MARGIN, 1), round(bottom + MARGIN, 1))


def _middles(layers: Layers, widths: dict[str, float]) -> dict[str, float]:
    """The middle of each key: near what it is linked with, and never over its neighbour."""
    x: dict[str, float] = {}
    above, below = _kin(layers, widths, below=False), _kin(layers, widths, below=True)
    for row in layers.rows:
        x |= dict(zip(row, _spread([0.0] * len(row), _steps(row, widths)), strict=True))
    for turn in range(2 * ROUNDS):
        down = turn % 2 == 0
        for row in layers.rows if down else layers.rows[::-1]:
            wanted = []
            for key in row:
                near = [x[other] for other in (above if down else below)[key]]
                wanted.append(median(near) if near else x[key])
            x |= dict(zip(row, _spread(wanted, _steps(row, widths)), strict=True))
    left = min((x[key] - widths.get(key, 0) / 2 for row in layers.rows for key in row), default=0)
    return {key: middle - left + MARGIN for key, middle in x.items()}


def _kin(layers: Layers, widths: dict[str, float], below: bool) -> dict[str, list[str]]:
    """What each key should stand in line with: a box with boxes, a bend with its own edge's.

    Were a box drawn towards the edges that pass it, a long notebook would lean to one side.
    """
    found = {}
    for key, near in layers.neighbours(below).items():
        if key in widths:
            kin = [other for other in near if other in widths and layers.plain(key, other)]
        else:
            edge = key.partition(" ")[2]
            kin = [other for other in near if other.partition(" ")[2] == edge]
        found[key] = kin or near
    return found


def _steps(row: list[str], widths: dict[str, float]) -> list[float]:
    """How far apart the middles of neighbours have to be at least."""
    steps = []
    for one, other in zip(row, row[1:], strict=False):
        gap = GAP if one in widths and other in widths else BEND_GAP
        steps.append(widths.get(one, 0) / 2 + gap + widths.get(other, 0) / 2)
    return steps


def _spread(wanted: list[float], steps: list[float]) -> list[float]:
    """Places in their order, ``steps`` apart, as near to the ``wanted`` ones as can be.

    With the steps taken off, this is the closest rising sequence: neighbours that would fall
    are put together on their mean.
    """
    offsets = [0.0]
    for step in steps:
        offsets.append(offsets[-1] + step)
    blocks: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=False):
        mean, count = want - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, size = blocks.pop()
            mean, count = (mean * count + other * size) / (count + size), count + size
        blocks.append((mean, count))
    places = [mean for mean, count in blocks for _ in range(count)]
    return [place + offset for place, offset in zip(places, offsets, strict=False)]
