"""A package that does something else than its notebook is found out, with cell and values.

Each file in a folder ``wrong`` of ``cases/verify`` changes one place of a package that is right:
what stands there, what is put in its place, and what the verdict has to say of it. The quarry's are
those that leave every number as it is and change what it means: its row, its file, its picture.
"""

import shutil
from pathlib import Path

import pytest
from support.verifying import CASES, run_of_notebook, run_of_package, verdict_of

from chasm.report.verdict_text import verdict_text
from chasm.verify.model import Run, Status, Verdict

WRONG = sorted((CASES / "wrong").glob("*.txt"))
QUARRY = CASES / "quarry"
#: The one cell that shows a result at its end, in either notebook.
SHOWN = frozenset({9})


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """The notebook, run twice."""
    return run_twice(CASES / "notebook.py", tmp_path_factory)


@pytest.fixture(scope="module")
def quarry_runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """The quarry's notebook, run twice."""
    return run_twice(QUARRY / "notebook.py", tmp_path_factory)


def run_twice(source: Path, factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    places = [factory.mktemp(name) for name in ("first", "second")]
    first, second = (run_of_notebook(source, place, seed)[1] for seed, place in enumerate(places))
    assert first.failure is None, "the notebook itself does not run"
    return first, second


def judge(
    runs: tuple[Run, Run],
    place: Path,
    old: str = "",
    new: str = "",
    right: Path = CASES / "orchard",
) -> Verdict:
    folder = place / right.name
    shutil.copytree(right, folder)
    source = folder / "src" / right.name / "__main__.py"
    text = source.read_text(encoding="utf-8")
    assert old in text
    source.write_text(text.replace(old, new) if old else text, encoding="utf-8")
    return verdict_of(*runs, run_of_package(folder, place), SHOWN)


def test_a_package_that_does_the_same_agrees(runs: tuple[Run, Run], tmp_path: Path) -> None:
    verdict = judge(runs, tmp_path)
    assert verdict.agrees, verdict_text(verdict)
    assert {status: verdict.count(status) for status in Status} == {
        Status.EQUAL: 12,
        Status.DIFFERS: 0,
        Status.MISSING: 0,
        Status.EXTRA: 0,
        Status.UNSTABLE: 0,
    }
    kinds = {(result.kind, result.cell) for result in verdict.results}
    assert kinds >= {("fit", 5), ("predict", 5), ("fit", 6), ("metric", 6), ("figure", 7)}
    assert kinds >= {("save", 8), ("file", 8), ("print", 4), ("print", 6), ("shown", 9)}


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.stem)
def test_a_wrong_package_is_found_out(case: Path, runs: tuple[Run, Run], tmp_path: Path) -> None:
    old, new, expected = case.read_text(encoding="utf-8").split("\n---\n")
    verdict = judge(runs, tmp_path, old, new)
    said = verdict_text(verdict)
    assert not verdict.agrees
    missing = [line for line in expected.splitlines() if line not in said]
    assert missing == [], said


def test_a_package_of_the_quarry_that_does_the_same_agrees(
    quarry_runs: tuple[Run, Run], tmp_path: Path
) -> None:
    verdict = judge(quarry_runs, tmp_path, right=QUARRY / "quarry")
    assert {result.status for result in verdict.results} == {Status.EQUAL}, verdict_text(verdict)
    kinds = {(result.kind, result.cell) for result in verdict.results}
    assert kinds >= {("save", 4), ("figure", 5), ("file", 5), ("figure", 6), ("save", 7)}
    assert kinds >= {("file", 7), ("print", 8), ("shown", 9)}


@pytest.mark.parametrize(
    "case", sorted((QUARRY / "wrong").glob("*.txt")), ids=lambda case: case.stem
)
def test_what_leaves_the_numbers_as_they_are_is_found_out(
    case: Path, quarry_runs: tuple[Run, Run], tmp_path: Path
) -> None:
    old, new, expected = case.read_text(encoding="utf-8").split("\n---\n")
    verdict = judge(quarry_runs, tmp_path, old, new, QUARRY / "quarry")
    said = verdict_text(verdict)
    assert not verdict.agrees
    missing = [line for line in expected.rstrip("\n").split("\n") if line not in said]
    assert missing == [], said


def test_what_only_the_package_does_is_told_and_no_fault(
    runs: tuple[Run, Run], tmp_path: Path
) -> None:
    more = "    save(test, predicted)\n    Ridge().fit(X_test, predicted)\n    print('done')\n"
    verdict = judge(runs, tmp_path, "    save(test, predicted)\n    ", more + "    ")
    extra = {(r.kind, r.name) for r in verdict.results if r.status is Status.EXTRA}
    assert verdict.agrees
    assert extra == {("fit", "Ridge"), ("print", "done")}
