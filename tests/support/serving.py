"""Packages around hand-written predictors: a case is a folder in ``tests/cases/serving``.

It has a notebook, from which everything is made that this project makes, a ``serving.toml``
with what is known of the served model, and the modules that train it.
"""

import shutil
import tomllib
from dataclasses import replace
from pathlib import Path

from chasm.analyse import analyse, imported_roots
from chasm.emit import emit_project, formatted
from chasm.place import ruff_formatted, write_project
from chasm.plan import make_plan
from chasm.plan.model import Serving
from chasm.read import read_notebook
from chasm.rulebook import load_rulebook

CASES = Path(__file__).parents[1] / "cases" / "serving"
#: Tests that run inside a package, beside its own.
CHECKS = ("record_checks", "service_checks")
PACKAGE = "served"


def cases() -> list[Path]:
    """The folder of every case."""
    return sorted(path for path in CASES.iterdir() if path.is_dir())


def serving_of(case: Path) -> Serving:
    values = tomllib.loads((case / "serving.toml").read_text(encoding="utf-8"))
    values["unused"] = tuple(values.get("unused", ()))
    values["example"] = tuple(values.get("example", {}).items())
    return Serving(**({"target": None} | values))


def files_of(case: Path) -> dict[str, str]:
    """Every file of the package around the case's predictor."""
    notebook = read_notebook(case / "notebook.py")
    book = load_rulebook(imported_roots(notebook))
    plan = replace(make_plan(analyse(notebook, book), book, PACKAGE), serving=serving_of(case))
    return formatted(ruff_formatted(emit_project(plan).files))


def written(case: Path, folder: Path) -> Path:
    """The package in ``folder``, with the case's own modules and data, and checks of it."""
    write_project(files_of(case), folder)
    for path in case.iterdir():
        if path.suffix == ".csv":
            shutil.copy(path, folder)
        elif path.suffix == ".py" and path.stem != "notebook":
            shutil.copy(path, folder / "src" / PACKAGE)
    for name in CHECKS:
        source = Path(__file__).with_name(f"{name}.py")
        shutil.copy(source, folder / "tests" / f"test_{name}.py")
    return folder
