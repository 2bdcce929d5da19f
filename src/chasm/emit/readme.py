"""What the README of a package says: the flow, where each cell went, what to look at."""

from chasm.emit import text
from chasm.model import CellKind, Statement
from chasm.plan.items import Carried
from chasm.plan.model import Fate, Plan, Written

MAX_NODES = 40


def flow_lines(plan: Plan) -> list[str]:
    """The pipeline as the edges of a mermaid flowchart."""
    lines: list[str] = []
    maker: dict[str, str] = {}
    for call in plan.pipeline[:MAX_NODES]:
        if isinstance(call, Written):
            if call.transformer:
                name, _, code = call.code.partition(" = ")
                source = maker.get(code.rpartition(".fit(")[2].rstrip(")"), "")
                lines += [f"{source} --> {call.transformer}"] if source else []
                maker[name] = call.transformer
            continue
        sources: list[str] = []
        for _, value in call.arguments:
            if value.startswith(f"{plan.handles.config}.data."):
                name = value.rpartition(".")[2]
                sources.append(f"file_{name}[{text.label(_file(plan, name))}]")
            elif value in maker:
                sources.append(maker[value])
        for source in dict.fromkeys(sources):
            lines.append(f"{source} --> {call.function}")
        for target in call.targets:
            maker[target] = call.function
        for _, value in call.arguments:
            if value.startswith(f"{plan.handles.config}.output."):
                name = value.rpartition(".")[2]
                lines.append(f"{call.function} --> file_{name}[{text.label(_file(plan, name))}]")
    reported = {v.partition(".")[2] for call in plan.report for _, v in call.arguments}
    last = list(dict.fromkeys(maker.get(name, "") for name, _ in plan.results if name in reported))
    lines += [f"{source} --> report" for source in last if source and plan.report]
    if plan.predictor is not None:
        parts = [maker[part] for _, part in plan.predictor.steps if part in maker]
        lines += [f"{part} --> predictor" for part in parts]
        lines.append("predictor --> serve")
    return list(dict.fromkeys(lines))


def _file(plan: Plan, name: str) -> str:
    for setting in plan.settings:
        if setting.name == name and setting.group in ("data", "output"):
            return str(setting.value).replace("\\", "/").rpartition("/")[2]
    return name


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
    rows: list[dict[str, str]] = []
    for cell in plan.facts.notebook.cells:
        if cell.kind is not CellKind.CODE or not cell.source.strip():
            continue
        if cell.index in plan.facts.skipped:
            reason = text.markdown(plan.facts.skipped[cell.index])
            rows.append({"cell": str(cell.index), "was": "", "now": f"left out: {reason}"})
            continue
        inside = members.get(cell.index, [])
        rows.append(_row(plan, cell.index, inside, dropped.get(cell.index, []), places))
    return rows


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
    return {"cell": str(cell), "was": was_text, "now": "; ".join(parts)}


def notes_of(plan: Plan) -> list[str]:
    """What a reader should know before relying on the package."""
    notes: list[str] = []
    for finding in plan.findings:
        where = f"**Cell {finding.cell}** " if finding.cell else ""
        notes.append(f"{where}{text.markdown(finding.message)}.")
    for old, new in plan.moved.modules:
        module = text.code(f"{plan.package}.{new}")
        notes.append(f"The author's module {text.code(old)}, which lay beside, is {module} here.")
    if not plan.trains:
        notes.append("There is no model: nothing to train or to serve.")
    return list(dict.fromkeys(notes))
