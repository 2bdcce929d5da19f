"""Which cell of the old version is which of the new one: by id, by content, by likeness."""

from collections.abc import Callable, Sequence

from chasm.model import Cell, Notebook

#: Cells that share fewer of their lines than this are others.
LIKE = 0.5
#: More pairs than this are not compared one by one.
MAX_PAIRS = 40_000


def aligned_cells(old: Notebook, new: Notebook) -> dict[int, int]:
    """Numbers of old cells to numbers of new ones, each at most once."""
    found: dict[int, int] = {}
    taken: set[int] = set()

    def match(key: Callable[[Cell], object]) -> None:
        waiting: dict[object, list[Cell]] = {}
        for cell in new.cells:
            if cell.index not in taken and (name := key(cell)):
                waiting.setdefault((cell.kind, name), []).append(cell)
        for cell in old.cells:
            if cell.index in found or not (name := key(cell)):
                continue
            others = waiting.get((cell.kind, name))
            if others:
                other = others.pop(0)
                found[cell.index] = other.index
                taken.add(other.index)

    match(lambda cell: (cell.id, cell.raw) if cell.id else None)
    match(lambda cell: cell.raw.strip())
    match(lambda cell: cell.id)
    _match_alike(
        [c for c in old.cells if c.index not in found and c.raw.strip()],
        [c for c in new.cells if c.index not in taken and c.raw.strip()],
        found,
    )
    return found


def _match_alike(old: Sequence[Cell], new: Sequence[Cell], found: dict[int, int]) -> None:
    """Pair what is left by the lines that two cells share, the most alike first."""
    if len(old) * len(new) > MAX_PAIRS:
        return
    lines = {id(cell): _lines(cell) for cell in (*old, *new)}
    scored = []
    for a in old:
        for b in new:
            if a.kind is b.kind and (score := _likeness(lines[id(a)], lines[id(b)])) >= LIKE:
                scored.append((-score, abs(a.index - b.index), a.index, b.index))
    used: set[int] = set()
    for _, _, a_index, b_index in sorted(scored):
        if a_index not in found and b_index not in used:
            found[a_index] = b_index
            used.add(b_index)


def _lines(cell: Cell) -> frozenset[str]:
    """What of a cell is compared: its lines, or its words when it is one line."""
    lines = [line.strip() for line in cell.raw.split("\n") if line.strip()]
    return frozenset(lines if len(lines) > 2 else cell.raw.split())


def _likeness(a: frozenset[str], b: frozenset[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0
