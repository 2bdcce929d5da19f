"""Estimators that all inputs go through last: they are steps of the predictor as they are."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from chasm.plan.split.context import Context, fitted
from chasm.plan.split.model import Role, Step


@dataclass(frozen=True, slots=True)
class Found:
    """A way from the records to ``end`` as statement ``reader`` reads it, then the scalers.

    ``drawn`` says that something on it is learned of rows that were drawn without a seed.
    """

    steps: list[Step]
    end: str
    reader: int
    scalers: tuple[tuple[str, int], ...] = ()
    drawn: bool = False
    leaked: bool = False


def without_scalers(context: Context, steps: list[Step], inputs: str) -> Found:
    """Last steps that only hand all inputs through one estimator are left to that."""
    by_number = {step.statement: step for step in steps}
    scalers: list[tuple[str, int]] = []
    name, reader = inputs, context.served.fit.statement
    apart: set[int] = set()
    at, current = reader, name
    while (number := context.graph.reads[at].get(current)) in by_number:
        step = by_number[number]
        if step.role is Role.TRAINING and current in dict(step.same):
            at, current = number, dict(step.same)[current]
            continue
        passed = _passes(context.trees[number].node, current)
        fitted = _only_fit(context, passed[0], number) if passed else None
        if passed is None or fitted is None or step.role is not Role.STEP:
            break
        scalers.insert(0, (passed[0], fitted))
        apart |= {number, fitted}
        at, current = number, passed[1]
        name, reader = current, number
    left = [Step(s.statement, Role.APART) if s.statement in apart else s for s in steps]
    return Found(left, name, reader, tuple(scalers))


def _only_fit(context: Context, name: str, at: int) -> int | None:
    """The statement that fits ``name``, when there is only one."""
    fits = [n for n, t in enumerate(context.trees) if name in fitted(t.node)]
    whole = len(fits) == 1 and fits[0] <= at
    return fits[0] if whole and not isinstance(context.trees[fits[0]].node, ast.For) else None


def _passes(node: ast.stmt, name: str) -> tuple[str, str] | None:
    """The estimator and the name that ``name`` comes from, all of it, in ``node``."""
    match node:
        case ast.Assign(
            targets=[ast.Name(id=target)],
            value=ast.Call(
                func=ast.Attribute(
                    value=ast.Name(id=estimator), attr="transform" | "fit_transform"
                ),
                args=[ast.Name(id=source)],
                keywords=[],
            ),
        ) if (
            target == name
        ):
            return estimator, source
    return None
