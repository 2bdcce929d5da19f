"""Which statement gave each name the value that a later statement reads."""

from dataclasses import dataclass, field

from chasm.model import Facts, Statement

Version = int


@dataclass(slots=True)
class Graph:
    """Def-use edges between statements.

    ``reads[s][name]`` is the statement that made the version of ``name`` which ``s`` reads,
    ``before[s][name]`` the version that ``s`` supersedes by binding or changing it. A
    version is the number of the statement that made it.
    """

    reads: list[dict[str, Version]] = field(default_factory=list)
    before: list[dict[str, Version]] = field(default_factory=list)
    users: dict[tuple[str, Version], list[int]] = field(default_factory=dict)
    last: dict[str, Version] = field(default_factory=dict)


def build_graph(facts: Facts) -> Graph:
    """The def-use graph of the statements, in their order."""
    graph = Graph()
    current: dict[str, Version] = {}
    for statement in facts.statements:
        reads = {name: current[name] for name in sorted(_needed(statement)) if name in current}
        changed = statement.binds | statement.mutates
        graph.reads.append(reads)
        graph.before.append({n: current[n] for n in sorted(changed) if n in current})
        for name, version in reads.items():
            graph.users.setdefault((name, version), []).append(statement.id)
        for name in changed:
            if name in current or name in statement.binds:
                current[name] = statement.id
        for name in statement.deletes:
            current.pop(name, None)
    graph.last = current
    return graph


def _needed(statement: Statement) -> frozenset[str]:
    """Names whose earlier value matters: read, changed in place, or kept on some path."""
    return statement.reads | statement.mutates | statement.maybe
