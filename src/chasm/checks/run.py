"""The entrance of the checks: facts in, findings out."""

from collections.abc import Sequence

from chasm.checks.check import Check, Subject
from chasm.checks.suppress import without_excused
from chasm.findings import Finding


def run_checks(
    subject: Subject, checks: Sequence[Check], chosen: frozenset[str]
) -> tuple[Finding, ...]:
    """What the chosen checks say of a notebook, in the order of its lines, without the excused."""
    found = [
        finding for check in checks if check.code in chosen for finding in check.findings(subject)
    ]
    # What checks share knows the subject: such a cycle would stay until it is collected.
    subject.shared.clear()
    left = without_excused(found, subject.facts.notebook.cells, checks, chosen)
    return tuple(sorted(dict.fromkeys(left), key=_place))


def _place(finding: Finding) -> tuple[int, int, int, str, str]:
    return (
        finding.cell or 0,
        finding.line or 0,
        finding.column or 0,
        finding.code,
        finding.message,
    )
