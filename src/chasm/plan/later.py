"""What the statements of the product after some point do: random draws, state, files, changes."""

from collections.abc import Set

from chasm.model import Statement


class Later:
    """What the statements of the product after some point do, all together."""

    def __init__(self) -> None:
        self.random: set[str] = set()
        self.state: set[str] = set()
        self.reads: set[str] = set()
        self.writes: set[str] = set()
        self.changers: dict[str, list[Statement]] = {}

    def add(self, p: Statement, glued: bool) -> None:
        e = p.effects
        self.random |= e.random | e.seeds
        self.state |= e.state
        self.reads |= e.reads
        self.writes |= e.writes
        for name in p.mutates | (p.binds if glued else frozenset()):
            self.changers.setdefault(name, []).append(p)


def overlap(a: Set[str], b: Set[str]) -> bool:
    """Whether two sets of files or random streams have one in common; ``*`` is any of them."""
    return bool(a & b) or bool(a and "*" in b) or bool(b and "*" in a)
