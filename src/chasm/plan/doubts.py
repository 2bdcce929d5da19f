"""What checks say against a notebook, as far as it holds for the package made of it."""

from collections.abc import Iterable
from dataclasses import replace

from chasm.findings import Finding, Severity
from chasm.model import Facts, Statement
from chasm.plan.model import Fate, Plan

#: Checks of what makes a model worth less than its metrics say: whoever takes it over has to know.
DOUBTS = frozenset({"CH302", "CH303", "CH304", "CH305", "CH307", "CH308"})
#: Of these the served way says more itself, by another code, for the cells that are on it.
LEARNED = frozenset({"CH301", "CH309"})
ON_THE_WAY = "CH011"
#: Checks of what else the package has from its notebook: runs that differ, files and addresses
#: that others lack, code that fails, and code that trusts too much.
INHERITED = frozenset({
    "CH102", "CH105", "CH107", "CH110", "CH201", "CH202", "CH203", "CH204", "CH205", "CH206",
    "CH306", "CH403", "CH404", "CH405", "CH406",
})  # fmt: skip
#: Checks of how the notebook itself was last run, which its stored outputs show.
AS_RUN = frozenset({"CH101", "CH103"})
COLUMN_IN_PLACE, ENDED, ORDER = "CH203", "CH103", "CH101"


def doubting(plan: Plan, facts: Facts) -> frozenset[str]:
    """The checks to ask for :func:`with_doubts`."""
    told = {finding.code for finding in plan.findings}
    codes = set(INHERITED | AS_RUN)
    if any(s.effects.fits for s in facts.statements):
        codes |= DOUBTS | LEARNED
    if "CH012" in told:
        codes.discard("CH305")
    if "CH005" in told:
        # The package has the order in which the cells were run.
        codes.discard(ORDER)
    return frozenset(codes)


def with_doubts(plan: Plan, facts: Facts, found: Iterable[Finding]) -> Plan:
    """``plan`` with what the checks ``found`` in the notebook of ``facts``.

    What is said against its models is a finding of the plan; the rest is for the README alone.
    """
    # A package is made all the same: what stops a check is a warning here.
    found = [
        replace(one, severity=Severity.WARNING) if one.severity is Severity.ERROR else one
        for one in found
    ]
    on_the_way = {one.cell for one in plan.findings if one.code == ON_THE_WAY}
    against = tuple(
        one
        for one in found
        if one.code in DOUBTS or one.code in LEARNED and one.cell not in on_the_way
    )
    inherited = tuple(
        _said(one, plan, facts)
        for one in found
        if one.code in AS_RUN or one.code in INHERITED and _is_carried(one, plan, facts)
    )
    return replace(plan, findings=(*plan.findings, *against), inherited=inherited)


def _said(finding: Finding, plan: Plan, facts: Facts) -> Finding:
    """A finding with what became of it in the package."""
    message = finding.message
    if finding.code == COLUMN_IN_PLACE:
        told = _statements(finding, plan, facts)
        # A call that can be an assignment is one in the package.
        if any(name is None for s in told for _, name in s.inplace):
            message += "; here it is changed, as it was for the author"
    elif finding.code == ENDED:
        here = _is_carried(replace(finding, line=None), plan, facts)
        message += "; its code is here as it was" if here else "; nothing of it is here"
    elif finding.code == ORDER:
        message += ": what the notebook shows may not be what its cells give in their order"
    return replace(finding, message=message)


def _is_carried(finding: Finding, plan: Plan, facts: Facts) -> bool:
    """Whether the package has something of the statements that a finding is about."""
    fates = (plan.fates[s.id][0] for s in _statements(finding, plan, facts))
    return any(fate is not Fate.LEFT_OUT for fate in fates)


def _statements(finding: Finding, plan: Plan, facts: Facts) -> list[Statement]:
    """The statements on the line of a finding, or those of its cell."""
    members = [s for s in plan.facts.statements if s.cell == finding.cell]
    line = finding.line
    sources = [
        [cell.source for cell in notebook.cells if cell.index == finding.cell]
        for notebook in (plan.facts.notebook, facts.notebook)
    ]
    if line is None or sources[0] != sources[1]:
        # Where a plan has written a cell anew, its lines are not those of the finding.
        return members
    return [s for s in members if s.line <= line <= s.end_line]
