"""Copies of rows that end up on both sides of a split."""

from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.checks.leakage import evidence, flow_of, leaks
from chasm.findings import Severity


def run(subject: Subject) -> Iterator[Hit]:
    """Oversampling before the split, when a model is then tested on one of the halves."""
    for one, (split, fit, use) in leaks(flow_of(subject), resamples=True).items():
        message = (
            f"{one.what} makes rows out of others before the split: test rows have their likes "
            "among the training rows"
        )
        chain = evidence(subject, split, fit, use)
        yield subject.at(one.statement, one.node, message, chain)


CHECK = Check("CH303", "resampled-before-split", Severity.ERROR, run)
