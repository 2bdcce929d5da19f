"""Statements that make the same figures: from where one is opened to where it ends."""

from collections.abc import Set

from chasm.model import Facts


def segments(facts: Facts) -> dict[int, tuple[int, ...]]:
    """For each statement that draws or shows, the others that make the same figures."""
    found: dict[int, tuple[int, ...]] = {}
    current: list[int] = []
    cell = None
    for s in (*facts.statements, None):
        if s is None or s.cell != cell:
            found.update({number: tuple(current) for number in current})
            current, cell = [], s.cell if s else None
        if s is not None and (s.effects.draws or s.effects.shows):
            current.append(s.id)
            if s.closes:
                found.update({number: tuple(current) for number in current})
                current = []
    return found


def left_open(facts: Facts, carried: Set[int]) -> set[int]:
    """Statements after which another one that is carried over draws on the same figure."""
    found: set[int] = set()
    for made in set(segments(facts).values()):
        last = max((number for number in made if number in carried), default=made[0])
        found.update(range(made[0], last))
    return found
