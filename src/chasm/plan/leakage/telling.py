"""What is told of leaks that were to be mended: each one, mended or with the reason why not."""

import re
from collections.abc import Mapping
from dataclasses import replace

from chasm.findings import Finding, Severity
from chasm.model import Facts
from chasm.plan.leakage.model import Leakage
from chasm.plan.model import Plan
from chasm.read.secrets import masked

NUMBER = re.compile(r"\d")
#: Of what a cell printed, the lines that a reader can take in.
MOST, WIDEST = 6, 100

UNSERVED = Leakage(nothing="no model of the notebook is served")


def leakage_findings(leakage: Leakage | None) -> list[Finding]:
    """What is learned after the split now, and what is still learned of all rows."""
    if leakage is None:
        return []
    if leakage.nothing:
        text = f"no leak was mended: {leakage.nothing}"
        return [Finding("CH013", Severity.NOTE, text)]
    found = [
        Finding(
            "CH011",
            Severity.WARNING,
            f"this is still learned from all rows, also from those that are held out: {one.reason}",
            one.cell,
            one.line,
        )
        for one in leakage.kept
    ]
    text = "what was learned here from all rows is learned from the training rows alone"
    found += [Finding("CH013", Severity.NOTE, text, one.cell, one.line) for one in leakage.mended]
    if not leakage.learnings:
        text = "no leak was mended: nothing is learned before the rows are split"
        found.append(Finding("CH013", Severity.NOTE, text))
    return found


def with_metrics(plan: Plan, before: Mapping[str, float], after: Mapping[str, float]) -> Plan:
    """``plan`` with the metrics of a run with the leaks, and of one with them mended.

    For whoever has run both; the README then shows them side by side.
    """
    if plan.leakage is None:
        return plan
    known = replace(
        plan.leakage, before=tuple(sorted(before.items())), after=tuple(sorted(after.items()))
    )
    return replace(plan, leakage=known)


def stored_metrics(facts: Facts) -> tuple[tuple[int, str], ...]:
    """The lines with numbers that the notebook's file has of cells which show metrics."""
    names: set[str] = set()
    cells: list[int] = []
    for s in facts.statements:
        if s.effects.metric:
            names |= s.binds
        told = s.effects.prints or s.shown is not None
        if told and (s.effects.metric or names & s.reads) and s.cell not in cells:
            cells.append(s.cell)
    printed = {cell.index: cell.printed for cell in facts.notebook.cells}
    found: list[tuple[int, str]] = []
    for cell in cells:
        lines = [" ".join(masked(line).split()) for line in printed.get(cell, ())]
        found += [(cell, line[:WIDEST]) for line in lines if NUMBER.search(line)][:MOST]
    return tuple(found)
