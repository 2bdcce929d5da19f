"""The files around a served model do what they promise, for hand-written predictors."""

import re
from pathlib import Path

import pytest
from support.folders import fixtures, tree
from support.process import python
from support.serving import PACKAGE, cases, files_of, written

from chasm.emit import formatted
from chasm.place import ruff_complaints

EACH = pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)


@EACH
def test_the_tests_of_the_package_and_more_checks_pass(case: Path, tmp_path: Path) -> None:
    folder = written(case, tmp_path / "package")
    process = python(["-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider"], folder)
    assert process.returncode == 0, process.stdout + process.stderr
    assert re.search(r"\b(?:[2-9]|[1-9]\d+) passed", process.stdout), process.stdout


@EACH
def test_the_files_are_as_formatter_and_linter_leave_them(case: Path) -> None:
    files = files_of(case)
    assert formatted(files) == files
    assert ruff_complaints(files) == []


def test_the_commands(tmp_path: Path) -> None:
    folder = written(cases()[0], tmp_path / "package")
    source = {"PYTHONPATH": "src"}
    early = python(["-m", PACKAGE, "serve"], folder, source)
    assert early.returncode == 2
    assert early.stderr.startswith("error: artifacts: no trained predictor here")
    assert early.stderr.count("\n") == 1
    trained = python(["-m", PACKAGE, "train"], folder, source)
    assert trained.returncode == 0, trained.stderr
    assert (folder / "artifacts" / "manifest.json").exists()
    missing = python(["-m", PACKAGE, "predict", "no.csv", "--output", "a.csv"], folder, source)
    assert missing.returncode == 2
    assert missing.stderr.startswith("error: no.csv: ")


def test_a_package_without_a_served_model_has_none_of_it() -> None:
    for folder in fixtures():
        files = tree(folder / "expected")
        config = next(text for path, text in files.items() if path.endswith("/config.py"))
        served = any(path.endswith("/service.py") for path in files)
        assert served == ("class ServiceConfig" in config)
