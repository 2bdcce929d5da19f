"""``chasm convert``."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chasm.cli.app import app, clean, fail, progress_bar, shows_progress
from chasm.errors import InputError

if TYPE_CHECKING:
    from chasm.api import Conversion


@app.command()
def convert(
    notebooks: Annotated[
        list[Path],
        typer.Argument(help="Notebooks: .ipynb, .py with cells, or folders of notebooks."),
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="The project's folder; of several, their parent."),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(help="The package's name; by default that of the notebook."),
    ] = None,
    serve: Annotated[
        str | None,
        typer.Option(help="The notebook's name of the model to serve."),
    ] = None,
    fix: Annotated[
        str | None,
        typer.Option(metavar="leakage", help="Learn after the split what was learned before it."),
    ] = None,
    force: Annotated[bool, typer.Option(help="Write over files that were edited.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if a package would change.")
    ] = False,
    run: Annotated[
        bool, typer.Option("--run", help="Run the notebook, for schema, tests and verdict.")
    ] = False,
    kernel: Annotated[str | None, typer.Option(help="With --run: the installed kernel.")] = None,
    timeout: Annotated[
        float, typer.Option(help="With --run: seconds that each run may take.", min=1)
    ] = 600,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Only errors.")] = False,
) -> None:
    """Write a package whose `python -m PKG run` does what the notebook did.

    Runs no cell without --run.
    """
    if kernel is not None and not run:
        fail("--kernel goes with --run")
    from chasm.read.discover import with_folders

    try:
        found = with_folders(notebooks)
    except InputError as error:
        fail(str(error))
    if len(found) > 1 or found != notebooks:
        for option, given in (
            ("--name", name), ("--serve", serve), ("--fix", fix), ("--run", run or None),
        ):  # fmt: skip
            if given is not None:
                fail(f"{option} goes with one notebook")
        raise typer.Exit(_convert_many(found, output, force, check, quiet))
    try:
        done = _convert_one(
            notebooks[0], output, name=name, force=force, dry_run=check, serve=serve, fix=fix,
            run=run, kernel=kernel, timeout=timeout, progress=progress_bar(quiet),
        )  # fmt: skip
    except InputError as error:
        fail(str(error))
    _say(done, check, quiet)
    _say_verdict(done, quiet)
    agrees = done.verdict is None or done.verdict.agrees
    if not agrees or check and (done.written or done.removed or done.edited):
        raise typer.Exit(1)


def _convert_one(notebook: Path, output: Path | None, **options: Any) -> "Conversion":
    from chasm.api import convert as run

    try:
        return run(notebook, output, **options)
    except RecursionError:
        raise InputError(f"{notebook.name}: the code is nested too deeply") from None
    except MemoryError:
        raise InputError(f"{notebook.name}: too large for this machine's memory") from None
    except InputError:
        raise
    except Exception as error:
        raise InputError(internal_error(notebook, error)) from error


def internal_error(notebook: Path, error: Exception) -> str:
    """The one line for a fault of chasm itself; the whole story where it is asked for."""
    if os.environ.get("CHASM_TRACEBACK"):
        raise error
    return (
        f"{notebook.name}: a fault in chasm ({type(error).__name__}: {error}); nothing was "
        "written. Please report it; CHASM_TRACEBACK=1 shows where"
    )


def _convert_many(
    notebooks: list[Path], output: Path | None, force: bool, check: bool, quiet: bool
) -> int:
    """Several notebooks in several processes, each into a folder of its own below OUTPUT."""
    from chasm.many import convert_many

    worst = 0
    for done, error in convert_many(notebooks, output, force, check, bar=shows_progress(quiet)):
        if error is not None:
            typer.echo(f"error: {clean(error)}", err=True)
            worst = 2
        elif done is not None:
            _say(done, check, quiet)
            if check and (done.written or done.removed or done.edited):
                worst = max(worst, 1)
    return worst


def _say(done: "Conversion", check: bool, quiet: bool) -> None:
    if quiet:
        return
    for finding in done.findings:
        where = f"{done.notebook}:"
        if finding.cell is not None:
            where += f"cell {finding.cell}:"
        if finding.line is not None:
            where += f"{finding.line}:"
        text = f"{where} {finding.severity.value}: {finding.code} {finding.message}"
        typer.echo(clean(text), err=True)
    count = len(done.written)
    if check:
        verb = "would change" if count or done.removed or done.edited else "is up to date"
        typer.echo(clean(f"{done.notebook}: {done.folder} {verb}"))
    elif count or done.removed:
        text = f"{done.notebook} -> {done.folder}: package {done.package}, "
        typer.echo(clean(text + f"{done.functions} functions, {count} files written"))
    else:
        typer.echo(clean(f"{done.notebook} -> {done.folder}: unchanged"))


def _say_verdict(done: "Conversion", quiet: bool) -> None:
    """What a run came to: one line where the package agrees, else all that differs."""
    from chasm.report.verdict_text import summary_line, verdict_text

    verdict = done.verdict
    if verdict is None:
        return
    for failure in verdict.failures:
        if failure.what == "notebook":
            where = f"{done.notebook}:" + (f"cell {failure.cell}:" if failure.cell else "")
            text = f"{where} error: {failure.message}; the package is made of the code alone"
            typer.echo(clean(text), err=True)
            return
    if quiet and verdict.agrees:
        return
    lines = [*(f"note: {note}" for note in verdict.notes), summary_line(verdict)]
    for line in lines if verdict.agrees else verdict_text(verdict).splitlines():
        typer.echo(clean(line))
