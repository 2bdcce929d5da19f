"""Estimators that stand in an expression, and what they are asked there."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chasm.plan.split.wording import encoder_name

if TYPE_CHECKING:
    from chasm.plan.split.reader import Reader

#: Methods that replay what an estimator has learned, and those that learn.
REPLAYED = ("transform", "predict", "predict_proba", "decision_function", "inverse_transform")
FITTING = ("fit", "partial_fit")


def fitted_here(func: ast.Attribute) -> bool:
    """Whether what is fitted within the expression replays what it has learned: no row itself."""
    match func.value:
        case ast.Call(func=ast.Attribute(attr=attr)):
            return func.attr in REPLAYED and attr in FITTING
    return False


def fitted_name(run: Reader, node: ast.expr) -> str:
    """A name for what ``StandardScaler().fit(X)`` gives; none for anything else."""
    match node:
        case ast.Call(func=ast.Attribute(value=made), args=[first, *_]):
            qualname = run.value(made).qualname or ""
            return encoder_name(qualname.rpartition(".")[2], first) if qualname else ""
    return ""


def answers_alike(run: Reader, model: ast.expr) -> bool:
    """Whether a model gives a new record what it gave those that it was fitted to."""
    return run.value(model).qualname in run.book.checks.get("alike", ())
