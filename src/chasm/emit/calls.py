"""The calls of an orchestrator as lines of code, and what they need to be imported."""

from collections.abc import Sequence

from chasm.emit.transformer import named
from chasm.model import Import
from chasm.plan.model import Call, Plan, Predictor, Written


def needed(plan: Plan, calls: Sequence[Call | Written]) -> set[str]:
    """Which of the settings and the report the calls of an orchestrator need."""
    values = [value for call in calls if isinstance(call, Call) for _, value in call.arguments]
    written = [call.code for call in calls if isinstance(call, Written)]
    config = f"{plan.handles.config}."
    found: set[str] = set()
    if any(v.startswith(config) for v in values) or any(f"={config}" in code for code in written):
        found.add("config")
    return found | ({"output"} if plan.handles.output in values else set())


def call_line(call: Call | Written) -> str:
    """A call as a line of code."""
    if isinstance(call, Written):
        return call.code
    arguments = ", ".join(value for _, value in call.arguments)
    targets = ", ".join(call.targets)
    return (
        f"{targets} = {call.function}({arguments})" if targets else f"{call.function}({arguments})"
    )


def predictor_imports(plan: Plan, predictor: Predictor) -> list[Import]:
    """What ``train`` puts the predictor together with."""
    found = [named(q, plan) for word in ("predictor", "records") for q in plan.made_of[word]]
    if predictor.holder:
        found += [named(q, plan) for q in (*plan.made_of["step"], predictor.holder)]
    if predictor.truth:
        names = ["target_of", *(["words_of"] if predictor.classifies else [])]
        found += [Import(name, f"{plan.package}.labels", name) for name in names]
    return found


def copy_imports(calls: Sequence[Call | Written]) -> list[Import]:
    """What keeps a fitted estimator as it was."""
    copies = any(isinstance(call, Written) and "deepcopy(" in call.code for call in calls)
    return [Import("deepcopy", "copy", "deepcopy")] if copies else []
