"""Settings that are chosen by the score of the test rows."""

from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.checks.events import TEST, TRAIN, Fit, Use
from chasm.checks.flow import Flow
from chasm.checks.leakage import flow_of, step
from chasm.checks.trace import Trace
from chasm.findings import Severity


def run(subject: Subject) -> Iterator[Hit]:
    """Loops that try settings on the test half, and fits that end by its score."""
    flow = flow_of(subject)
    seen: set[int] = set()
    for fit in flow.events.fits:
        if fit.tried is not None and fit.tried not in seen:
            use = next((u for u in flow.events.uses if _scores_in(flow, fit, u)), None)
            if use is not None:
                seen.add(fit.tried)
                message = (
                    "tries settings on the test rows: "
                    "the best score was chosen on them, expect less on new rows"
                )
                chain = (step(subject, use.call, "scored on the test rows here"),)
                yield subject.at(fit.call.statement, fit.call.node, message, chain)
        watched = _held_out(flow, fit.watched)
        if watched:
            use = next((u for u in flow.events.uses if _tests(fit, u, watched)), None)
            if use is not None:
                name = fit.owner or "the model"
                message = f"{name} stops by the score of the rows on which it is tested afterwards"
                chain = (step(subject, use.call, "tested on the same rows here"),)
                yield subject.at(fit.call.statement, fit.call.node, message, chain)


def _scores_in(flow: Flow, fit: Fit, use: Use) -> bool:
    """Whether the loop of this fit also scores the test half, and not only its own rows."""
    return use.loop == fit.tried and use.scores and bool(_held_out(flow, use.rows))


def _held_out(flow: Flow, rows: Trace) -> frozenset[int]:
    """The splits of whose test half these rows are; what was held out of a training half is not."""
    if any(role == TRAIN for _, role in rows.roles):
        return frozenset()
    return frozenset(n for n, role in rows.roles if role == TEST and not flow.split(n).folds)


def _tests(fit: Fit, use: Use, numbers: frozenset[int]) -> bool:
    same = use.owner == fit.owner or use.owner is None and use.scores
    return use.order > fit.order and same and any((n, TEST) in use.rows.roles for n in numbers)


CHECK = Check("CH307", "tuned-on-test", Severity.WARNING, run)
