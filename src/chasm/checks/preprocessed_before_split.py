"""Preprocessing that has seen the test rows."""

from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.checks.leakage import evidence, flow_of, leaks
from chasm.findings import Severity


def run(subject: Subject) -> Iterator[Hit]:
    """What is fitted to all rows, when a model is then tested on some of them."""
    for one, (split, fit, use) in leaks(flow_of(subject), resamples=False).items():
        message = f"{one.what} is fitted to all rows, also to those on which the model is tested"
        chain = evidence(subject, split, fit, use)
        yield subject.at(one.statement, one.node, message, chain)


CHECK = Check("CH301", "preprocessed-before-split", Severity.WARNING, run)
