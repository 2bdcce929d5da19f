"""Transformers that learn anew from the rows that they are to transform."""

import ast
from collections.abc import Iterator

from chasm.analyse.nodes import root_name
from chasm.checks.check import Check, Hit, Subject
from chasm.checks.events import TEST, TRAIN, Fit
from chasm.checks.flow import Flow
from chasm.checks.leakage import flow_of, step
from chasm.checks.rows import PREDICTING
from chasm.checks.trace import FITTED, STATISTIC
from chasm.findings import Severity
from chasm.model import Statement

LEARNED = (FITTED, STATISTIC)
KINDS = ("transformer", "vectorizer")


def run(subject: Subject) -> Iterator[Hit]:
    """Fits to a test half, to the other of two files, and to rows that are then predicted."""
    flow = flow_of(subject)
    seen: set[int] = set()
    for fit in flow.events.fits:
        if fit.call.kind not in KINDS or _is_stateless(flow, fit):
            continue
        halves = {role for _, role in fit.rows.roles}
        if halves == {TEST} or TEST in halves and _only_test(fit):
            number = max(n for n, role in fit.rows.roles if role == TEST)
            seen.add(id(fit.call.node))
            message = f"{_name(fit)} learns anew from the test rows: transform them instead"
            split = flow.split(number)
            chain = (subject.step(split.statement, "these rows were held out here", split.node),)
            yield subject.at(fit.call.statement, fit.call.node, message, chain)
    yield from _two_files(subject, flow, seen)
    yield from _predicted(subject, flow, seen)


def _only_test(fit: Fit) -> bool:
    """Of the last split that made the rows, they are the test half."""
    last = max(number for number, _ in fit.rows.roles)
    return (last, TRAIN) not in fit.rows.roles


def _predicted(subject: Subject, flow: Flow, seen: set[int]) -> Iterator[Hit]:
    """What is learned from rows that have nothing to do with those of the model's fit."""
    for use in flow.events.uses:
        fits = [f for f in flow.events.fits if f.owner == use.owner and f.order < use.order]
        if not fits or not fits[-1].is_model or use.call.name not in PREDICTING:
            continue
        fit = fits[-1]
        known = {one.what for one, _ in fit.rows.learned}
        for one in sorted({e for e, _ in use.rows.learned}, key=lambda e: e.statement.id):
            apart = one.rows and fit.rows.versions and not one.rows & fit.rows.versions
            if (
                not apart
                or one.roles
                or one.kind not in LEARNED
                or one.what not in known
                or id(one.node) in seen
            ):
                continue
            seen.add(id(one.node))
            message = f"{one.what} is learned anew from the rows that {use.owner} is to predict"
            chain = (
                step(subject, fit.call, f"{use.owner} was fitted to other rows"),
                step(subject, use.call, "and predicts these"),
            )
            yield subject.at(one.statement, one.node, message, chain)


def _is_stateless(flow: Flow, fit: Fit) -> bool:
    receiver = fit.call.called.receiver
    if receiver is None or fit.owner in flow.events.fixed:
        return True
    return receiver.qualname in flow.subject.words("stateless")


def _name(fit: Fit) -> str:
    """The name of what is fitted, or its class where it is made in the same expression."""
    receiver = fit.call.called.receiver
    func = fit.call.node.func
    made_here = isinstance(func, ast.Attribute) and isinstance(func.value, ast.Call)
    what = receiver.qualname if receiver is not None and receiver.qualname else ""
    named = fit.owner if not made_here else ""
    return named or what.rpartition(".")[2] or "the transformer"


def _two_files(subject: Subject, flow: Flow, seen: set[int]) -> Iterator[Hit]:
    """``le.fit_transform(train["x"])`` and then ``le.fit_transform(test["x"])``."""
    made = _read_frames(subject)
    earlier: dict[tuple[str, str], tuple[str, Fit]] = {}
    for fit in flow.events.fits:
        if fit.call.kind not in KINDS or _is_stateless(flow, fit) or not fit.owner:
            continue
        frame, column = _column(fit)
        if not column or frame not in made or id(fit.call.node) in seen:
            continue
        before = earlier.get((fit.owner, column))
        if before is not None and before[0] != frame:
            message = (
                f"{fit.owner} is fitted to {column!r} of {frame} and before to that of "
                f"{before[0]}: what it gives for one value may differ between them"
            )
            chain = (step(subject, before[1].call, f"fitted to {column!r} of {before[0]}"),)
            yield subject.at(fit.call.statement, fit.call.node, message, chain)
        earlier.setdefault((fit.owner, column), (frame, fit))


def _read_frames(subject: Subject) -> dict[str, Statement]:
    """Names that are only ever given what a file holds."""
    return {
        name: statement
        for statement in subject.facts.statements
        if statement.effects.reads and statement.stage == "load"
        for name in statement.binds
        if statement.values.get(name) is not None and statement.values[name].kind == "frame"
    }


def _column(fit: Fit) -> tuple[str, str]:
    node = fit.call.node.args[0]
    if isinstance(node, ast.Attribute) and node.attr == "values":
        node = node.value
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        where = node.slice
        if isinstance(where, ast.List) and len(where.elts) == 1:
            where = where.elts[0]
        if isinstance(where, ast.Constant) and isinstance(where.value, str):
            return root_name(node) or "", where.value
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id, node.attr
    return "", ""


CHECK = Check("CH302", "refitted-on-test", Severity.ERROR, run)
