"""What the README of a package says: the flow, where each cell went, what to look at."""

from collections.abc import Iterable

from chasm.emit import text
from chasm.emit.cell_table import cell_rows
from chasm.emit.configuration import example_of
from chasm.emit.describing import run_does
from chasm.emit.leakage import leakage_values
from chasm.findings import Finding
from chasm.plan.documents import cells_text
from chasm.plan.flow import Part, make_flow, mermaid_id
from chasm.plan.model import Plan

MAX_NODES = 40
#: The node of the report in a flow.
REPORT = "report"
#: Of what one check has to say, as many lines are there to be read.
MAX_NOTES = 3
#: Figures of which it is told what the author saw in them.
MAX_SAID = 20


def readme_values(plan: Plan) -> dict[str, object]:
    """What the template of the README has to know besides what all templates do."""
    return {
        "notebook": plan.facts.notebook.file,
        "flow": flow_lines(plan),
        "cells": cell_rows(plan),
        "run": run_does(plan),
        "notes": notes_of(plan),
        "said": said_of(plan),
        "concluded": [text.markdown(said) for said in plan.prose.concluded[:MAX_SAID]],
        "example": example_of(plan),
        "seen": seen_values(plan),
        "leakage": leakage_values(plan),
    }


def flow_lines(plan: Plan) -> list[str]:
    """The pipeline as the edges of a mermaid flowchart, without what is learned."""
    flow = make_flow(plan, calls=MAX_NODES)
    labels = {node.id: node.label for node in flow.nodes}
    files = {node.id for node in flow.nodes if node.part is Part.FILE}
    steps = {node.id for node in flow.nodes if node.part is Part.STEP}

    def name(node: str) -> str:
        if node in files:
            return f"{node}[{text.label(labels[node])}]"
        return mermaid_id(labels[node] if node in steps else node)

    ways = [edge for edge in flow.edges if not edge.learned]
    # What goes on elsewhere is on its way to the report in any case: each step leads there.
    told = [edge.source for edge in ways if edge.target == REPORT]
    further = {edge.source for edge in ways if edge.target != REPORT}
    ends = [source for source in told if source not in further] or told[-1:]
    lines = [
        f"{name(e.source)} --> {name(e.target)}"
        for e in ways
        if e.target != REPORT or e.source in ends
    ]
    return list(dict.fromkeys(lines))


def notes_of(plan: Plan) -> list[str]:
    """What a reader should know before relying on the package."""
    # The README has a section of its own on leaks that were to be mended.
    mended = ("CH011", "CH013") if plan.leakage is not None else ()
    notes = _findings([one for one in plan.findings if one.code not in mended])
    notes += _findings(plan.inherited, MAX_NOTES)
    for old, new in plan.moved.modules:
        module = text.code(f"{plan.package}.{new}")
        notes.append(f"The author's module {text.code(old)}, which lay beside, is {module} here.")
    if not plan.trains:
        kept = {item.name for item in plan.owns}
        own = [s.definition for s in plan.facts.statements if s.definition is not None]
        fitting = [text.code(d.name) for d in own if d.effects.fits and d.name in kept]
        notes.append(
            f"Only {', '.join(fitting)} fits a model, and keeps it inside: none is served."
            if fitting
            else "There is no model: nothing to train or to serve."
        )
    return list(dict.fromkeys(notes))


def _findings(findings: Iterable[Finding], most: int | None = None) -> list[str]:
    """A line for all cells of which the same is said; of one check ``most`` lines."""
    cells: dict[tuple[str, str], list[int]] = {}
    for one in findings:
        found = cells.setdefault((one.code, one.message), [])
        if one.cell is not None and one.cell not in found:
            found.append(one.cell)
    lines: dict[str, list[str]] = {}
    for (code, message), where in cells.items():
        place = cells_text(sorted(where)).capitalize() if where else ""
        each = ", each" if len(where) > 1 else ""
        line = f"**{place}**{each}: {text.markdown(message)}." if place else ""
        lines.setdefault(code, []).append(line or f"{text.markdown(message)}.")
    notes: list[str] = []
    for code, told in lines.items():
        # One more is as long as to say that there is one.
        kept = told[:most] if most is not None and len(told) > most + 1 else told
        notes += kept
        if len(kept) < len(told):
            more = len(told) - len(kept)
            notes.append(f"{more} more like these: `chasm check` lists them as {code}.")
    return notes


def said_of(plan: Plan) -> list[str]:
    """What the notebook says of its figures, below them."""
    cells = {cell for f in plan.functions for cell in f.cells}
    told = [(cell, said) for cell, said in plan.prose.below if cell in cells]
    return [f"**Cell {cell}**: {text.markdown(said)}" for cell, said in told[:MAX_SAID]]


def seen_values(plan: Plan) -> dict[str, object] | None:
    """What a run of the notebook showed; None where it was not run."""
    if plan.seen is None:
        return None
    metrics = [
        {"name": metric.name, "cell": metric.cell, "value": f"{metric.value:.6g}"}
        for metric in plan.seen.metrics
    ]
    versions = ", ".join(f"{name} {version}" for name, version in plan.seen.versions)
    return {
        "metrics": metrics,
        "versions": f"With {versions}:" if versions else "",
        "verdict": plan.seen.verdict,
    }
