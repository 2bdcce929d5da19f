"""``chasm convert``."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from chasm.cli.app import app, clean, fail, shows_progress
from chasm.errors import InputError

if TYPE_CHECKING:
    from chasm.api import Conversion


@app.command()
def convert(
    notebooks: Annotated[list[Path], typer.Argument(help="Notebooks: .ipynb, or .py with cells.")],
    output: Annotated[
        Optional[Path],  # noqa: UP045 - typer reads the annotation of older Pythons as well
        typer.Option("-o", "--output", help="The project's folder; of several, their parent."),
    ] = None,
    name: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="The package's name; by default that of the notebook."),
    ] = None,
    serve: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="The notebook's name of the model to serve."),
    ] = None,
    fix: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(metavar="leakage", help="Learn after the split what was learned before it."),
    ] = None,
    force: Annotated[bool, typer.Option(help="Write over files that were edited.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if a package would change.")
    ] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Only errors.")] = False,
) -> None:
    """Write a package whose `python -m PKG run` does what the notebook did. Runs no cell."""
    if len(notebooks) > 1:
        if name is not None:
            fail("--name goes with one notebook")
        if serve is not None:
            fail("--serve goes with one notebook")
        if fix is not None:
            fail("--fix goes with one notebook")
        raise typer.Exit(_convert_many(notebooks, output, force, check, quiet))
    try:
        done = _convert_one(notebooks[0], output, name, force, check, serve, fix)
    except InputError as error:
        fail(str(error))
    _say(done, check, quiet)
    if check and (done.written or done.removed or done.edited):
        raise typer.Exit(1)


def _convert_one(
    notebook: Path,
    output: Path | None,
    name: str | None,
    force: bool,
    check: bool,
    serve: str | None,
    fix: str | None,
) -> "Conversion":
    from chasm.api import convert as run

    try:
        return run(notebook, output, name=name, force=force, dry_run=check, serve=serve, fix=fix)
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
