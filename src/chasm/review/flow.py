"""The pipeline of a package as a drawing, with the steps that changed marked."""

from chasm.plan.model import Call, Plan, Written
from chasm.review.model import Flow, How, Package

MAX_NODES = 40
STEPS = ("data", "features", "training")


def flow_of(plan: Plan | None, package: Package) -> Flow:
    """Functions in the order of the pipeline, and what one hands to the next."""
    if plan is None:
        return Flow()
    marks = {
        (one.module, one.name): one.how for one in package.functions if one.how is not How.ORDER
    }
    modules = {one.name: one.module for one in plan.functions}
    nodes: dict[str, int] = {}
    edges: dict[tuple[int, int], None] = {}
    maker: dict[str, int] = {}
    for call in plan.pipeline[:MAX_NODES]:
        if isinstance(call, Written):
            if call.transformer:
                name, _, code = call.code.partition(" = ")
                here = nodes.setdefault(call.transformer, len(nodes))
                maker[name] = here
                source = maker.get(code.rpartition(".fit(")[2].rstrip(")"))
                if source is not None:
                    edges[source, here] = None
            continue
        _add(call, nodes, edges, maker)
    for call in plan.report:
        here = nodes.setdefault("report", len(nodes))
        for _, value in call.arguments:
            source = maker.get(value.partition(".")[2])
            if source is not None:
                edges[source, here] = None
    turned = _turned(plan, package)
    found: list[tuple[str, How | None]] = []
    for name in nodes:
        mark = marks.get((modules.get(name, "features"), name))
        found.append((name, mark or (How.CHANGED if name in turned else None)))
    removed = [one for one in package.functions if one.how is How.REMOVED]
    steps = [one.name for one in removed if one.module in STEPS and one.name not in nodes]
    return Flow((*found, *((name, How.REMOVED) for name in steps)), _needed(list(edges)))


def _needed(edges: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The edges without those that a longer way says as well; every edge leads forward."""
    above: dict[int, set[int]] = {}
    kept: list[tuple[int, int]] = []
    for target in sorted({b for _, b in edges}):
        sources = sorted((a for a, b in edges if b == target and a < b), reverse=True)
        seen: set[int] = set()
        for source in sources:
            if source not in seen:
                kept.append((source, target))
                seen |= above.get(source, set()) | {source}
        above[target] = seen
    return tuple(kept)


def _turned(plan: Plan, package: Package) -> set[str]:
    """Steps that do something else because a setting of theirs has another value."""
    settings = {one.name for one in package.config if one.name and one.new}
    settings |= {name.partition(".")[0] for name in settings}
    found = {
        call.function
        for call in plan.pipeline
        if isinstance(call, Call)
        for _, value in call.arguments
        if value.removeprefix(f"{plan.handles.config}.") in settings
    }
    told = any(one.module == "report" and one.how is not How.ORDER for one in package.functions)
    return found | ({"report"} if told else set())


def _add(
    call: Call,
    nodes: dict[str, int],
    edges: dict[tuple[int, int], None],
    maker: dict[str, int],
) -> None:
    here = nodes.setdefault(call.function, len(nodes))
    for _, value in call.arguments:
        source = maker.get(value, maker.get(value.partition(".")[0]))
        if source is not None and source != here:
            edges[source, here] = None
    for target in call.targets:
        maker[target] = here
