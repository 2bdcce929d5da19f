"""The entrance of the layer: run the notebook twice and the package once, and compare."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from chasm.model import Notebook
from chasm.verify.copies import Copies
from chasm.verify.judging import judged, stored_results
from chasm.verify.kernel import run_notebook
from chasm.verify.model import Request, Run, Verdict
from chasm.verify.package import run_package
from chasm.verify.traces import recording_folder


def verify_package(
    notebook: Notebook, request: Request, progress: Callable[[str], None] = lambda _: None
) -> Verdict:
    """Whether the package does what the notebook does.

    Both run in working copies of their folders, which are gone afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="chasm-verify-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        first = _notebook_run(notebook, request, folder, 0, progress)
        again = None
        if first.failure is None:
            # Another seed of the hashes: an order that depends on it is no result.
            again = _notebook_run(notebook, request, folder, 1, progress)
        progress("the package")
        package = _package_run(notebook, request, folder)
        results = judged(first, again, package, request.shown)
        stored = tuple(stored_results(notebook.cells, package))
    failures = tuple(run.failure for run in (first, again, package) if run and run.failure)
    return Verdict(
        notebook.file, request.module, tuple(results), failures, stored, tuple(_notes(first))
    )


def _copies(notebook: Notebook, request: Request, root: Path) -> Copies:
    copies = Copies(root, (request.notebook.parent, request.package))
    copies.make(cell.written for cell in notebook.cells)
    return copies


def _notebook_run(
    notebook: Notebook, request: Request, place: Path, seed: int, progress: Callable[[str], None]
) -> Run:
    by_index = {cell.index: cell for cell in notebook.cells}
    cells = tuple(by_index[index] for index in request.order if by_index[index].written.strip())
    root = place / f"notebook-{seed}"
    copies = _copies(notebook, request, root)
    recording = recording_folder(place / f"recording-{seed}", request.watch)
    return run_notebook(
        cells,
        copies.place(request.notebook.parent),
        root,
        recording,
        seed,
        request.kernel,
        request.python,
        request.timeout,
        progress,
    )


def _package_run(notebook: Notebook, request: Request, place: Path) -> Run:
    root = place / "package"
    copies = _copies(notebook, request, root)
    recording = recording_folder(place / "recording-package", request.watch)
    folder = copies.place(request.package)
    return run_package(request.module, folder, root, recording, request.python, request.timeout)


def _notes(run: Run) -> list[str]:
    """What a reader should know of how the notebook was run."""
    found = []
    restored = sorted({e.cell for e in run.events if e.kind == "restored" and e.cell is not None})
    if restored:
        cells = ", ".join(map(str, restored))
        found.append(
            f"cell {cells}: a change in place through a part of a value, which the installed "
            "version ignores, was made as it was for the author"
        )
    faults = [event for event in run.events if event.kind == "fault"]
    if faults:
        first = f"{faults[0].name}: {faults[0].text}"
        found.append(f"{len(faults)} results could not be recorded ({first})")
    return found
