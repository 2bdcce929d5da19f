"""Which lines of a package come from which cells: all that was carried, and nothing else."""

import ast
from pathlib import Path

import pytest
from support.folders import ROOT, fixtures, source_in
from support.graphs import plan_of

from chasm.emit import emit_project, formatted, origins_of
from chasm.place import ruff_formatted
from chasm.plan.model import Fate, Plan
from chasm.plan.origin import Origin

CASES = sorted((ROOT / "tests" / "cases" / "graph").glob("*.py"))


def origins(plan: Plan) -> dict[str, tuple[Origin, ...]]:
    return origins_of(plan, emit_project(plan).files)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_lines_are_told_by_their_cells(case: Path, update: bool) -> None:
    plan = plan_of(case)
    files = formatted(ruff_formatted(emit_project(plan).files))
    told = []
    for path, spans in origins_of(plan, files).items():
        told.append(f"== {path}")
        lines = files[path].split("\n")
        cells = {n: one for one in spans for n in range(one.start, one.end + 1)}
        for number, line in enumerate(lines[:-1], start=1):
            one = cells.get(number)
            words = ",".join(map(str, one.cells)) + ("*" if one.carried else "") if one else ""
            told.append(f"{words:>6} | {line}".rstrip())
    text = "\n".join(told) + "\n"
    expected = case.with_suffix(".origins.txt")
    if update:
        expected.write_text(text, encoding="utf-8", newline="\n")
    assert text == expected.read_text(encoding="utf-8")
    assert not update, "expectations were written; look at them"


@pytest.mark.parametrize("folder", fixtures(), ids=lambda folder: folder.name)
def test_each_cell_that_was_carried_has_lines(folder: Path) -> None:
    plan = plan_of(source_in(folder))
    kept = (Fate.PRODUCT, Fate.REPORT, Fate.DEFINITION, Fate.CONSTANT)
    carried = {s.cell for s in plan.facts.statements if plan.fates[s.id][0] in kept}
    found = {
        cell
        for spans in origins(plan).values()
        for one in spans
        if one.carried
        for cell in one.cells
    }
    assert carried
    assert carried <= found


@pytest.mark.parametrize("folder", fixtures(), ids=lambda folder: folder.name)
def test_lines_have_one_origin_and_hold_whole_statements(folder: Path) -> None:
    plan = plan_of(source_in(folder))
    files = emit_project(plan).files
    for path, spans in origins_of(plan, files).items():
        starts_and_ends = [place for one in spans for place in (one.start, one.end + 0.5)]
        assert starts_and_ends == sorted(starts_and_ends)
        lines = files[path].split("\n")
        assert spans[-1].end <= len(lines)
        for one in spans:
            if one.carried:
                text = "\n".join(lines[one.start - 1 : one.end])
                margin = len(text) - len(text.lstrip())
                body = "\n".join(f"  {line}" for line in text.split("\n"))
                assert ast.parse(f"if True:\n{body}" if not margin else f"if True:\n{text}").body
