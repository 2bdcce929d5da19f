"""What functions of the notebook read and rebind when they are called, not where they stand."""

from collections.abc import Set

from chasm.analyse.environment import Environment
from chasm.analyse.scopes import free_names, global_names


def reads_when_called(env: Environment, names: Set[str]) -> set[str]:
    """Names of the notebook that these definitions read when called, through each other."""
    seen: set[str] = set()
    found: set[str] = set()
    queue = sorted(names)
    while queue:
        name = queue.pop()
        if name in seen or name not in env.definitions:
            continue
        seen.add(name)
        free = free_names(env.definitions[name])
        found |= free
        queue += sorted(free)
    return found


def stores_when_called(env: Environment, names: Set[str]) -> set[str]:
    """Names of the notebook that these definitions rebind when called, through each other."""
    called = {n for n in names | reads_when_called(env, names) if n in env.definitions}
    return {name for n in called for name in global_names(env.definitions[n])}
