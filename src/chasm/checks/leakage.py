"""What the leakage checks share: the flow of rows, and evidence in words."""

from chasm.checks.check import Call, Subject
from chasm.checks.events import TEST, TRAIN, Fit, Split, Use
from chasm.checks.flow import Flow
from chasm.checks.trace import Learned
from chasm.findings import Step


def flow_of(subject: Subject) -> Flow:
    """The flow of rows through the notebook, worked out once for all checks."""
    found = subject.shared.get("flow")
    if not isinstance(found, Flow):
        found = Flow(subject).follow() if _worth_it(subject) else Flow(subject)
        subject.shared["flow"] = found
    return found


def _worth_it(subject: Subject) -> bool:
    return any(call.entry is not None and call.entry.fits for call in subject.calls)


def tested(flow: Flow, fit: Fit, number: int) -> Use | None:
    """The first use of the fitted model on the test rows of this split, or of what it gave."""
    for use in flow.events.uses:
        if use.order < fit.order or (number, TEST) not in use.rows.roles:
            continue
        if use.owner == fit.owner and use.owner is not None or use.owner is None and use.scores:
            return use
    return None


def leaks(flow: Flow, kind: str) -> dict[Learned, tuple[Split, Fit, Use]]:
    """What was learned from rows of a test half and went into a model that is tested on them."""
    found: dict[Learned, tuple[Split, Fit, Use]] = {}
    for fit in flow.events.fits:
        if not fit.is_model:
            continue
        numbers = sorted(n for n, role in fit.rows.roles if role == TRAIN)
        for one in sorted({e for e, _ in fit.rows.learned}, key=lambda e: e.statement.id):
            if one.roles or one in found or one.kind != kind:
                continue
            for number in numbers:
                split = flow.split(number)
                # The rows themselves were split, or what they became.
                if not one.rows & split.inputs:
                    continue
                use = tested(flow, fit, number)
                if use is not None:
                    found[one] = (split, fit, use)
                    break
    return found


def cross_validated(flow: Flow, kind: str) -> dict[Learned, Use]:
    """What was learned from all rows before these were divided into folds."""
    found: dict[Learned, Use] = {}
    for use in flow.events.uses:
        if not use.folds:
            continue
        for one in sorted({e for e, _ in use.rows.learned}, key=lambda e: e.statement.id):
            if one.kind == kind and not one.roles:
                found.setdefault(one, use)
    return found


def evidence(subject: Subject, split: Split, fit: Fit, use: Use) -> tuple[Step, ...]:
    """The chain from the split over the fit to the evaluation."""
    return (
        subject.step(split.statement, "the rows are split here", split.node),
        step(subject, fit.call, f"{fit.owner or 'the model'} is fitted to the training half"),
        step(subject, use.call, "and evaluated on the test half"),
    )


def step(subject: Subject, call: Call, text: str) -> Step:
    """One link at a call."""
    return subject.step(call.statement, text, call.node)
