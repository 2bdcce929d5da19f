"""Models that are tested on rows to which they were fitted."""

from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.checks.columns import keeps_rows
from chasm.checks.events import TEST, TRAIN, UNKNOWN_KINDS, Fit, Split
from chasm.checks.flow import Flow
from chasm.checks.leakage import flow_of, step
from chasm.findings import Severity, Step

SUPERVISED = ("classifier", "regressor", "search", "pipeline", "model", *UNKNOWN_KINDS)


def run(subject: Subject) -> Iterator[Hit]:
    """Fits to all rows, or to a test half, before an evaluation on that half."""
    flow = flow_of(subject)
    for fit in flow.events.fits:
        alone = fit.target is None and fit.call.kind != "model"
        if fit.call.kind not in SUPERVISED or alone or not fit.owner:
            continue
        last = _refit(flow, fit)
        for use in flow.events.uses:
            if use.owner != fit.owner or not fit.order <= use.order < last:
                continue
            number = _overlap(flow, fit, {n for n, role in use.rows.roles if role == TEST})
            if number is None:
                continue
            message = f"{fit.owner} is fitted to rows on which it is tested afterwards"
            chain = (
                _aside(subject, flow.split(number)),
                step(subject, use.call, f"and {fit.owner} is tested on them here"),
            )
            yield subject.at(fit.call.statement, fit.call.node, message, chain)
            break


def _aside(subject: Subject, split: Split) -> Step:
    return subject.step(split.statement, "the test rows are set aside here", split.node)


def _refit(flow: Flow, fit: Fit) -> int:
    later = [f.order for f in flow.events.fits if f.owner == fit.owner and f.order > fit.order]
    return min(later, default=10**9)


def _overlap(flow: Flow, fit: Fit, numbers: set[int]) -> int | None:
    """The split whose test half is among the rows of the fit, for certain."""
    for number in sorted(numbers):
        # What is of both halves may have been put together in any way.
        if (number, TEST) in fit.rows.roles and (number, TRAIN) not in fit.rows.roles:
            return number
        split = flow.split(number)
        whole = fit.rows.version >= 0 and keeps_rows(fit.data)
        if whole and not fit.rows.roles and fit.rows.version == split.first:
            return number
    return None


CHECK = Check("CH304", "tested-on-training", Severity.ERROR, run)
