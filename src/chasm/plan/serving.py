"""What is served: the model, the column that it predicts, and how ``train`` puts it together."""

from __future__ import annotations

import ast
from itertools import islice

from chasm.findings import Finding, Severity
from chasm.model import Facts, Value
from chasm.plan.graph import Graph
from chasm.plan.leakage.model import Leakage
from chasm.plan.model import Predictor, Serving, Transformer
from chasm.plan.orchestrate import Orchestrator
from chasm.plan.scores import metrics_of
from chasm.plan.split.derive import Split
from chasm.plan.split.follow import Key, Route
from chasm.plan.split.handed import Handed
from chasm.plan.split.model import Role
from chasm.plan.split.served import BOOSTER
from chasm.plan.unused import unused_columns
from chasm.rulebook import Rulebook

#: Keywords of what reads a file by which columns of it become none of the table.
CHOOSE = ("usecols", "index_col")
#: What is said of where the inputs of the service are taken, and of what stands before it.
FROM_HERE = "the service takes its inputs from here on"
PAST = "a record by itself does not get past this"
#: Methods that leave out columns of the table that they are called on.
TAKING = ("drop", "filter", "select_dtypes")
#: How a date is written where the day comes first.
DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")


def plan_serving(
    split: Split, route: Route, transformer: Transformer | None, facts: Facts, graph: Graph
) -> Serving:
    """What a reader is told of the served model."""
    target = split.served.target
    return Serving(
        model=split.served.name,
        why=split.served.why,
        target=target.label if target and not (split.made or split.leaked) else None,
        learner=split.served.fit.learner,
        rescaled=tuple((cell, text) for cell, _, text in split.rescaled),
        undone=split.undone,
        unused=unused_columns(facts, graph, route, target.label if target is not None else None),
        transformer=transformer.name if transformer is not None else None,
        partial=_leaves_out(facts.nodes[route.start[1]]),
        dates=_dates(facts.nodes[route.start[1]]),
        stops=tuple((s.cell, s.line, s.statement, s.reason) for s in split.stops),
        raw=_named_at(facts, route),
    )


def _leaves_out(node: ast.stmt) -> bool:
    """Whether the statement that reads the records leaves out columns of their file."""
    value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
    # What is taken of a table right where it is read, as ``read_csv(path)[["a", "b"]]``.
    match value:
        case ast.Subscript(value=ast.Call() | ast.Attribute()):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Call() | ast.Subscript(), attr=attr)):
            if attr in TAKING:
                return True
    words = {k.arg for n in ast.walk(node) if isinstance(n, ast.Call) for k in n.keywords}
    return not words.isdisjoint(CHOOSE)


def _dates(node: ast.stmt) -> tuple[str, ...]:
    """The formats of dates that what reads the records says its file has."""
    named = {k.arg: k.value for n in ast.walk(node) if isinstance(n, ast.Call) for k in n.keywords}
    match named.get("date_format"), named.get("dayfirst"):
        case (ast.Constant(value=str(form)), _):
            return (form,)
        case (_, ast.Constant(value=True)):
            return DAY_FIRST
    return ()


def served_from(facts: Facts, graph: Graph, model: Key) -> set[int]:
    """The statement that gives the served model its name: product, whoever looks at it alone."""
    name, version = model
    found = (n for n in graph.back(name, version) if name in facts.statements[n].binds)
    return set(islice(found, 1))


def _named_at(facts: Facts, route: Route) -> tuple[str, int, str, int]:
    """Where the raw records get their name, in words that a run of the notebook can find again."""
    name, number = route.start
    s, text = facts.statements[number], ast.unparse(facts.nodes[number])
    alike = [
        other
        for other, node in zip(facts.statements, facts.nodes, strict=True)
        if other.cell == s.cell and other.nth < s.nth and ast.unparse(node) == text
    ]
    return name, s.cell, text, len(alike)


