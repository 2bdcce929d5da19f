"""Where one function has to end before another begins: by what values stand for in between."""

from chasm.model import Statement
from chasm.plan.graph import Graph


def cuts_of(
    graph: Graph,
    product: list[Statement],
    report: list[Statement],
    records: set[tuple[str, int]],
    learning: set[int],
) -> dict[int, set[int]]:
    """For each statement of the product those that it cannot be in one function with.

    ``report`` are statements that need values as they were, ``records`` versions that have to
    leave the function that makes them, ``learning`` what stands between two functions.
    """
    cuts = _superseded(graph, product, report, records)
    others = _other_versions(graph, product, learning)
    for s in product:
        cuts[s.id] |= _learned_of(graph, s, learning) | others[s.id]
    return cuts


def _superseded(
    graph: Graph,
    product: list[Statement],
    report: list[Statement],
    records: set[tuple[str, int]],
) -> dict[int, set[int]]:
    """For statements that supersede values which the report needs as they were, who made those.

    A function that made such a value has to end before it is superseded; one that was
    given it leaves its caller with the old value anyway.
    """
    needed = {(name, version) for r in report for name, version in graph.reads[r.id].items()}
    needed |= records
    made = {s.id for s in product}

    def superseded(s: Statement) -> set[int]:
        found: set[int] = set()
        for name, version in graph.before[s.id].items():
            current: int | None = version
            # What the report made of a value in between is no version of the product's.
            while current is not None and current not in made:
                current = graph.before[current].get(name)
            if current is not None and (name, current) in needed:
                found.add(current)
        return found

    return {s.id: superseded(s) for s in product}


def _other_versions(
    graph: Graph, product: list[Statement], learning: set[int]
) -> dict[int, set[int]]:
    """For what reads a learned value, who reads what its name stood for before that.

    A function takes one value under a name.
    """
    found: dict[int, set[int]] = {}
    readers: dict[str, dict[int | None, set[int]]] = {}
    for s in product:
        found[s.id] = set()
        for name, version in graph.reads[s.id].items():
            known = readers.setdefault(name, {})
            if version in learning:
                found[s.id].update(*(ids for one, ids in known.items() if one != version))
            known.setdefault(version, set()).add(s.id)
    return found


def _learned_of(graph: Graph, s: Statement, learning: set[int]) -> set[int]:
    """The statements that made what something was learned of which ``s`` needs.

    What learns stands between two functions, so ``s`` cannot be in one with those.
    """
    found: set[int] = set()
    queue = [version for version in graph.reads[s.id].values() if version in learning]
    while queue:
        for version in graph.reads[queue.pop()].values():
            (queue.append if version in learning else found.add)(version)
    return found
