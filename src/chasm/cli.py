"""The command line. Only here, and in the hook, anything is printed or the process ends."""

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from chasm import __version__
from chasm.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from chasm.api import Conversion

app = typer.Typer(
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="From a notebook to the package that a good ML engineer would have written.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"chasm {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """From a notebook to the package that a good ML engineer would have written."""


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
    force: Annotated[bool, typer.Option(help="Write over files that were edited.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if a package would change.")
    ] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Only errors.")] = False,
) -> None:
    """Write a package whose `python -m PKG run` does what the notebook did. Runs no cell."""
    if len(notebooks) > 1:
        if name is not None:
            _fail("--name goes with one notebook")
        if serve is not None:
            _fail("--serve goes with one notebook")
        raise typer.Exit(_convert_many(notebooks, output, force, check, quiet))
    try:
        done = _convert_one(notebooks[0], output, name, force, check, serve)
    except InputError as error:
        _fail(str(error))
    _say(done, check, quiet)
    if check and (done.written or done.removed or done.edited):
        raise typer.Exit(1)


class OutputFormat(StrEnum):
    """How a verb shows what it found."""

    TEXT = "text"
    JSON = "json"


@app.command()
def verify(
    notebook: Annotated[Path, typer.Argument(help="The notebook; it is run, twice.")],
    package: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Argument(help="The package's project folder; by default what convert gives now."),
    ] = None,
    kernel: Annotated[
        Optional[str], typer.Option(help="The installed kernel for the notebook.")  # noqa: UP045
    ] = None,
    python: Annotated[
        Optional[Path], typer.Option(help="The Python that runs both.")  # noqa: UP045
    ] = None,
    timeout: Annotated[float, typer.Option(help="Seconds that each run may take.", min=1)] = 600,
    write_tests: Annotated[
        bool, typer.Option("--write-tests", help="Keep what an agreeing package did as its tests.")
    ] = False,
    output_format: Annotated[OutputFormat, typer.Option(help="How to say it.")] = OutputFormat.TEXT,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Only the last line.")] = False,
) -> None:
    """Run the notebook and its package and compare what they did. Exits with 1 on a difference."""
    from chasm.api import verify as run
    from chasm.report.verdict_json import verdict_json
    from chasm.report.verdict_text import summary_line, verdict_text

    try:
        verdict = run(
            notebook, package, kernel=kernel, python=python, timeout=timeout,
            write_tests=write_tests, progress=_progress(quiet),
        )  # fmt: skip
    except InputError as error:
        _fail(str(error))
    except Exception as error:
        _fail(internal_error(notebook, error))
    if output_format is OutputFormat.JSON:
        typer.echo(verdict_json(verdict), nl=False)
    else:
        lines = [summary_line(verdict)] if quiet else verdict_text(verdict).splitlines()
        for line in lines:
            typer.echo(_clean(line))
    if not verdict.agrees:
        raise typer.Exit(1)


def _progress(quiet: bool) -> "Callable[[int, int, str], None]":
    """Shows on a terminal how far a verification has come."""
    bar = _bar(quiet)

    def show(done: int, total: int, what: str) -> None:
        if bar:
            filled = "#" * (20 * done // total)
            typer.echo(f"\r\x1b[K[{filled:<20}] {done}/{total} {what}", nl=False, err=True)
            if done >= total:
                typer.echo("\r\x1b[K", nl=False, err=True)

    return show


def _convert_one(
    notebook: Path,
    output: Path | None,
    name: str | None,
    force: bool,
    check: bool,
    serve: str | None,
) -> "Conversion":
    from chasm.api import convert as run

    try:
        return run(notebook, output, name=name, force=force, dry_run=check, serve=serve)
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
    for done, error in convert_many(notebooks, output, force, check, bar=_bar(quiet)):
        if error is not None:
            typer.echo(f"error: {_clean(error)}", err=True)
            worst = 2
        elif done is not None:
            _say(done, check, quiet)
            if check and (done.written or done.removed or done.edited):
                worst = max(worst, 1)
    return worst


Words = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option(metavar="LIST", help="Codes, prefixes of codes or names, divided by commas."),
]
Globs = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option(metavar="LIST", help="Patterns as in .gitignore, divided by commas."),
]
File = Annotated[Optional[Path], typer.Option(metavar="FILE")]  # noqa: UP045


@app.command()
def check(
    paths: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Argument(
            help="Notebooks, folders of them, or - for standard input.", metavar="PATHS"
        ),
    ] = None,
    select: Words = None,
    extend_select: Words = None,
    ignore: Words = None,
    exclude: Globs = None,
    extend_exclude: Globs = None,
    force_exclude: Annotated[
        bool, typer.Option("--force-exclude", help="Exclude files that are named, too.")
    ] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended safely.")] = False,
    output_format: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="full, concise, json, json-lines, github, gitlab, sarif or markdown."),
    ] = None,
    output_file: File = None,
    stdin_filename: File = None,
    config: File = None,
    isolated: Annotated[bool, typer.Option("--isolated", help="Read no settings.")] = False,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="0 with findings, too.")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Look at every file.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Only findings.")] = False,
) -> None:
    """Say what stands between notebooks and production. Runs no cell."""
    from chasm.checking import Options
    from chasm.checking.options import words
    from chasm.hook import checked

    options = Options(
        words(select),
        words(extend_select),
        words(ignore),
        words(exclude),
        words(extend_exclude),
        force_exclude,
        fix,
        not no_cache,
        config,
        isolated,
    )
    given = paths or [Path()]
    raise typer.Exit(
        checked(given, options, output_format, exit_zero, quiet, stdin_filename, output_file)
    )


@app.command()
def explain(
    code: Annotated[
        Optional[str], typer.Argument(help="The code or the name of a check.")  # noqa: UP045
    ] = None,
) -> None:
    """Tell what a check finds, why it matters and how to mend it; without a code, list all."""
    from chasm.checks import explained

    try:
        typer.echo(explained(code))
    except InputError as error:
        _fail(str(error))


def _bar(quiet: bool) -> bool:
    return sys.stderr.isatty() and not quiet and "NO_COLOR" not in os.environ


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
        typer.echo(_clean(text), err=True)
    count = len(done.written)
    if check:
        verb = "would change" if count or done.removed or done.edited else "is up to date"
        typer.echo(_clean(f"{done.notebook}: {done.folder} {verb}"))
    elif count or done.removed:
        text = f"{done.notebook} -> {done.folder}: package {done.package}, "
        typer.echo(_clean(text + f"{done.functions} functions, {count} files written"))
    else:
        typer.echo(_clean(f"{done.notebook} -> {done.folder}: unchanged"))


def _clean(text: str) -> str:
    from chasm.read.files import printable

    return printable(text, 1000)


def _fail(message: str) -> None:
    typer.echo(f"error: {_clean(message)}", err=True)
    raise typer.Exit(2)


def run() -> None:
    """The entry point of the ``chasm`` command."""
    from chasm.hook import ready

    ready()
    app()


if __name__ == "__main__":
    run()
