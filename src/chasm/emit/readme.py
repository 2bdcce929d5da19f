"""What the README of a package says: the flow, where each cell went, what to look at."""

from collections.abc import Iterable

from chasm.emit import text
from chasm.findings import Finding
from chasm.model import CellKind, Statement
from chasm.plan.documents import cells_text
from chasm.plan.flow import Part, make_flow, mermaid_id
from chasm.plan.items import Carried
from chasm.plan.model import Fate, Plan

MAX_NODES = 40
#: Of what one check has to say, as many lines are there to be read.
MAX_NOTES = 3


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

    lines = [f"{name(e.source)} --> {name(e.target)}" for e in flow.edges if not e.learned]
    return list(dict.fromkeys(lines))


def cell_rows(plan: Plan) -> list[dict[str, str]]:
    """One row for each code cell: what it held, and where that is now."""
    places: dict[int, str] = {}
    for function in plan.functions:
        places |= dict.fromkeys(function.twins, f"{function.module}.{function.name}")
        for item in function.body:
            if isinstance(item, Carried):
                places[item.statement] = f"{function.module}.{function.name}"
    for learned in plan.transformer.fit if plan.transformer else ():
        if isinstance(learned, Carried) and plan.transformer is not None:
            places[learned.statement] = f"features.{plan.transformer.name}"
    for part in plan.parts:
        places[part.statement] = f"{part.module}.{part.name}"
    members: dict[int, list[Statement]] = {}
    for statement in plan.facts.statements:
        members.setdefault(statement.cell, []).append(statement)
    dropped: dict[int, list[str]] = {}
    for cell_index, line, reason in plan.facts.notebook.dropped_lines:
        dropped.setdefault(cell_index, []).append(f"line {line}: {reason}")
    written = _written_out(plan)
    rows: list[dict[str, str]] = []
    for cell in plan.facts.notebook.cells:
        if cell.kind is not CellKind.CODE:
            continue
        if not cell.source.strip() and cell.index not in (dropped.keys() | written.keys()):
            continue
        if cell.index in plan.facts.skipped:
            reason = text.markdown(plan.facts.skipped[cell.index])
            rows.append({"cell": str(cell.index), "was": "", "now": f"left out: {reason}"})
            continue
        inside = members.get(cell.index, [])
        row = _row(plan, cell.index, inside, dropped.get(cell.index, []), places)
        if cell.index in written:
            moved = "; ".join(written[cell.index])
            row["now"] = f"{row['now']}; {moved}" if inside else moved
        rows.append(row)
    return _gathered(rows)


def _written_out(plan: Plan) -> dict[int, list[str]]:
    """By their cells, the functions whose bodies stand in other cells, and in which."""
    found: dict[int, list[str]] = {}
    for one in plan.facts.notebook.written_out:
        if one.called != (one.cell,):
            where = f"{text.code(one.name)} is written out in {cells_text(one.called)}"
            found.setdefault(one.cell, []).append(where)
    return found


def _gathered(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows, those that were left out for the same reason as one, at the end."""
    kept: list[dict[str, str]] = []
    left: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        if row["now"].startswith("left out: "):
            left.setdefault(row["now"], []).append(row)
        else:
            kept.append(row)
    for now, alike in left.items():
        words = dict.fromkeys(word for row in alike for word in row["was"].split(", ") if word)
        cells = cells_text([int(row["cell"]) for row in alike]).partition(" ")[2]
        kept.append({"cell": cells, "was": ", ".join(list(words)[:6]), "now": now})
    return kept


def _row(
    plan: Plan, cell: int, members: list[Statement], dropped: list[str], places: dict[int, str]
) -> dict[str, str]:
    was = list(dict.fromkeys(s.call.rpartition(".")[2] for s in members if s.call))
    if members and all(s.imports for s in members):
        was_text = "imports"
    else:
        was_text = ", ".join(text.code(name) for name in was[:4])
    now: list[str] = []
    left: dict[str, int] = {}
    for s in members:
        fate, reason = plan.fates[s.id]
        if s.id in places:
            now.append(text.code(places[s.id]))
        elif fate is Fate.SETTING:
            now.append(text.code("config"))
        elif fate is Fate.IMPORT and len(members) == sum(bool(m.imports) for m in members):
            now.append("the head of each module")
        elif fate is Fate.LEFT_OUT:
            left[reason] = left.get(reason, 0) + 1
    left |= dict.fromkeys(dropped, 1)
    parts = list(dict.fromkeys(now))
    parts += [f"left out: {text.markdown(reason)}" for reason in left]
    parts = parts or ["left out: nothing but comments"]
    return {"cell": str(cell), "was": was_text, "now": "; ".join(parts)}


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