def served_findings(split: Split, leakage: Leakage | None = None) -> list[Finding]:
    """Where the way of a record stops, and what is learned of rows that are held out later.

    With ``leakage`` that is told of what could not be mended, elsewhere and with the reason.
    """
    found = [
        Finding(
            "CH010",
            Severity.WARNING,
            f"{PAST if stop in split.stops[:-1] else FROM_HERE}: {stop.reason} ({stop.statement})",
            stop.cell,
            stop.line,
        )
        for stop in split.stops
    ]
    if split.leaked:
        told = "the model is given the target itself: a record has to have it to be answered"
        found.append(Finding("CH012", Severity.WARNING, told, split.fit[0]))
    if leakage is not None:
        return found
    text = "what is learned here is learned from all rows, also from those that are held out later"
    found += [
        Finding("CH011", Severity.NOTE, text, cell, line) for cell, line in sorted(set(split.leaks))
    ]
    return found


def plan_predictor(
    split: Split,
    route: Route,
    orchestrator: Orchestrator,
    results: tuple[tuple[str, Value], ...],
    fitted: str | None,
    book: Rulebook,
) -> Predictor:
    """How ``train`` puts the predictor together, once the functions are called."""
    facts, graph = orchestrator.facts, orchestrator.graph
    steps = [("features", fitted)] if fitted is not None else []
    names = {"features", "model"}
    for name, version in route.scalers:
        step = name if name not in names and "__" not in name else f"{name}_step"
        names.add(step)
        steps.append((step, orchestrator.served_value((name, version))))
    handed = split.served.fit.handed
    if handed is not None and handed.holder:
        # What the model is asked about is held as what it was fitted to.
        step = "held" if "held" not in names else "held_step"
        steps.append((step, _holding(handed, book.serving)))
    steps.append(("model", orchestrator.served_value(route.model)))
    records = "records" if orchestrator.copied else orchestrator.value(*route.start)
    value = facts.statements[route.start[1]].values.get(route.start[0])
    return Predictor(
        tuple(steps),
        records,
        _kind(value),
        orchestrator.value(*route.truth) if route.truth is not None and not split.leaked else "",
        _target(split, route, facts, graph, records) if not split.leaked else "",
        split.served.fit.kind not in ("regressor", BOOSTER),
        metrics_of(orchestrator, results, route.model, book),
        handed.holder if handed is not None else "",
    )


def _holding(handed: Handed, made_of: dict[str, tuple[str, ...]]) -> str:
    """The step that puts inputs into what the model takes them in, as an expression."""
    (step,) = (name.rpartition(".")[2] for name in made_of["step"])
    holder = handed.holder.rpartition(".")[2]
    options = ", ".join(f"{word!r}: {value}" for word, value in handed.options)
    return f"{step}({holder}, kw_args={{{options}}})" if options else f"{step}({holder})"


def _kind(value: Value | None) -> str:
    """How the records become a table; what nobody knows may be an array as well."""
    if value is None or value.kind is None:
        return "array"
    return value.kind if value.kind in ("series", "array") else "frame"


def _target(split: Split, route: Route, facts: Facts, graph: Graph, records: str) -> str:
    """The label of the target as an expression: by its place, where the notebook counts."""
    target = split.served.target
    if target is None:
        return ""
    if target.label is not None:
        return repr(target.label)
    if route.truth is None:
        return ""
    frame: Key | None = (target.frame, graph.reads[route.truth[1]].get(target.frame, -1))
    while frame is not None and frame != route.start:
        frame = _same_columns(frame, route, graph, facts)
    return f"str({records}.columns[{target.place}])" if frame is not None else ""


def _same_columns(key: Key, route: Route, graph: Graph, facts: Facts) -> Key | None:
    """The table before ``key``, where it has the same columns."""
    name, version = key
    if version < 0 or route.roles.get(version) is not Role.TRAINING:
        return None
    source = route.same.get(version, {}).get(name, "")
    before = graph.found(source, version)
    return (source, before) if before is not None else None
