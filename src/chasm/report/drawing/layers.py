"""Nodes in layers, long edges as chains of bends, few crossings: the order of a drawing."""

from dataclasses import dataclass, field

from chasm.plan.flow import Edge, Flow

ROUNDS = 8


@dataclass(slots=True)
class Layers:
    """Rows of keys, from the top; ``links`` lead from one row to the next.

    A key is the ``id`` of a node, or a bend of edges on their way past a layer. ``routes`` are
    the keys that each edge goes through.
    """

    rows: list[list[str]]
    routes: dict[Edge, tuple[str, ...]]
    links: list[tuple[str, str]] = field(default_factory=list)
    data: set[tuple[str, str]] = field(default_factory=set)

    def neighbours(self, below: bool) -> dict[str, list[str]]:
        """What each key is linked with in the next row below, or above."""
        found: dict[str, list[str]] = {key: [] for row in self.rows for key in row}
        for source, target in self.links:
            if below:
                found[source].append(target)
            else:
                found[target].append(source)
        return found

    def plain(self, one: str, other: str) -> bool:
        """Whether data go between two neighbours, and not only what was learned."""
        return (one, other) in self.data or (other, one) in self.data


def layers_of(flow: Flow) -> Layers:
    """The layers of ``flow``, with what is linked near to each other."""
    depth = _depths(flow)
    rows: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in flow.nodes:
        rows[depth[node.id]].append(node.id)
    layers = Layers(rows, {})
    links: dict[tuple[str, str], None] = {}
    for edge in flow.edges:
        # Edges into one node share their bends, and so do those of what was learned.
        shared = f"{edge.source} learned" if edge.learned else f"to {edge.target}"
        way = [edge.source]
        for row in range(depth[edge.source] + 1, depth[edge.target]):
            key = f"{row} {shared}"
            if key not in rows[row]:
                rows[row].append(key)
            way.append(key)
        way.append(edge.target)
        layers.routes[edge] = tuple(way)
        links |= dict.fromkeys(zip(way, way[1:], strict=False))
    layers.links = list(links)
    layers.data = {(edge.source, edge.target) for edge in flow.edges if not edge.learned}
    _untangle(layers)
    return layers


def _depths(flow: Flow) -> dict[str, int]:
    """One below the deepest of what a node takes; what takes nothing stands near who needs it."""
    depth = {node.id: 0 for node in flow.nodes}
    for _ in flow.nodes:
        before = dict(depth)
        for edge in flow.edges:
            depth[edge.target] = max(depth[edge.target], depth[edge.source] + 1)
        if depth == before:
            break
    for node in flow.nodes:
        readers = [depth[e.target] for e in flow.edges if e.source == node.id]
        if readers and not any(e.target == node.id for e in flow.edges):
            depth[node.id] = min(readers) - 1
    return depth


def _untangle(layers: Layers) -> None:
    """Order each row by the middle of its neighbours; the best order of all rounds stays."""
    best, fewest = [list(row) for row in layers.rows], _crossings(layers)
    above, below = layers.neighbours(below=False), layers.neighbours(below=True)
    for turn in range(ROUNDS):
        near = above if turn % 2 == 0 else below
        rows = layers.rows if turn % 2 == 0 else layers.rows[::-1]
        for last, row in zip(rows, rows[1:], strict=False):
            place = {key: number for number, key in enumerate(last)}
            own = {key: float(number) for number, key in enumerate(row)}
            for key in row:
                found = [place[other] for other in near[key]]
                own[key] = sum(found) / len(found) if found else own[key]
            row.sort(key=own.__getitem__)
        crossings = _crossings(layers)
        if crossings < fewest:
            best, fewest = [list(row) for row in layers.rows], crossings
    layers.rows = best


def _crossings(layers: Layers) -> int:
    place = {key: number for row in layers.rows for number, key in enumerate(row)}
    row_of = {key: number for number, row in enumerate(layers.rows) for key in row}
    pairs: dict[int, list[tuple[int, int]]] = {}
    for source, target in layers.links:
        pairs.setdefault(row_of[source], []).append((place[source], place[target]))
    return sum(
        (a - c) * (b - d) < 0
        for row in pairs.values()
        for number, (a, b) in enumerate(row)
        for c, d in row[:number]
    )
