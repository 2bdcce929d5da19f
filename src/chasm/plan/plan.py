"""The entrance of planning: slices, groups, functions, orchestration, fates."""

from dataclasses import replace

from chasm.analyse.statements import Tree
from chasm.model import Facts
from chasm.plan.alike import join_alike
from chasm.plan.apart import Apart, set_apart
from chasm.plan.beside import into_package, relocation
from chasm.plan.comments import handed_on
from chasm.plan.dependencies import dependencies_of, module_imports
from chasm.plan.gone import gone_findings
from chasm.plan.graph import Graph, build_graph
from chasm.plan.group import Group
from chasm.plan.groups import group_statements
from chasm.plan.interfaces import Builder, Made
from chasm.plan.items import Carried
from chasm.plan.late import own_rebound, put_off, unknown_import
from chasm.plan.leakage.mend import mended
from chasm.plan.leakage.model import Leakage
from chasm.plan.leakage.telling import UNSERVED, leakage_findings
from chasm.plan.meanings import names_of_owns
from chasm.plan.model import Plan, Predictor, Serving
from chasm.plan.named import constant_settings
from chasm.plan.namesakes import builtins_apart, named_apart
from chasm.plan.naming import Names, learns
from chasm.plan.orchestrate import Orchestrator, Serves
from chasm.plan.outcome import annotations_of, draws_figures, fates_of, shows_pages
from chasm.plan.placing import needed_parts, place_apart, used_apart
from chasm.plan.prose import prose_of
from chasm.plan.qualified import Namer, title_of
from chasm.plan.segments import left_open
from chasm.plan.serving import plan_predictor, plan_serving, served_findings, served_from
from chasm.plan.settings import Settings
from chasm.plan.slices import Slices, names_of, slice_statements
from chasm.plan.split.derive import Split, Stopped, derive_split
from chasm.plan.split.follow import Route, follow
from chasm.plan.split.home import Unreadable, facts_of, in_notebook
from chasm.plan.split.model import Role
from chasm.plan.split.rounds import Rounds
from chasm.plan.split.written import written_out
from chasm.plan.transformer import TransformerPlanner, Unreachable
from chasm.plan.unserved import unserved_findings
from chasm.rulebook import Rulebook

#: How a model may be served, the best first: on raw records or on what the model was given
#: (``direct``), by a transformer that learns itself or by one that is handed all it needs.
ATTEMPTS = ((False, False), (False, True), (True, False), (True, True))
#: Kinds of what is drawn on.
FIGURES = ("figure", "axes")


def make_plan(
    facts: Facts,
    book: Rulebook,
    package: str,
    trees: list[Tree] | None = None,
    serve: str | None = None,
    mends: bool = False,
) -> Plan:
    """The plan of the package named ``package`` for a notebook's facts.

    With ``trees``, the syntax of the statements, it serves a model where there is one: on raw
    records if their way can be followed, else on what the model was given. ``serve`` names
    the model; :class:`~chasm.errors.InputError` when it is none. With ``mends`` what is learned
    of rows that are held out later is learned of the others alone, wherever that can be.
    """
    stops: dict[Stopped, None] = {}
    whole, rounds = facts, Rounds(facts.notebook)
    if trees is not None:
        whole, trees, rounds = written_out(facts, trees, book, serve)
    for direct, hand_in in ATTEMPTS if trees is not None else ():
        split = derive_split(whole, trees or [], book, direct, serve, rounds.spans)
        if split is None or (split.drawn and not hand_in):
            continue
        split = in_notebook(split, rounds)
        stops |= dict.fromkeys(split.stops)
        split = replace(split, stops=tuple(stops) if direct else split.stops)
        split, leakage = mended(split, book, facts.notebook) if mends else (split, None)
        if split.drawn and not hand_in:
            continue
        try:
            normal = facts_of(split, facts, book)
            return _planned(normal, book, package, split, hand_in, leakage, names_of(facts))
        except (Unreachable, Unreadable) as lost:
            fit = whole.statements[split.served.fit.statement]
            reason = f"a step on the way needs {lost}, which only the training has"
            if hand_in and not direct:
                line = rounds.line(fit.cell, fit.line)
                stops[Stopped(fit.cell, line, f"{split.served.name} is fitted", reason)] = None
    if trees is not None:
        told = unserved_findings(whole, trees, book, rounds, stops)
        facts = replace(facts, findings=(*facts.findings, *told))
    return _planned(facts, book, package, None, leakage=UNSERVED if mends else None)


