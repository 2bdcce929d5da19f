"""Copies of rows that end up on both sides of a split."""

from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.checks.leakage import cross_validated, evidence, flow_of, leaks, step
from chasm.checks.trace import RESAMPLED
from chasm.findings import Severity


def run(subject: Subject) -> Iterator[Hit]:
    """Oversampling before the split, when a model is then tested on one of the halves."""
    flow = flow_of(subject)
    split_leaks = leaks(flow, RESAMPLED)
    for one, (split, fit, use) in split_leaks.items():
        message = (
            f"{one.what} makes rows out of others before the split: test rows have their likes "
            "among the training rows"
        )
        chain = evidence(subject, split, fit, use)
        yield subject.at(one.statement, one.node, message, chain)
    for one, use in cross_validated(flow, RESAMPLED).items():
        if one not in split_leaks:
            message = f"{one.what} makes rows out of others before these are divided into folds"
            chain = (step(subject, use.call, "the folds are made here"),)
            yield subject.at(one.statement, one.node, message, chain)


CHECK = Check("CH303", "resampled-before-split", Severity.ERROR, run)
