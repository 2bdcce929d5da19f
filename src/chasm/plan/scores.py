"""Which numbers say how good the served model is."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chasm.model import Value
from chasm.plan.split.follow import Key
from chasm.rulebook import Rulebook

if TYPE_CHECKING:
    from chasm.plan.orchestrate import Orchestrator

#: The stage of a statement that fits a model, and no scaler.
FIT = "fit"


def metrics_of(
    orchestrator: Orchestrator,
    results: tuple[tuple[str, Value], ...],
    model: Key,
    book: Rulebook,
) -> tuple[tuple[str, str], ...]:
    """Numbers among the results that metrics gave; those of other models alone say of which.

    A name that the notebook gives to several sorts of them says of none what it is: these are
    called as what computed them.
    """
    kept = {name for name, _ in results}
    served = _fits(orchestrator, model[1])
    numbers = [
        (name, version, variable, _computed_by(orchestrator, version, book))
        for (name, version), variable in orchestrator.variables.items()
        if variable in kept and _is_number(orchestrator, name, version)
    ]
    computed: dict[str, set[str]] = {}
    for name, _, _, metric in numbers:
        computed.setdefault(name, set()).add(metric)
    found: dict[str, str] = {}
    for name, version, variable, metric in numbers:
        label = metric if metric and len(computed[name]) > 1 else name
        fits = _fits(orchestrator, version)
        others = _models(orchestrator, fits) if fits and not fits & served else []
        told = any(word in other for other in others for word in label.lower().split("_"))
        label = label if told or not others else f"{label}_of_{others[-1]}"
        found[variable if label in found else label] = variable
    return tuple(sorted(found.items()))


def _is_number(orchestrator: Orchestrator, name: str, version: int) -> bool:
    s = orchestrator.facts.statements[version]
    value = s.values.get(name)
    return s.effects.metric and value is not None and value.kind == "number"


def _computed_by(orchestrator: Orchestrator, version: int, book: Rulebook) -> str:
    """The name of the metric that a statement calls; empty where it is a method."""
    facts = orchestrator.facts
    for node in ast.walk(facts.nodes[version]):
        called = facts.called.get(id(node))
        entry = book.call(called.name) if called is not None and called.receiver is None else None
        if called is not None and entry is not None and entry.metric:
            return called.name.rpartition(".")[2]
    return ""


def _models(orchestrator: Orchestrator, fits: set[int]) -> list[str]:
    """The names of the models that some statements fit, in their order."""
    fitting = [orchestrator.facts.statements[n] for n in sorted(fits)]
    named = (n for s in fitting for n in s.ordered if n in s.binds | s.mutates)
    return [name.lower() for name in named]


def _fits(orchestrator: Orchestrator, number: int) -> set[int]:
    """The fits of models that a statement depends on."""
    found: set[int] = set()
    waiting = [number]
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            waiting += orchestrator.graph.reads[at].values()
    statements = orchestrator.facts.statements
    return {n for n in found if statements[n].effects.fits and statements[n].stage == FIT}
