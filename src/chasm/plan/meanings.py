"""What own functions are called at the level of a module, where a name has one meaning.

In a notebook a name may be what an import gave it, then an own function, then a value, as in
``error = error(y, said)``.
"""

from collections.abc import Iterable, Sequence
from enum import Enum, auto

from chasm.model import Facts, Statement
from chasm.plan.apart import Apart
from chasm.plan.graph import Graph


class Meaning(Enum):
    """What a name stands for where a statement reads or binds it."""

    OWN = auto()
    VALUE = auto()
    GIVEN = auto()  # by an import, or by Python itself


def names_of_owns(
    facts: Facts, graph: Graph, apart: Apart, groups: Iterable[Sequence[Statement]]
) -> dict[int, str]:
    """A name for each own function: its own, or a numbered one where that is another's too.

    Each of ``groups`` becomes a function, in which a value hides the function of its name.
    """
    names = {d.name for d in apart.owns.values()}
    shared: set[str] = set()
    for group in groups:
        for name in names & {n for s in group for n in s.named}:
            found = {m for s in group for m in _meanings(facts, graph, apart, s, name)}
            if Meaning.GIVEN in found or found >= {Meaning.OWN, Meaning.VALUE}:
                shared.add(name)
    for number, d in apart.owns.items():
        found_inside = {name: graph.inside(d.name, number, name) for name in names & d.direct}
        shared |= {name for name, version in found_inside.items() if version in apart.imports}
    taken = {name for s in facts.statements for name in s.binds | s.named} | shared
    return _numbered(apart, shared, taken)


def _numbered(apart: Apart, shared: set[str], taken: set[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    used: set[str] = set()
    for number, d in apart.owns.items():
        name, count = d.name, 1
        while name in used or name in (shared if count == 1 else taken):
            count += 1
            name = f"{d.name}_{count}"
        used.add(name)
        found[number] = name
    return found


def _meanings(facts: Facts, graph: Graph, apart: Apart, s: Statement, name: str) -> set[Meaning]:
    found: set[Meaning] = set()
    if name in s.named & s.reads:
        version = graph.reads[s.id].get(name)
        if version in apart.owns:
            found.add(Meaning.OWN)
        else:
            given = version is None or version in apart.imports
            found.add(Meaning.GIVEN if given else Meaning.VALUE)
    if name in s.binds and s.id not in apart.owns:
        found.add(Meaning.VALUE)
    return found