def _planned(
    facts: Facts, book: Rulebook, package: str, split: Split | None, hand_in: bool = False,
    leakage: Leakage | None = None, own: frozenset[str] | None = None,
) -> Plan:  # fmt: skip
    graph = build_graph(facts)
    route = follow(facts, graph, split, hand_in) if split is not None else None
    if split is not None and route is None:
        raise Unreachable(split.end)
    roles = route.roles if route is not None else {}
    steps = {number for number, role in roles.items() if role in (Role.STEP, Role.LEARN)}
    own = names_of(facts) if own is None else own.union(*(facts.statements[n].binds for n in steps))
    apart = set_apart(facts, graph, steps)
    copied = frozenset(
        s.id for s in facts.statements if split is not None and (s.cell, s.nth) in split.copied
    )
    kept = _kept(facts, apart) | (served_from(facts, graph, route.model) if route else set())
    slices = slice_statements(facts, graph, book, apart.all, kept, apart.glued, own, copied)
    turns = split.rounds if split is not None else ()
    rounds = {
        place: (number, name) for number, (name, places) in enumerate(turns) for place in places
    }
    product_groups, report_groups = group_statements(
        facts, graph, slices, apart, roles, rounds,
        {route.start} if route is not None else set(), book,
    )  # fmt: skip
    trains = any(s.effects.fits for g in product_groups for s in g.statements)
    members = [g.statements for g in (*product_groups, *report_groups)]
    drawn = left_open(facts, {s.id for group in members for s in group})
    apart.names = names_of_owns(facts, graph, apart, members)

    names = Names(_taken(facts, apart))
    settings = Settings()
    moved = relocation(facts.notebook, package)
    builder = Builder(facts, graph, apart, book, settings, names, moved, drawn)
    used = _used_versions(facts, graph, apart, slices, product_groups, report_groups)
    if route is not None:
        used |= _used_on_the_way(facts, graph, route)
    namer = Namer(facts, names, book)
    for group in product_groups:
        group.learns = route is not None and learns(group, route.given)
    product = [_function(group, namer, builder, used) for group in product_groups]
    report = [_function(group, namer, builder, used) for group in report_groups]
    join_alike(facts, product, settings, names)
    join_alike(facts, report, settings, names)
    learned = route.of(Role.LEARN) if route is not None else []
    read = {version for number in learned for version in graph.reads[number].values()}
    constant_settings(facts, graph, apart, settings, [*product, *report], read)
    served: Serves | None = None
    if route is not None:
        planner = TransformerPlanner(facts, graph, apart, builder, route, product)
        served = Serves(route, planner, planner.plan(package))
    annotations = annotations_of(book)
    qualname, alias = annotations.get("frame", ("", ""))
    frame = f"{alias}.{qualname.rpartition('.')[2]}"
    orchestrator = Orchestrator(facts, graph, apart, frame)
    function_names = {m.function.name for m in (*product, *report)}
    pipeline, results = orchestrator.pipeline(product, report, function_names, served)
    serving: Serving | None = None
    predictor: Predictor | None = None
    if split is not None and route is not None and served is not None:
        serving = plan_serving(split, route, served.transformer, facts, graph)
        predictor = plan_predictor(split, route, orchestrator, results, orchestrator.fitted, book)
    report_calls = orchestrator.report(report, {name for name, _ in results}, function_names)

    learning = [facts.statements[n] for n, role in roles.items() if role is Role.LEARN]
    used_owns, used_constants = used_apart(facts, graph, apart, [*product, *report], learning)
    owns, constants = place_apart(facts, graph, apart, builder, product, report,
                                   used_owns, used_constants)  # fmt: skip
    functions = tuple(dict.fromkeys(m.function for m in (*product, *report)))
    imports = module_imports(facts, graph, functions, owns, constants, book, learning)
    draws = draws_figures(functions, owns, apart)
    carried = {i.statement for f in functions for i in f.body if isinstance(i, Carried)}
    carried |= {own.statement for own in owns} | {s.id for s in learning}
    dependencies, unknown = dependencies_of(facts, imports, book, draws, carried)
    functions, owns, imports = put_off(
        facts, graph, book, unknown, functions, owns, learning, imports
    )
    functions, imports = own_rebound(
        facts, graph, book, functions, owns, constants, learning, imports
    )
    functions, owns, imports = named_apart(facts, graph, book, functions, owns, learning, imports)
    functions, imports = builtins_apart(facts, graph, functions, imports)
    imports = into_package(imports, moved)
    findings = [*facts.findings, *(served_findings(split, leakage) if split is not None else ())]
    findings += leakage_findings(leakage)
    findings += gone_findings(facts, carried, imports, book)
    findings += [unknown_import(name, facts, book) for name in unknown]
    title, summary = title_of(facts, book)
    fates = fates_of(facts, apart, slices, used_owns, used_constants, roles)
    return Plan(
        package=package,
        title=title,
        summary=summary,
        facts=facts,
        functions=functions,
        owns=owns,
        constants=constants,
        settings=tuple(settings.fields.values()),
        pipeline=pipeline,
        report=report_calls,
        results=results,
        imports=imports,
        fates=fates,
        dependencies=dependencies,
        unknown_imports=unknown,
        findings=tuple(findings),
        trains=trains,
        handles=apart.handles,
        draws=draws,
        pages=shows_pages(imports, book),
        transformer=served.transformer if served is not None else None,
        made_of=book.serving,
        serving=serving,
        predictor=predictor,
        annotations=annotations,
        moved=moved,
        leakage=leakage,
        prose=prose_of(facts.notebook, book),
        comments=handed_on(facts, fates, functions, book),
        needed=needed_parts(facts, graph, apart, [*product, *report], learning, used_owns),
    )


