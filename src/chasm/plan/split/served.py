"""Which of the notebook's models is served, and what it was fitted on."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from chasm.analyse.literals import STATED
from chasm.analyse.scopes import handed_over
from chasm.analyse.statements import Tree
from chasm.errors import InputError
from chasm.model import Facts, Statement, Value
from chasm.plan.graph import Graph
from chasm.plan.split.delivered import concludes, delivered
from chasm.plan.split.handed import Handed, asked_plainly, handed_to, keyword, made_by
from chasm.plan.split.held import fitted_in_loop, one_of_several, taken_from
from chasm.plan.split.target import Target
from chasm.rulebook import Rulebook

MODELS = {"classifier", "regressor", "clusterer", "search", "pipeline", "detector"}
#: Kinds of an element of which nothing else is known.
UNSURE = {None, "element", "object", "any"}
#: What a function makes of data that were put together.
BOOSTER = "booster"
FITTING = {"fit", "fit_predict"}
ASKING = {"predict", "predict_proba", "score", "fit_predict", "decision_function"}
#: Models that learn no truth: beside others that do, they choose rows or make features.
HELPERS = {"clusterer", "detector"}


@dataclass(frozen=True, slots=True)
class Fit:
    """A call that fits the model ``name`` in statement ``at``, on what inputs and what truth.

    ``statement`` is the one that tells the model its data: mostly the same, an earlier one
    where the model is told them when it is made. ``learner`` is the class whose ``fit`` is called,
    by its dotted name; empty where that is not known. ``handed`` is what put its data together,
    for a model that a function makes.
    """

    at: int
    statement: int
    name: str
    kind: str
    inputs: ast.expr
    truth: ast.expr | None
    learner: str = ""
    handed: Handed | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """The served model as statement ``at`` has it under ``name``, its fit, and why this one."""

    at: int
    name: str
    fit: Fit
    why: str
    target: Target | None = None


def choose_served(
    facts: Facts, trees: list[Tree], graph: Graph, book: Rulebook, wanted: str | None = None
) -> Served | None:
    """The model that is saved, else the tuned best, else the last that is asked; None without.

    Where something was tuned, a model whose answers are written to a file comes before it, and
    so does one that is fitted with what the search found.

    Raises :class:`InputError` when the model of the name ``wanted`` is none.
    """
    fits = [fit for s in facts.statements for fit in _fits_of(s, trees, graph, book)]
    known = {(fit.name, fit.at): fit for fit in fits}
    if wanted is not None:
        return _named(facts, trees, graph, known, wanted)
    if not fits:
        return None
    for s in reversed(facts.statements):
        if s.stage == "save":
            for name in s.ordered:
                if found := _followed(facts, trees, graph, known, name, s.id):
                    return Served(s.id, *found, f"cell {s.cell} saves it")
    own = {node.name: node for node in facts.nodes if isinstance(node, ast.FunctionDef)}
    asked = [
        (s, found)
        for s in facts.statements
        for name in _asked(trees[s.id].node, own)
        if (found := _followed(facts, trees, graph, known, name, s.id))
    ]
    if taught := [fit for fit in fits if fit.kind not in HELPERS]:
        fits = taught
        asked = [(s, found) for s, found in asked if found[1].kind not in HELPERS]
    tuned = [(s, found) for s, found in asked if found[1].kind == "search"]
    searches = [fit for fit in fits if fit.kind == "search"]
    answering = {s.id for s, _ in asked if s.effects.predicts}
    written = delivered(facts, graph, answering) if searches else None
    for s, found in reversed(asked):
        if s.id == written:
            return Served(s.id, *found, f"cell {s.cell} asks it for what is written to a file")
    if searches and asked and concludes(asked[-1][1][1], searches, trees, graph):
        s, found = asked[-1]
        return Served(s.id, *found, f"it is fitted after the search, and asked in cell {s.cell}")
    if searches:
        at, (name, last) = (tuned[-1][0].id, tuned[-1][1]) if tuned else _itself(searches[-1])
        which = "the search" if len(searches) == 1 else f"one of {len(searches)} searches, that"
        why = f"it is the best of {which} in cell {facts.statements[last.at].cell}"
        return Served(at, name, last, why)
    if asked:
        s, found = asked[-1]
        scored = "score" in s.calls and "predict" not in s.calls
        asks = "that is scored" if scored else "whose predictions are looked at"
        return Served(s.id, *found, f"it is the last one {asks}, in cell {s.cell}")
    last = fits[-1]
    why = f"it is the last one that is fitted, in cell {facts.statements[last.at].cell}"
    return Served(last.at, last.name, last, why)


def _itself(fit: Fit) -> tuple[int, tuple[str, Fit]]:
    """A model as its own fit leaves it."""
    return fit.at, (fit.name, fit)


def _named(
    facts: Facts, trees: list[Tree], graph: Graph, known: dict[tuple[str, int], Fit], name: str
) -> Served:
    for s in reversed(facts.statements):
        mentioned = name in s.binds | s.mutates | s.reads
        found = _followed(facts, trees, graph, known, name, s.id) if mentioned else None
        if found is not None:
            return Served(s.id, *found, "it was asked for")
    models = ", ".join(sorted({fit.name for fit in known.values()})) or "none"
    raise InputError(f"--serve {name!r}: no fitted model of the notebook (there are: {models})")


def _fits_of(s: Statement, trees: list[Tree], graph: Graph, book: Rulebook) -> list[Fit]:
    tree = trees[s.id]
    if s.syntax not in ("Expr", "Assign", "AnnAssign", "For"):
        return []
    found: list[Fit] = []
    for node in ast.walk(tree.node):
        if isinstance(node, ast.Call) and (handed := handed_to(node, s.id, trees, graph, book)):
            found += _fit_by_function(s, node, handed, trees, graph)
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        kind = tree.values.get(id(node.func.value))
        if kind is None or node.func.attr not in FITTING:
            continue
        if s.syntax == "For":
            found += _fit_in_loop(s, node, kind, book)
            continue
        told, name = s.id, _model_name(node, tree.node)
        if kind.kind == STATED:
            # The model stays as it is: what was fitted is what the call gives.
            name = _bound_to(node, tree.node)
            told, maker = made_by(node.func.value, s.id, trees, graph)
            if trees[told].entries.get(id(maker), ("", None))[0] in book.cannot:
                continue
            inputs, truth = _stated(maker)
        elif (
            kind.kind in MODELS
            and kind.qualname not in book.cannot
            or kind.kind in UNSURE
            and len(node.args) == 2
            and one_of_several(name or "", s.id, trees, graph, MODELS)
        ):
            inputs = node.args[0] if node.args else keyword(node, "X")
            truth = node.args[1] if len(node.args) > 1 else keyword(node, "y")
        else:
            continue
        if name is not None and inputs is not None:
            learner = _class_of(kind, book) if told == s.id else ""
            sort = "classifier" if kind.kind in UNSURE else str(kind.kind)
            found.append(Fit(s.id, told, name, sort, inputs, truth, learner))
    return found


def _fit_by_function(
    s: Statement, call: ast.Call, handed: Handed, trees: list[Tree], graph: Graph
) -> list[Fit]:
    """The fit of a model that a function makes, where nobody asks it for more than its answer."""
    name = _bound_to(call, trees[s.id].node)
    users = graph.users.get((name or "", s.id), ())
    if name is None or not all(asked_plainly(trees[user].node, name) for user in users):
        return []
    return [Fit(s.id, handed.statement, name, BOOSTER, handed.inputs, handed.truth, "", handed)]


def _class_of(kind: Value, book: Rulebook) -> str:
    """The class of a model: what makes one, where that is a class, else that of its kind."""
    name = kind.qualname or ""
    if name.rpartition(".")[2][:1].islower() and kind.kind == "pipeline":
        name = next(iter(book.kinds.get(kind.kind, {}).get("types", ())), "")
    root, _, last = name.rpartition(".")
    known = root.partition(".")[0] in book.libraries
    return name if known and last[:1].isupper() else ""


def _fit_in_loop(s: Statement, call: ast.Call, kind: Value, book: Rulebook) -> list[Fit]:
    """A fit in each round of a loop, on what is the same in all of them."""
    assert isinstance(call.func, ast.Attribute)
    name = call.func.value.id if isinstance(call.func.value, ast.Name) else None
    known = kind.kind in MODELS and kind.qualname not in book.cannot
    # What a list or a dictionary of models gives is a model, where it is told the truth.
    listed = kind.kind in UNSURE and len(call.args) == 2 and name in s.binds
    inputs = call.args[0] if call.args else keyword(call, "X")
    truth = call.args[1] if len(call.args) > 1 else keyword(call, "y")
    if name is None or inputs is None or not (known or listed):
        return []
    parts = [n for given in (inputs, truth) if given is not None for n in ast.walk(given)]
    if any(isinstance(n, ast.Name) and n.id in s.binds for n in parts):
        return []
    return [Fit(s.id, s.id, name, str(kind.kind if known else "classifier"), inputs, truth)]


def _stated(node: ast.expr | None) -> tuple[ast.expr | None, ast.expr | None]:
    """The inputs and the truth that a model was made with; with a formula the table alone."""
    if not isinstance(node, ast.Call):
        return None, None
    data = keyword(node, "data")
    if data is not None:
        return data, None
    if node.args and isinstance(node.args[0], ast.Constant):
        return (node.args[1] if len(node.args) > 1 else None), None
    inputs = node.args[1] if len(node.args) > 1 else keyword(node, "exog")
    return inputs, node.args[0] if node.args else keyword(node, "endog")


def _model_name(call: ast.Call, statement: ast.stmt) -> str | None:
    """The name that holds the fitted model afterwards."""
    assert isinstance(call.func, ast.Attribute)
    return (
        call.func.value.id if isinstance(call.func.value, ast.Name) else _bound_to(call, statement)
    )


def _bound_to(call: ast.Call, statement: ast.stmt) -> str | None:
    """The name that a statement gives to what the call returns."""
    if isinstance(statement, ast.Assign) and statement.value is call:
        (target,) = statement.targets[:1]
        return target.id if isinstance(target, ast.Name) else None
    return None


def _asked(node: ast.stmt, own: Mapping[str, ast.FunctionDef]) -> list[str]:
    """The names whose predictions a statement looks at, itself or in a function of ``own``."""
    found: list[str] = []
    for call in ast.walk(node):
        match call:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)):
                found += [name] if attr in ASKING else []
            case ast.Call(func=ast.Name(id=function)) if function in own:
                found += _asked_inside(call, own[function])
    return found


def _asked_inside(call: ast.Call, function: ast.FunctionDef) -> list[str]:
    """The names that a call hands over as what the function asks for predictions."""
    inside = {name for part in function.body for name in _asked(part, {})}
    given = handed_over(call, function).items()
    return [v.id for name, v in given if name in inside and isinstance(v, ast.Name)]


def _followed(
    facts: Facts,
    trees: list[Tree],
    graph: Graph,
    known: dict[tuple[str, int], Fit],
    name: str,
    at: int,
) -> tuple[str, Fit] | None:
    """The model that ``name`` is in statement ``at``, and its fit."""
    version = at if (name, at) in known else graph.reads[at].get(name)
    current, label = name, name
    for _ in range(len(facts.statements)):
        if version is None:
            return None
        if (current, version) in known:
            return label, known[current, version]
        node = trees[version].node
        if isinstance(node, ast.For):
            found = (known.get((named, version)) for named in fitted_in_loop(node, current))
            fit = next((one for one in found if one is not None), None)
            return (label, fit) if fit is not None else None
        source = taken_from(node.value) if isinstance(node, ast.Assign) else None
        if source is None:
            return None
        current = source
        version = version if (current, version) in known else graph.reads[version].get(current)
    return None
