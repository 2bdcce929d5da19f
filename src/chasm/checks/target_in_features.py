"""The answer among the inputs."""

from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.checks.leakage import flow_of
from chasm.findings import Severity

SUPERVISED = ("classifier", "regressor", "search", "pipeline")


def run(subject: Subject) -> Iterator[Hit]:
    """Fits whose inputs have the very column that is their target."""
    flow = flow_of(subject)
    columns = flow.rows.columns
    for fit in flow.events.fits:
        rows, target = fit.rows.spec, fit.target.spec if fit.target is not None else None
        if fit.call.kind not in SUPERVISED or rows is None or target is None:
            continue
        if not target.only or len(target.names) != 1:
            continue
        (column,) = target.names
        origin = columns.origin(rows, column)
        if origin is None or origin != columns.origin(target, column):
            continue
        if rows.only or not column.startswith("#"):
            shown = f"column {column[1:]}" if column.startswith("#") else repr(column)
            message = f"{fit.owner or 'the model'} is given its target, {shown}, as an input"
            yield subject.at(fit.call.statement, fit.call.node, message)


CHECK = Check("CH305", "target-in-features", Severity.ERROR, run)
