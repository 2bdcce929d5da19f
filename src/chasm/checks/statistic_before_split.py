"""Means and the like that have seen the test rows."""

from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.checks.leakage import cross_validated, evidence, flow_of, leaks, step
from chasm.checks.trace import STATISTIC
from chasm.findings import Severity


def run(subject: Subject) -> Iterator[Hit]:
    """A statistic of all rows that goes into the inputs of a model that is tested on some."""
    flow = flow_of(subject)
    split_leaks = leaks(flow, STATISTIC)
    for one, (split, fit, use) in split_leaks.items():
        message = f"this {one.what} is of all rows, also of those on which the model is tested"
        chain = evidence(subject, split, fit, use)
        yield subject.at(one.statement, one.node, message, chain)
    for one, use in cross_validated(flow, STATISTIC).items():
        if one not in split_leaks:
            message = f"this {one.what} is of all rows, also of those of the fold that is held out"
            chain = (step(subject, use.call, "the folds are made here"),)
            yield subject.at(one.statement, one.node, message, chain)


CHECK = Check("CH309", "statistic-before-split", Severity.WARNING, run)
