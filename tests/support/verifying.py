"""Notebooks and packages that are run for ``verify``, piece by piece."""

from functools import cache
from pathlib import Path
from typing import Any

from chasm.model import Notebook
from chasm.read import read_notebook
from chasm.rulebook import load_watch
from chasm.verify.judging import judged
from chasm.verify.kernel import run_notebook
from chasm.verify.model import Run, Verdict
from chasm.verify.package import package_in, run_package
from chasm.verify.traces import recording_folder

CASES = Path(__file__).parents[1] / "cases" / "verify"
TIMEOUT = 180.0


@cache
def watch() -> dict[str, Any]:
    return load_watch()


def run_of_notebook(source: Path, place: Path, seed: int = 0) -> tuple[Notebook, Run]:
    """What the notebook does in a folder of its own below ``place``."""
    notebook = read_notebook(source)
    root = place / "notebook"
    root.mkdir(parents=True)
    cells = tuple(cell for cell in notebook.cells if cell.written.strip())
    recording = recording_folder(place / "recording", watch())
    run = run_notebook(cells, root, root, recording, seed, None, None, TIMEOUT, lambda _: None)
    return notebook, run


def run_of_package(folder: Path, place: Path) -> Run:
    """What the package does."""
    recording = recording_folder(place / "recording", watch())
    return run_package(package_in(folder), folder, folder, recording, None, TIMEOUT)


def verdict_of(
    first: Run, second: Run | None, package: Run, shown: frozenset[int] = frozenset()
) -> Verdict:
    """The verdict on runs that were made already."""
    results = judged(first, () if second is None else (second,), package, shown)
    failures = tuple(run.failure for run in (first, package) if run.failure)
    return Verdict("notebook", "package", tuple(results), failures)
