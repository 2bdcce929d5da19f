"""The entrance of the layer: run the notebook twice and the package once, and compare.

Where they differ the notebook is run again, until another run explains it or enough have not.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chasm.model import Cell, Notebook
from chasm.seen import Metric, Table
from chasm.verify.copies import Copies
from chasm.verify.judging import final_results, judged, stored_results, uncompared
from chasm.verify.kernel import run_notebook
from chasm.verify.model import Request, Result, Run, Status, Stored, Verdict
from chasm.verify.package import run_package
from chasm.verify.raw import Probed, metrics_of, probed, table_of
from chasm.verify.traces import recording_folder

#: A cell that starts so keeps what it prints to itself.
CAPTURED = "%%capture"
WRONG = (Status.DIFFERS, Status.MISSING)
#: Runs of the notebook after the first one, before a difference is believed.
REPEATS = 2
#: As many where it draws random numbers: a rounded score easily is the same in three runs.
RANDOM_REPEATS = 5
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Trial:
    """A verdict with what the runs saw besides."""

    verdict: Verdict
    table: Table | None = None
    metrics: tuple[Metric, ...] = ()


def verify_package(
    notebook: Notebook, request: Request, progress: Progress = lambda _done, _total, _what: None
) -> Verdict:
    """Whether the package does what the notebook does.

    Both run in working copies of their folders, which are gone afterwards. ``progress`` is told
    how many steps are done, how many there are, and what comes next.
    """
    return try_package(notebook, request, progress).verdict


def try_package(notebook: Notebook, request: Request, progress: Progress) -> Trial:
    """The verdict on the package, and the raw records and metrics of the run."""
    with tempfile.TemporaryDirectory(prefix="chasm-verify-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        total = (1 if request.once else 2) * len(_cells(notebook, request)) + 1
        first = _notebook_run(notebook, request, folder, 0, progress)
        if request.once and first.failure is not None:
            return Trial(_verdict(notebook, request, (first,), (), ()))
        again: list[Run] = []
        if first.failure is None and not request.once:
            again.append(_notebook_run(notebook, request, folder, 1, progress))
        progress(total - 1, total, "the package")
        package, asked = _package_run(notebook, request, folder)
        results = _results(first, again, package, request)
        repeats = RANDOM_REPEATS if request.random else REPEATS
        while len(again) < repeats and _doubtful(first, again, package, results):
            # It may be another one in every run, and two runs may agree by chance.
            again.append(_notebook_run(notebook, request, folder, len(again) + 1, progress))
            results = _results(first, again, package, request)
        progress(total, total, "comparing")
        stored = tuple(stored_results(notebook.cells, package, results))
    verdict = _verdict(notebook, request, (first, *again, package), results, stored)
    return Trial(verdict, table_of(first, package, asked), metrics_of(first))


def _doubtful(first: Run, again: Sequence[Run], package: Run, results: Sequence[Result]) -> bool:
    """Whether another run of the notebook may tell why the package differs."""
    ended = not any(run.failure for run in (first, *again, package))
    return ended and any(one.status in WRONG for one in results)


def _results(
    first: Run, again: Sequence[Run], package: Run, request: Request
) -> tuple[Result, ...]:
    return (
        *judged(first, again, package, request.shown),
        *final_results(first, again, package, request.finals),
    )


def _verdict(
    notebook: Notebook,
    request: Request,
    runs: tuple[Run, ...],
    results: tuple[Result, ...],
    stored: tuple[Stored, ...],
) -> Verdict:
    failures = tuple(run.failure for run in runs if run.failure)
    versions = _versions(runs[0])
    first, package = runs[0], runs[-1]
    notes = [*_notes(first), *_other_versions(versions, _versions(package))]
    if first is not package and (left := uncompared(first, package, request.finals)):
        notes.append(
            "the package does not hand over as planned, so that last values were not compared: "
            + ", ".join(left)
        )
    if first.failure is None and not results:
        notes.append("neither has results that can be compared: nothing is proved")
    return Verdict(notebook.file, request.module, results, failures, stored, tuple(notes), versions)


def verify_stored(
    notebook: Notebook, request: Request, progress: Progress = lambda _done, _total, _what: None
) -> Verdict:
    """What the package prints beside what the notebook's file holds; the notebook is not run."""
    with tempfile.TemporaryDirectory(prefix="chasm-verify-", ignore_cleanup_errors=True) as place:
        progress(0, 1, "the package")
        package, _ = _package_run(notebook, request, Path(place))
        progress(1, 1, "comparing")
        stored = tuple(stored_results(notebook.cells, package, ()))
    failures = (package.failure,) if package.failure else ()
    return Verdict(
        notebook.file, request.module, (), failures, stored, (), _versions(package), ran=False
    )


def _cells(notebook: Notebook, request: Request) -> tuple[Cell, ...]:
    """The cells to run, in the order in which they are run."""
    by_index = {cell.index: cell for cell in notebook.cells}
    return tuple(by_index[index] for index in request.order if by_index[index].written.strip())


def _copies(notebook: Notebook, request: Request, root: Path) -> Copies:
    copies = Copies(root, (request.notebook.parent, request.package))
    copies.make(cell.written for cell in notebook.cells)
    return copies


def _notebook_run(
    notebook: Notebook, request: Request, place: Path, seed: int, progress: Progress
) -> Run:
    cells = _cells(notebook, request)
    total = max(seed + 1, 1 if request.once else 2) * len(cells) + 1
    root = place / f"notebook-{seed}"
    copies = _copies(notebook, request, root)
    recording = recording_folder(place / f"recording-{seed}", request.watch)
    run = run_notebook(
        cells,
        copies.place(request.notebook.parent),
        root,
        recording,
        seed,
        request.kernel,
        request.python,
        request.timeout,
        lambda number: progress(seed * len(cells) + number, total, f"cell {cells[number].index}"),
    )
    # What a cell captures nobody saw: it is no result.
    silent = {c.index for c in cells if c.written.lstrip().startswith(CAPTURED)}
    seen = [e for e in run.events if e.kind != "print" or e.cell not in silent]
    return replace(run, events=tuple(seen))


def _package_run(notebook: Notebook, request: Request, place: Path) -> tuple[Run, Probed | None]:
    """The package's run, and what it then says of its records where it is to be asked."""
    root = place / "package"
    copies = _copies(notebook, request, root)
    recording = recording_folder(place / "recording-package", request.watch)
    folder = copies.place(request.package)
    run = run_package(request.module, folder, root, recording, request.python, request.timeout)
    if run.failure is not None or not request.artifacts:
        return run, None
    return run, probed(request.module, request.artifacts, folder, place, request.python)


def _versions(run: Run) -> dict[str, str]:
    found: dict[str, str] = {}
    for event in run.events:
        if event.kind == "versions":
            found |= event.value
    return found


def _other_versions(notebook: dict[str, str], package: dict[str, str]) -> list[str]:
    return [
        f"{name} is {notebook[name]} for the notebook and {package[name]} for the package"
        for name in sorted(notebook.keys() & package.keys())
        if notebook[name] != package[name]
    ]


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
