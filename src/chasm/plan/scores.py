"""Which numbers say how good the served model is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chasm.model import Value
from chasm.plan.split.follow import Key

if TYPE_CHECKING:
    from chasm.plan.orchestrate import Orchestrator

#: The stage of a statement that fits a model, and no scaler.
FIT = "fit"


def metrics_of(
    orchestrator: Orchestrator, results: tuple[tuple[str, Value], ...], model: Key
) -> tuple[tuple[str, str], ...]:
    """Numbers among the results that metrics gave; those of other models alone say of which."""
    kept = {name for name, _ in results}
    served = _fits(orchestrator, model[1])
    found: dict[str, str] = {}
    for (name, version), variable in orchestrator.variables.items():
        s = orchestrator.facts.statements[version]
        value = s.values.get(name)
        if not s.effects.metric or variable not in kept or value is None or value.kind != "number":
            continue
        fits = _fits(orchestrator, version)
        others = _models(orchestrator, fits) if fits and not fits & served else []
        told = any(word in other for other in others for word in name.lower().split("_"))
        found[name if told or not others else f"{name}_of_{others[-1]}"] = variable
    return tuple(sorted(found.items()))


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
