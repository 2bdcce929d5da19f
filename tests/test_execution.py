"""The package of each fixture does what its notebook does when both are run.

Lines that are never the same twice (durations, object addresses) are described by regular
expressions, one a line, in ``expected-unstable.txt`` beside the notebook.
"""

import json
import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from support.conversion import converted
from support.folders import UNSTABLE, copied, fixtures, source_in
from support.process import python

from chasm.api import Conversion

EACH = pytest.mark.parametrize("folder", fixtures(), ids=lambda folder: folder.name)
EXECUTED = "order in which they were executed"
TESTS = Path(__file__).parent


def files_in(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc" and ".ipython" not in path.parts
    }


def run_notebook(
    folder: Path, tmp_path: Path, done: Conversion
) -> tuple[dict[str, list[str]], int, Path]:
    """What the notebook printed, the number of its figures, and the folder where it ran."""
    place = copied(folder, tmp_path / "run")
    record = tmp_path / "record.json"
    order = ["--executed"] if any(EXECUTED in f.message for f in done.findings) else []
    process = python(
        ["-m", "support.run_notebook", source_in(place), record, *order],
        place,
        {"PYTHONPATH": str(TESTS), "IPYTHONDIR": str(tmp_path / "ipython")},
    )
    assert process.returncode == 0, process.stderr
    found = json.loads(record.read_text(encoding="utf-8"))
    assert found["errors"] == [], "the notebook itself does not run"
    return {"printed": found["printed"]}, int(found["figures"]), place


def lines_missing(folder: Path, printed: list[str], stdout: str) -> list[str]:
    """Lines that the notebook printed and the package did not, or not as often."""
    path = folder / UNSTABLE
    patterns = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    stable = [line for line in printed if not any(re.search(p, line) for p in patterns)]
    wanted = Counter(line.rstrip() for line in stable if line.strip())
    missing = wanted - Counter(line.rstrip() for line in stdout.splitlines())
    return [f"not printed: {line!r} ({count} times)" for line, count in missing.items()]


def files_differing(before: set[str], notebook: Path, package: Path) -> list[str]:
    """Files that the notebook wrote and the package did not, or not with the same table."""
    faults = []
    for path in sorted(files_in(notebook) - before):
        made = package / path
        if not made.is_file():
            faults.append(f"not written: {path}")
        elif made.suffix == ".csv":
            try:
                pd.testing.assert_frame_equal(pd.read_csv(notebook / path), pd.read_csv(made))
            except AssertionError as error:
                faults.append(f"{path}: {error}")
    return faults


@EACH
def test_the_package_does_what_the_notebook_does(folder: Path, tmp_path: Path) -> None:
    done = converted(folder, tmp_path)
    process = python(["-m", done.package, "run"], done.folder, {"PYTHONPATH": "src"})
    assert process.returncode == 0, process.stderr
    record, figures, place = run_notebook(folder, tmp_path, done)
    faults = lines_missing(folder, record["printed"], process.stdout)
    faults += files_differing(files_in(tmp_path / folder.name), place, done.folder)
    saved = len(list(done.folder.glob("reports/*.png")))
    if saved < figures:
        faults.append(f"{saved} figures in reports/, {figures} shown by the notebook")
    assert record["printed"] or figures, "a fixture shows something"
    assert faults == [], "\n".join(faults)


@EACH
def test_the_tests_of_the_package_pass(folder: Path, tmp_path: Path) -> None:
    done = converted(folder, tmp_path)
    before = files_in(done.folder)
    process = python(["-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider"], done.folder)
    assert process.returncode == 0, process.stdout + process.stderr
    assert re.search(r"\b(?:[2-9]|[1-9]\d+) passed", process.stdout), process.stdout
    assert files_in(done.folder) == before, "the tests write into their temporary folder alone"
