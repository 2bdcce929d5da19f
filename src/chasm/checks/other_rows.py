"""Inputs of a model that are made of the rows around each row."""

from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.checks.events import Fit
from chasm.checks.leakage import flow_of, step
from chasm.checks.trace import EARLIER, LATER, SOME, WHOLE, Learned
from chasm.findings import Severity


def later(subject: Subject) -> Iterator[Hit]:
    """Values of later rows among the inputs; as the target they are what is to be known."""
    for one, fit in _inputs(subject, LATER):
        message = f"{one.what} takes later rows into the inputs: for a new record there are none"
        chain = (step(subject, fit.call, f"{fit.owner or 'the model'} is fitted to them"),)
        yield subject.at(one.statement, one.node, message, chain)


def earlier(subject: Subject) -> Iterator[Hit]:
    """Values of earlier rows among the inputs."""
    for one, fit in _inputs(subject, EARLIER):
        message = f"{one.what} takes earlier rows into the inputs: a record alone has none"
        chain = (step(subject, fit.call, f"{fit.owner or 'the model'} is fitted to them"),)
        yield subject.at(one.statement, one.node, message, chain)


def _inputs(subject: Subject, kind: str) -> Iterator[tuple[Learned, Fit]]:
    """What of this kind is, for certain, among the inputs of a model."""
    found: dict[Learned, Fit] = {}
    for fit in flow_of(subject).events.fits:
        # What is fitted to a series alone forecasts it, and has no other inputs.
        if not fit.is_model or fit.target is None:
            continue
        target = fit.target.learned
        for one, column in fit.rows.learned:
            if one.kind != kind or column == SOME or column != WHOLE and (one, column) in target:
                continue
            found.setdefault(one, fit)
    yield from sorted(found.items(), key=lambda pair: pair[0].statement.id)


LATER_CHECK = Check("CH308", "later-rows-in-features", Severity.WARNING, later)
EARLIER_CHECK = Check("CH310", "earlier-rows-in-features", Severity.NOTE, earlier)
