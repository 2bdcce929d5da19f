"""The normal form as text: lines that are added, spans that are replaced."""

from __future__ import annotations

from dataclasses import replace

from chasm.model import Facts, Notebook, Statement
from chasm.plan.split.model import Edit, Role, Step
from chasm.plan.split.source import Source, apply, encoded

Place = tuple[int, int]


def normal_form(
    facts: Facts, steps: list[Step]
) -> tuple[Notebook, dict[Place, Role], dict[Place, tuple[tuple[str, str], ...]], dict[int, Place]]:
    """The notebook with the changes of ``steps``; roles and places of all statements in it."""
    by_cell: dict[int, list[Step]] = {}
    for step in steps:
        by_cell.setdefault(facts.statements[step.statement].cell, []).append(step)
    members: dict[int, list[Statement]] = {}
    for s in facts.statements:
        members.setdefault(s.cell, []).append(s)
    roles: dict[Place, Role] = {}
    same: dict[Place, tuple[tuple[str, str], ...]] = {}
    places: dict[int, Place] = {}
    cells = []
    for cell in facts.notebook.cells:
        changed = {step.statement: step for step in by_cell.get(cell.index, ())}
        nth = 0
        for s in sorted(members.get(cell.index, ()), key=lambda s: s.nth):
            found = changed.get(s.id)
            for line in found.lines if found else ():
                roles[cell.index, nth], same[cell.index, nth] = line.role, line.same
                nth += 1
            place = (cell.index, nth)
            places[s.id] = place
            if found is not None:
                roles[place], same[place] = found.role, found.same
            nth += 1
            for line in found.after if found else ():
                roles[cell.index, nth], same[cell.index, nth] = line.role, line.same
                nth += 1
        if any(step.lines or step.edits or step.after for step in changed.values()):
            cell = replace(cell, source=_edited(cell.source, changed, facts))
        cells.append(cell)
    return replace(facts.notebook, cells=tuple(cells)), roles, same, places


def _edited(text: str, steps: dict[int, Step], facts: Facts) -> str:
    source = Source(encoded(text))
    lines = text.split("\n")
    edits: list[Edit] = []
    for number, step in steps.items():
        edits += step.edits
        if step.lines:
            edits.append(_inserted(source, lines, facts.statements[number], step))
        if step.after:
            # They stand on their own lines, as what they follow does.
            end = source.line_start(facts.statements[number].end_line + 1) - 1
            edits.append(Edit(end, end, "".join(f"\n{added.code}" for added in step.after)))
    return apply(source.text, edits)


def _inserted(source: Source, lines: list[str], s: Statement, step: Step) -> Edit:
    """The added lines above a statement and its comments; on its own line, where it shares it."""
    line = s.line
    if step.column:
        start = source.line_start(line) + step.column
        return Edit(start, start, "".join(f"{added.code}; " for added in step.lines))
    while line > 1 and lines[line - 2].lstrip().startswith("#"):
        line -= 1
    start = source.line_start(line)
    return Edit(start, start, "".join(f"{added.code}\n" for added in step.lines))
