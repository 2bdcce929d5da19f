"""What the command line and Python callers use: one function a verb."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chasm.errors import InputError
from chasm.findings import Checked, Finding

if TYPE_CHECKING:
    from chasm.plan.model import Plan
    from chasm.review import Review
    from chasm.verify import Verdict


@dataclass(frozen=True, slots=True)
class Conversion:
    """What converting one notebook gave."""

    notebook: str
    package: str
    folder: Path
    findings: tuple[Finding, ...]
    written: tuple[str, ...]
    removed: tuple[str, ...]
    functions: int
    edited: tuple[str, ...] = ()
    verdict: "Verdict | None" = None


def convert(
    notebook: str | os.PathLike[str],
    output: str | os.PathLike[str] | None = None,
    *,
    name: str | None = None,
    force: bool = False,
    dry_run: bool = False,
    serve: str | None = None,
    fix: str | None = None,
    run: bool = False,
    kernel: str | None = None,
    timeout: float = 600,
    progress: Callable[[int, int, str], None] = lambda _done, _total, _what: None,
) -> Conversion:
    """Write the package of ``notebook`` into ``output``; nothing of it is run without ``run``.

    ``output`` is by default a folder of the package's name in the working directory. With
    ``dry_run`` nothing is written. ``serve`` is the notebook's name of the model to serve.
    With ``fix="leakage"`` what the notebook learns of rows that it holds out later is learned of
    the others alone; the findings say what was mended, and what could not be, with the reason.
    With ``run`` notebook and package are run as :func:`verify` does, once if that is enough: the
    schema says what the raw records are like, the package has tests with what it did, and its
    README the verdict, which is returned as well. A notebook that fails gives the package
    that it gives without ``run``. ``kernel``, ``timeout`` and ``progress`` are those of
    :func:`verify`. Raises :class:`~chasm.errors.InputError`, and then nothing is written.
    """
    from chasm.making import made_package
    from chasm.place import changes_of, known_bounds, with_bounds, write_project

    path = Path(notebook)
    verdict = None
    if run:
        if dry_run:
            raise InputError("--check writes nothing: it does not go with --run")
        if fix is not None:
            raise InputError("--fix changes what the notebook says: it does not go with --run")
        from chasm.verifying import Wanted, run_and_make, with_tests

        wanted = Wanted(kernel=kernel, timeout=timeout)
        made, verdict = run_and_make(path, output, name, serve, force, wanted, progress)
    else:
        made = made_package(path, output, name, serve, fix, recall=True)
    plan, folder = made.plan, made.folder
    files = with_bounds(made.files, known_bounds(folder))
    if dry_run:
        changes = changes_of(files, folder)
    else:
        changes = write_project(files, folder, force)
    if verdict is not None and not verdict.failures:
        verdict = with_tests(path, folder, wanted, verdict)
    return Conversion(
        made.notebook.file,
        plan.package,
        folder,
        plan.findings,
        (*changes.new, *changes.changed, *(changes.edited if force else ())),
        changes.removed,
        len(plan.functions),
        changes.edited,
        verdict,
    )


def graph(notebook: str | os.PathLike[str], form: str = "svg", *, serve: str | None = None) -> str:
    """The flow of data through the package of ``notebook`` as a drawing.

    ``form`` is ``svg``, ``mermaid``, ``dot`` or ``json``. Nothing of the notebook is run, and
    nothing is written.
    """
    from chasm.making import planned
    from chasm.plan.flow import make_flow
    from chasm.report.drawing import GRAPH_FORMATS, draw

    if form not in GRAPH_FORMATS:
        names = ", ".join(GRAPH_FORMATS)
        raise InputError(f"no format of a drawing is called {form!r} (of {names})")
    path = Path(notebook)
    _, plan = planned(path, serve=serve)
    return draw(form, make_flow(plan, _findings(path, plan)), plan.title)


def report(
    notebook: str | os.PathLike[str],
    *,
    verdict: str | os.PathLike[str] | None = None,
    serve: str | None = None,
) -> str:
    """One HTML page with ``notebook``, its package, and where each cell went.

    ``verdict`` names a file with what ``chasm verify --output-format json`` said. Nothing of
    the notebook is run, and nothing is written.
    """
    from chasm.emit import origins_of
    from chasm.making import made_package
    from chasm.read.files import read_text
    from chasm.read.shown import shown_prints, shown_texts
    from chasm.report.page import Subject, render
    from chasm.report.verdict_json import verdict_from

    path = Path(notebook)
    judged = None
    if verdict is not None:
        judged = verdict_from(read_text(Path(verdict))[0], Path(verdict).name)
    # Beside the notebook, so that the page says the same wherever it is made.
    made = made_package(path, path.parent / "package", serve=serve)
    return render(
        Subject(
            made.notebook,
            shown_texts(made.notebook),
            shown_prints(made.notebook),
            made.plan,
            made.files,
            origins_of(made.plan, made.files),
            _findings(path, made.plan),
            judged,
        )
    )


def _findings(path: Path, plan: "Plan") -> tuple[Finding, ...]:
    """What ``chasm check`` says of the notebook, and what the conversion did, each once."""
    from chasm.checking import Options, check_files

    checked = [
        one.finding for file in check_files([path], Options()).files for one in file.findings
    ]
    found = {(f.code, f.cell, f.line, f.message): f for f in (*checked, *plan.findings)}
    return tuple(sorted(found.values(), key=lambda f: (f.cell or 0, f.line or 0, f.code)))


def verify(
    notebook: str | os.PathLike[str],
    package: str | os.PathLike[str] | None = None,
    *,
    kernel: str | None = None,
    python: str | os.PathLike[str] | None = None,
    timeout: float = 600,
    write_tests: bool = False,
    install: bool = False,
    stored: bool = False,
    progress: Callable[[int, int, str], None] = lambda _done, _total, _what: None,
) -> "Verdict":
    """Run ``notebook`` and ``package`` and compare, result by result, what they did.

    Without ``package`` the notebook is converted as ``convert`` would now. ``python`` is the
    interpreter that runs both, by default this one; ``kernel`` names an installed kernel for the
    notebook; each run may take ``timeout`` seconds. Both run in copies of their folders, the
    notebook twice. With ``write_tests`` what an agreeing package did is written into its
    ``tests`` folder, for its own tests to compare with, and the versions of what it took into
    its ``environment.toml``. With ``install`` both run in an environment made for the package,
    in the versions that such a file names. With ``stored`` only the package is run, and the
    outputs that the notebook's file holds are compared, which proves nothing. ``progress`` is
    told the steps done, their number, and what comes next.
    """
    from chasm.verifying import Wanted, verify_files

    interpreter = os.fspath(python) if python is not None else None
    wanted = Wanted(kernel, interpreter, timeout, write_tests, install, stored)
    given = Path(package) if package is not None else None
    return verify_files(Path(notebook), given, wanted, convert, progress)


def check(*paths: str | os.PathLike[str]) -> tuple[Checked, ...]:
    """What stands between the notebooks that ``paths`` name and production; no cell is run.

    Raises :class:`~chasm.errors.InputError` when a path or the settings are wrong; what is
    wrong with one file is in its own result.
    """
    from chasm.checking import Options, check_files

    return check_files([Path(path) for path in paths], Options()).files


def review(old: str | os.PathLike[str], new: str | os.PathLike[str]) -> "Review":
    """What changed in the pipeline from one version of a notebook to another; no cell is run.

    Raises :class:`~chasm.errors.InputError` when one of them is no notebook.
    """
    from chasm.reviewing import review_files

    return review_files(Path(old), Path(new)).reviews[0]


__all__ = ["Conversion", "check", "convert", "graph", "report", "review", "verify"]
