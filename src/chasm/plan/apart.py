"""What lives outside any function's body: imports, own functions, constants, settings."""

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass, field

from chasm.analyse.literals import is_setting
from chasm.model import Definition, Facts, Statement
from chasm.plan.graph import Graph
from chasm.plan.model import Handles
from chasm.plan.own_files import files_of_owns


@dataclass(slots=True)
class Apart:
    """Statements that are not part of a function of the plan, by what they are.

    ``extras`` are, for each own function, the names of the notebook that it takes as
    parameters from now on, ``names`` what it is called; ``upper`` the constants that modules
    hold, by their old name. ``glued`` are the first and last statements of what has to stay
    in one function, ``held`` the names that hold it together, by its first. ``files`` are the
    paths among the ``extras``, with the files that they name.
    """

    imports: set[int] = field(default_factory=set)
    owns: dict[int, Definition] = field(default_factory=dict)
    settings: dict[int, str] = field(default_factory=dict)
    constants: dict[int, str] = field(default_factory=dict)
    upper: dict[str, str] = field(default_factory=dict)
    extras: dict[int, tuple[str, ...]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    fields: dict[int, str] = field(default_factory=dict)
    glued: list[tuple[int, int]] = field(default_factory=list)
    held: dict[int, frozenset[str]] = field(default_factory=dict)
    files: dict[int, dict[str, str]] = field(default_factory=dict)
    handles: Handles = Handles()

    @property
    def all(self) -> set[int]:
        return self.imports | self.owns.keys() | self.settings.keys() | self.constants.keys()


def set_apart(facts: Facts, graph: Graph, steps: Set[int] = frozenset()) -> Apart:
    """Find what can stand at a module's level, and what own functions then lack.

    ``steps`` are statements that each record goes through: nobody hands files in there.
    """
    apart = _set_apart(facts, graph, frozenset(), steps)
    inside = _ambiguous(apart) | _redefined(apart, graph)
    inside |= _with_state(facts, apart) | _decorated(facts, graph, apart)
    return _set_apart(facts, graph, inside, steps) if inside else apart


def _ambiguous(apart: Apart) -> frozenset[int]:
    """Own functions that take a name of the notebook which one of their callers has as its own."""
    names = {
        name
        for number, d in apart.owns.items()
        for name in apart.extras[number]
        if name in d.inside and name not in d.direct
    }
    return frozenset(number for number, extras in apart.extras.items() if names & set(extras))


def _redefined(apart: Apart, graph: Graph) -> frozenset[int]:
    """Own functions that call another one which is defined again between their calls, and those.

    What stands at a module's level is one thing to all of its callers.
    """
    found: set[int] = set()
    for number, d in apart.owns.items():
        users = graph.users.get((d.name, number), ())
        for name in d.direct:
            meant = {v for user in users if (v := graph.reads[user].get(name)) in apart.owns}
            if len(meant) > 1:
                found |= {number, *(v for v in meant if v is not None)}
    return frozenset(found)


def _with_state(facts: Facts, apart: Apart) -> frozenset[int]:
    """Own functions that statements hang something on, as in ``count.calls = 0``."""
    changed = {name for s in facts.statements for name in s.mutates}
    return frozenset(number for number, d in apart.owns.items() if d.name in changed)


def _decorated(facts: Facts, graph: Graph, apart: Apart) -> frozenset[int]:
    """Own functions whose decorator or default needs values of the notebook to be called, or is
    itself no function of a module."""
    inside = {s.id for s in facts.statements if s.definition is not None} - apart.owns.keys()

    def needs(number: int, d: Definition) -> bool:
        read = graph.reads[number]
        versions = (read.get(name) for name in facts.statements[number].reads - d.direct)
        return any(v is not None and (v in inside or apart.extras.get(v)) for v in versions)

    return frozenset(number for number, d in apart.owns.items() if needs(number, d))


def _set_apart(facts: Facts, graph: Graph, inside: frozenset[int], steps: Set[int]) -> Apart:
    """The same, where the own functions ``inside`` stay among the statements around them."""
    apart = Apart(handles=_handles(facts))
    binders = Counter(name for s in facts.statements for name in s.binds)
    changed = {name for s in facts.statements for name in s.mutates | s.deletes}
    stored = {n for s in facts.statements if s.definition for n in s.definition.stores}
    # What a lambda reads has its name where the lambda is called, and perhaps not before.
    stored |= {n for s in facts.statements for n in s.late - graph.reads[s.id].keys()}
    for s in facts.statements:
        if s.imports and s.syntax in ("Import", "ImportFrom"):
            apart.imports.add(s.id)
    _own_functions(facts, apart, inside)
    _hold_together(facts, graph, apart)
    read_by_owns = {
        n for number, d in apart.owns.items() for n in d.direct | facts.statements[number].reads
    }
    for s in facts.statements:
        name = _constant_name(s, binders, changed | stored)
        if name is None:
            continue
        setting = is_setting(s.constant)
        if name in read_by_owns or (not setting and _is_shared(facts, graph, s, name)):
            upper = name.upper()
            if upper == name or (upper not in binders and upper.isidentifier()):
                apart.constants[s.id] = name
                apart.upper[name] = upper
        elif setting and _worth_a_setting(facts, graph, s, name):
            apart.settings[s.id] = name
    _find_extras(facts, graph, apart, steps)
    return apart


def _handles(facts: Facts) -> Handles:
    """Names that the notebook uses for nothing else."""
    taken = {n for s in facts.statements for n in s.binds | s.named | s.reads}
    taken |= {n for s in facts.statements if s.definition for n in s.definition.inside}

    def free(wanted: str) -> str:
        while wanted in taken:
            wanted = f"{wanted}_"
        return wanted

    config = "config" if "config" not in taken else free("settings")
    return Handles(config, "output" if "output" not in taken else free("reports"))


def _constant_name(s: Statement, binders: Counter[str], changed: set[str]) -> str | None:
    if not s.is_constant or len(s.binds) != 1:
        return None
    (name,) = s.binds
    # What starts with an underscore says itself that it is nobody else's business.
    if binders[name] != 1 or name in changed or name.startswith("_"):
        return None
    return name


def _is_shared(facts: Facts, graph: Graph, s: Statement, name: str) -> bool:
    """Whether a table of literals is meant for more than the lines below it."""
    users = graph.users.get((name, s.id), [])
    others = any(facts.statements[n].cell != s.cell for n in users)
    return bool(users) and (name.isupper() or others or len(users) > 1)


def _worth_a_setting(facts: Facts, graph: Graph, s: Statement, name: str) -> bool:
    """Whether more depends on a literal than a print or a figure in its own cell."""
    users = [facts.statements[n] for n in graph.users.get((name, s.id), ())]
    return any(
        u.cell != s.cell or u.effects.reads or not (u.effects.prints or u.effects.draws)
        for u in users
    )


def _own_functions(facts: Facts, apart: Apart, inside: frozenset[int]) -> None:
    values = _value_names(facts)
    for s in facts.statements:
        d = s.definition
        if d is None:
            continue
        if d.stores:
            apart.held[s.id] = d.stores | {d.name}
            apart.glued.append((s.id, _last_touch(facts, s.id, apart.held[s.id])))
            continue
        if d.is_class and (d.direct & values or d.show_calls):
            continue
        if s.id in inside or not d.simple and d.direct & values:
            continue
        if s.reads & values - d.direct:
            # A default or a decorator takes a value of the notebook where it is defined.
            continue
        apart.owns[s.id] = d


def _hold_together(facts: Facts, graph: Graph, apart: Apart) -> None:
    """Keep what reads names when it is called with its calls, where those change in between."""
    fixed = apart.owns.keys() | apart.imports
    for s in facts.statements:
        late = s.late
        if s.definition is not None and s.id not in apart.owns and s.id not in apart.held:
            late = s.definition.direct
        if not late:
            continue
        last = max((n for name in s.binds for n in graph.users.get((name, s.id), ())), default=0)
        between = [b for b in facts.statements[s.id + 1 : last] if b.id not in fixed]
        if any(late & b.binds for b in between):
            apart.held[s.id] = late | s.binds
            apart.glued.append((s.id, last))


def _value_names(facts: Facts) -> set[str]:
    """Names bound to values by the notebook and not only once to a literal."""
    binders = Counter(name for s in facts.statements for name in s.binds)
    changed = {name for s in facts.statements for name in s.mutates}
    found: set[str] = set()
    for s in facts.statements:
        if s.syntax in ("Import", "ImportFrom") or s.definition is not None:
            continue
        for name in s.binds:
            if not (s.is_constant and binders[name] == 1 and name not in changed):
                found.add(name)
    return found


def _last_touch(facts: Facts, start: int, names: frozenset[str]) -> int:
    last = start
    for s in facts.statements[start:]:
        if (s.reads | s.binds | s.mutates) & names:
            last = s.id
    return last


def _find_extras(facts: Facts, graph: Graph, apart: Apart, steps: Set[int]) -> None:
    """Names that own functions read and no module holds, through the functions they call."""
    called = {
        number: {v for n in d.direct if (v := graph.inside(d.name, number, n)) in apart.owns}
        for number, d in apart.owns.items()
    }
    apart.files = files_of_owns(facts, graph, apart.owns)
    for number in _reached(called, {v for s in steps for v in graph.reads[s].values()}):
        apart.files.pop(number, None)
    module_level = set(apart.upper)
    module_level |= {i.name for n in apart.imports for i in facts.statements[n].imports}
    bound = {name for s in facts.statements for name in s.binds}
    direct: dict[int, set[str]] = {}
    for number, d in apart.owns.items():
        meant = {n: graph.inside(d.name, number, n) for n in d.direct}
        direct[number] = {
            n
            for n, version in meant.items()
            if n in bound and n not in module_level and version not in apart.owns
        }
        direct[number] |= apart.files.get(number, {}).keys()
        if d.show_calls:
            direct[number].add(apart.handles.output)
    changed = True
    while changed:
        changed = False
        for number, others in called.items():
            for other in others:
                if more := direct[other] - direct[number]:
                    direct[number] |= more
                    changed = True
    apart.extras = {number: tuple(sorted(names)) for number, names in direct.items()}


def _reached(called: dict[int, set[int]], start: set[int]) -> set[int]:
    """The own functions among ``start``, and those that they call."""
    found: set[int] = set()
    queue = [number for number in start if number in called]
    while queue:
        number = queue.pop()
        if number not in found:
            found.add(number)
            queue += called[number]
    return found