def _used_on_the_way(facts: Facts, graph: Graph, route: Route) -> set[tuple[str, int]]:
    """Versions that the transformer takes from functions, and those that are served."""
    found = {route.start, route.end, route.model, *route.scalers, *route.given}
    if route.truth is not None:
        found.add(route.truth)
    for number in route.of(Role.LEARN):
        for name, version in graph.reads[number].items():
            found.add((name, version))
    return found


def _kept(facts: Facts, apart: Apart) -> set[int]:
    """Statements of the product whatever they do: tagged so, or held together."""
    tagged = {c.index for c in facts.notebook.cells if "chasm-keep" in c.tags}
    kept = {s.id for s in facts.statements if s.cell in tagged}
    for start, end in apart.glued:
        names = apart.held[start]
        for s in facts.statements[start : end + 1]:
            if (s.reads | s.binds | s.mutates) & names:
                kept.add(s.id)
    return kept


def _taken(facts: Facts, apart: Apart) -> set[str]:
    names = {name for s in facts.statements for name in s.binds | s.reads}
    names |= {i.name for s in facts.statements for i in s.imports}
    return names | set(apart.upper.values()) | set(apart.names.values())


def _used_versions(
    facts: Facts,
    graph: Graph,
    apart: Apart,
    slices: Slices,
    product: list[Group],
    report: list[Group],
) -> set[tuple[str, int]]:
    """Versions that are read outside the group that makes them, by what is carried along."""
    group_of = {s.id: i for i, g in enumerate([*product, *report]) for s in g.statements}
    used: set[tuple[str, int]] = set()
    for number, group in group_of.items():
        for name, version in graph.reads[number].items():
            current: int | None = version
            while current is not None:
                if group_of.get(current) != group:
                    used.add((name, current))
                    # A change in place inside another function leaves the older one in use.
                if name in facts.statements[current].binds - facts.statements[current].maybe:
                    break
                current = graph.before[current].get(name)
    # A last value that nobody reads is a result all the same, but for a figure, which is saved.
    for name, version in graph.last.items():
        maker = next((s for s in map(facts.statements.__getitem__, graph.back(name, version))
                      if name in s.values), None)  # fmt: skip
        drawn = maker and maker.effects.draws and maker.values[name].kind in FIGURES
        kept = name not in facts.statements[version].maybe and not drawn
        if version in group_of and kept and graph.left_behind(name, version):
            used.add((name, version))
    return used


def _function(group: Group, namer: Namer, builder: Builder, used: set[tuple[str, int]]) -> Made:
    name, doc = namer.name_and_doc(group)
    return builder.build(group, name, doc, used)
