"""Why no service is made of a notebook that fits a model."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from chasm.analyse.statements import Tree
from chasm.findings import Finding, Severity
from chasm.model import Facts, Statement
from chasm.plan.graph import build_graph
from chasm.plan.lost import lost_statements
from chasm.plan.split.derive import Stopped
from chasm.plan.split.rounds import Rounds
from chasm.plan.split.served import ASKING, BOOSTER, MODELS, UNSURE, choose_served
from chasm.rulebook import Rulebook

SERVED = "no model is served"
ROUNDS = "each round of the loop fits a model of its own"
INSIDE = "what {} fits inside, it does not hand back as a model"
SCORED = "models are fitted only to be scored, and none is kept"
UNNAMED = "the model that is fitted here has no name"
ANSWERS = "it is not known how to ask what {} fits"
OWN = "{} is a class of the notebook's own, whose fit and predict are not followed"
NEW = "it has no answer for a new record"
MORE = "it is asked for more than its answer"
TABLE = "what {} is fitted to is not seen to be made of a table of records"


@dataclass(frozen=True, slots=True)
class _Seen:
    """A notebook with what is known of it."""

    facts: Facts
    trees: list[Tree]
    book: Rulebook


def unserved_findings(
    facts: Facts, trees: list[Tree], book: Rulebook, rounds: Rounds, stops: Iterable[Stopped]
) -> list[Finding]:
    """Why nothing is served, for a notebook that fits a model; empty where it fits none."""
    told = _reason(_Seen(facts, trees, book), rounds, list(stops))
    if told is None:
        return []
    cell, line, reason = told
    return [Finding("CH010", Severity.WARNING, f"{SERVED}: {reason}", cell, line)]


def _reason(seen: _Seen, rounds: Rounds, stops: list[Stopped]) -> tuple[int, int, str] | None:
    """The cell, the line, and the reason; ``stops`` have the lines of the notebook already."""
    graph = build_graph(seen.facts)
    chosen = choose_served(seen.facts, seen.trees, graph, seen.book)
    if chosen is None:
        for s in reversed(seen.facts.statements):
            if (reason := _fitting(s, seen)) is not None:
                return s.cell, rounds.line(s.cell, s.line), reason
        return None
    fit = seen.facts.statements[chosen.fit.at]
    reason = lost_statements(seen.facts, graph, seen.book).get(fit.id)
    if reason is None and stops:
        last = stops[-1]
        return last.cell, last.line, f"{last.reason} ({last.statement})"
    return fit.cell, rounds.line(fit.cell, fit.line), reason or TABLE.format(chosen.name)


def _fitting(s: Statement, seen: _Seen) -> str | None:
    """Why the model that a statement fits is not served; None where it fits none."""
    if s.definition is not None:
        return None
    tree = seen.trees[s.id]
    calls = [n for n in ast.walk(tree.node) if isinstance(n, ast.Call)]
    if classes := [name for one in calls if (name := _own_class(one, tree, seen))]:
        return OWN.format(classes[-1])
    if not s.effects.fits:
        return None
    fitted = [call for call in calls if _fits_model(call, tree, seen)]
    if fitted:
        if s.syntax in ("For", "While"):
            return ROUNDS
        return _unanswered(fitted[-1], tree, seen)
    definitions = (f.definition for f in seen.facts.statements if f.definition is not None)
    own = {one.name for one in definitions if one.effects.fits}
    inside = [n.func.id for n in calls if isinstance(n.func, ast.Name) and n.func.id in own]
    if inside:
        return INSIDE.format(inside[-1])
    scored = [tree.entries.get(id(call), ("", None))[1] for call in calls]
    return SCORED if any(e is not None and e.fits and e.metric for e in scored) else None


def _own_class(call: ast.Call, tree: Tree, seen: _Seen) -> str | None:
    """The class of the notebook whose ``fit`` is called, and that is asked for predictions."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "fit":
        return None
    value = tree.values.get(id(call.func.value))
    if value is None or value.kind != "instance" or not _is_asked(call.func.value, seen):
        return None
    return value.qualname


def _fits_model(call: ast.Call, tree: Tree, seen: _Seen) -> bool:
    """Whether a call fits what may be asked for predictions, and not what only transforms."""
    if not isinstance(call.func, ast.Attribute):
        return False
    _, entry = tree.entries.get(id(call), ("", None))
    if entry is not None and entry.fits and (entry.returns or "").endswith(BOOSTER):
        return True
    if call.func.attr not in ("fit", "fit_predict", "partial_fit"):
        return False
    value = tree.values.get(id(call.func.value))
    kind = value.kind if value is not None else None
    if kind in UNSURE:
        return _is_asked(call.func.value, seen)
    return kind in MODELS


def _is_asked(node: ast.expr, seen: _Seen) -> bool:
    """Whether the notebook asks what ``node`` names for predictions."""
    if not isinstance(node, ast.Name):
        return False
    return any(
        isinstance(n, ast.Attribute)
        and n.attr in (*ASKING, "evaluate", "forecast")
        and isinstance(n.value, ast.Name)
        and n.value.id == node.id
        for tree in seen.trees
        for n in ast.walk(tree.node)
    )


def _unanswered(call: ast.Call, tree: Tree, seen: _Seen) -> str:
    assert isinstance(call.func, ast.Attribute)
    value = tree.values.get(id(call.func.value))
    if value is not None and value.kind in MODELS:
        return NEW if value.qualname in seen.book.cannot else UNNAMED
    _, entry = tree.entries.get(id(call), ("", None))
    if entry is not None and (entry.returns or "").endswith(BOOSTER):
        return MORE
    return ANSWERS.format(ast.unparse(call.func))
