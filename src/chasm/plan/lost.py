"""Statements that cannot run anywhere but where the notebook was, and why."""

import builtins

from chasm.model import Facts
from chasm.plan.graph import Graph
from chasm.rulebook import Rulebook


def lost_statements(facts: Facts, graph: Graph, book: Rulebook) -> dict[int, str]:
    """Simple statements that cannot run: they read a name that nothing has bound, or what
    another such statement would have made. Each is a finding of the analysis as well."""
    stars = any(i.name == "*" for s in facts.statements for i in s.imports)
    found: dict[int, str] = {}
    never: set[tuple[str, int | None]] = set()
    hosted = {
        (i.name, s.id): f"{i.module} exists only in {platform}"
        for s in facts.statements
        for i in s.imports
        if (platform := book.platform(f"{i.module}.{i.symbol}" if i.symbol else i.module))
    }
    given = frozenset(dir(builtins)) | book.ambient.keys() | {"__name__", "__file__", "__doc__"}
    for s in facts.statements:
        reads = graph.reads[s.id]
        unbound = sorted((s.reads & s.named) - reads.keys() - given - s.late)
        only = [hosted[read] for read in reads.items() if read in hosted]
        if only and s.definition is None:
            found[s.id] = only[0]
        elif unbound and not stars and s.syntax in ("Expr", "Assign", "AugAssign", "AnnAssign"):
            found[s.id] = f"it reads {unbound[0]}, which nothing before it binds"
        elif any(version in found or (n, version) in never for n, version in reads.items()):
            found[s.id] = "it needs what a statement that cannot run would have made"
        else:
            # What nothing has made is not there after a change either.
            before = ((n, graph.before[s.id].get(n)) for n in s.mutates - s.binds)
            never |= {(n, s.id) for n, v in before if v in found or (n, v) in never}
    return found
