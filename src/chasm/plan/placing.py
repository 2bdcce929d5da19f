"""Own functions and constants: in which module they stand, and what is rewritten in them."""

from chasm.model import Facts, Statement
from chasm.plan.apart import Apart
from chasm.plan.graph import Graph
from chasm.plan.groups import RANK
from chasm.plan.interfaces import Builder, Made
from chasm.plan.items import Extend, Rename, Rewrite, Show
from chasm.plan.model import Constant, Own
from chasm.plan.moves import Replace
from chasm.plan.own_files import named_files
from chasm.plan.words import identifier


def used_apart(
    facts: Facts, graph: Graph, apart: Apart, made: list[Made], learning: list[Statement]
) -> tuple[dict[int, str], dict[int, str]]:
    """Own functions and constants that are used, with the lowest module that uses them."""
    placed: dict[int, str] = {}
    users = [(s, m.function.module) for m in made for s in m.group.statements]
    for s, module in (*users, *((s, "features") for s in learning)):
        for name in s.named:
            version = graph.reads[s.id].get(name)
            if version is not None:
                _place(facts, graph, apart, placed, version, module)
    for number in apart.owns:
        if number not in placed:
            # What nothing calls is kept as well: somebody may have written it for others.
            _place(facts, graph, apart, placed, number, "data")
    return (
        {number: module for number, module in placed.items() if number in apart.owns},
        {number: module for number, module in placed.items() if number in apart.constants},
    )


def needed_parts(
    facts: Facts,
    graph: Graph,
    apart: Apart,
    made: list[Made],
    learning: list[Statement],
    placed: dict[int, str],
) -> dict[str, frozenset[int]]:
    """For each module the definitions and constants that code in it reads, by their statements.

    Names do not tell: a value of the pipeline may be called what only the report defines.
    ``placed`` are the own functions that are used, with their modules.
    """
    parts = apart.owns.keys() | apart.constants.keys()
    found: dict[str, set[int]] = {}
    users = [(s, m.function.module) for m in made for s in m.group.statements]
    for s, module in (*users, *((s, "features") for s in learning)):
        versions = {graph.reads[s.id].get(name) for name in s.named}
        found.setdefault(module, set()).update(v for v in versions if v in parts)
    for number, module in placed.items():
        names = apart.owns[number].direct | facts.statements[number].reads
        versions = {_resolve(graph, apart, number, name) for name in names}
        found.setdefault(module, set()).update(v for v in versions if v in parts)
    return {module: frozenset(needed) for module, needed in found.items()}


def _place(
    facts: Facts, graph: Graph, apart: Apart, placed: dict[int, str], version: int, module: str
) -> None:
    """Put a definition, and what it needs, no later than where ``module`` needs it."""
    if version not in apart.owns and version not in apart.constants:
        return
    old = placed.get(version)
    if old is not None and RANK[old] <= RANK[module]:
        return
    placed[version] = module
    if version in apart.owns:
        for name in sorted(apart.owns[version].direct | facts.statements[version].reads):
            inner = _resolve(graph, apart, version, name)
            if inner is not None:
                _place(facts, graph, apart, placed, inner, module)


def _resolve(graph: Graph, apart: Apart, own: int, name: str) -> int | None:
    """The statement that ``name`` means inside an own function: bound before it, or later."""
    version = graph.reads[own].get(name)
    if version is None or (version not in apart.all):
        version = graph.inside(apart.owns[own].name, own, name)
    return version


def place_apart(
    facts: Facts,
    graph: Graph,
    apart: Apart,
    builder: Builder,
    product: list[Made],
    report: list[Made],
    used_owns: dict[int, str],
    used_constants: dict[int, str],
) -> tuple[tuple[Own, ...], tuple[Constant, ...]]:
    owns: list[Own] = []
    for number, module in sorted(used_owns.items()):
        d = apart.owns[number]
        rewrites: list[Rewrite] = []
        itself = {d.name} if d.recursive else set[str]()
        for name in sorted(d.direct | facts.statements[number].reads | itself):
            version = number if name in itself else _resolve(graph, apart, number, name)
            if version in apart.constants and apart.upper[name] != name:
                rewrites.append(Rename(name, apart.upper[name]))
            elif version is not None and version in apart.owns:
                own = apart.names[version]
                if own != name:
                    rewrites.append(Rename(name, own, bound=False))
                if extras := apart.extras[version]:
                    rewrites.append(Extend(own, extras))
            elif builder.displays(name, version):
                rewrites.append(Rename(name, "print"))
        if facts.statements[number].imports_inside & {root for root, _ in builder.moved.modules}:
            rewrites.append(builder.moved)
        paths = {value: name for name, value in apart.files.get(number, {}).items()}
        rewrites += [
            Replace(file.call, file.argument, paths[str(file.value)])
            for file in named_files(d)
            if file.value in paths
        ]
        rewrites += [Show(call, identifier(d.name), apart.handles.output) for call in d.show_calls]
        owns.append(Own(number, apart.names[number], module, apart.extras[number], tuple(rewrites)))
    constants = tuple(
        Constant(number, apart.upper[apart.constants[number]], module)
        for number, module in sorted(used_constants.items())
    )
    return tuple(owns), constants
