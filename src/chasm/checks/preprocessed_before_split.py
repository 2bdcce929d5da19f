"""Preprocessing that has seen the test rows."""

from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.checks.leakage import cross_validated, evidence, flow_of, leaks, step
from chasm.checks.trace import FITTED
from chasm.findings import Severity


def run(subject: Subject) -> Iterator[Hit]:
    """What is fitted to all rows, when a model is then tested on some of them."""
    flow = flow_of(subject)
    split_leaks = leaks(flow, FITTED)
    for one, (split, fit, use) in split_leaks.items():
        message = f"{one.what} is fitted to all rows, also to those on which the model is tested"
        chain = evidence(subject, split, fit, use)
        yield subject.at(one.statement, one.node, message, chain)
    for one, use in cross_validated(flow, FITTED).items():
        if one not in split_leaks:
            message = (
                f"{one.what} is fitted to all rows, also to those of the fold that is held out"
            )
            chain = (step(subject, use.call, "the folds are made here"),)
            yield subject.at(one.statement, one.node, message, chain)


CHECK = Check("CH301", "preprocessed-before-split", Severity.WARNING, run)
