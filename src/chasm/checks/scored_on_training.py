"""Models whose only scores are those of the rows to which they were fitted."""

from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.checks.events import TEST, Fit, Use
from chasm.checks.flow import Flow
from chasm.checks.leakage import flow_of, step
from chasm.findings import Severity

SUPERVISED = ("classifier", "regressor", "pipeline")


def run(subject: Subject) -> Iterator[Hit]:
    """One hit a notebook, when all of its scores are such."""
    flow = flow_of(subject)
    scores = [use for use in flow.events.uses if use.scores]
    held_out = any(role == TEST for use in flow.events.uses for _, role in use.rows.roles)
    searched = any(fit.call.kind == "search" for fit in flow.events.fits)
    if not scores or held_out or searched:
        return
    fits = [_fit_of(flow, use) for use in scores]
    if any(fit is None for fit in fits) or fits[0] is None:
        return
    use = scores[0]
    message = f"{fits[0].owner} is scored only on the rows to which it was fitted"
    chain = (step(subject, fits[0].call, "fitted here"),)
    yield subject.at(use.call.statement, use.call.node, message, chain)


def _fit_of(flow: Flow, use: Use) -> Fit | None:
    """The fit to the very rows that a model is scored on, or predicts to be scored."""
    use = use.of or use
    if use.owner is None or use.call.kind not in SUPERVISED or use.first.version < 0:
        return None
    before = [fit for fit in flow.events.fits if fit.owner == use.owner and fit.order <= use.order]
    return before[-1] if before and before[-1].rows.version == use.first.version else None


CHECK = Check("CH306", "scored-on-training", Severity.NOTE, run)
