"""``chasm verify``."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from chasm.cli.app import app, fail
from chasm.cli.saying import clean, internal_error, progress_bar
from chasm.errors import InputError


class OutputFormat(StrEnum):
    """How a verb shows what it found."""

    TEXT = "text"
    JSON = "json"


@app.command()
def verify(
    notebook: Annotated[Path, typer.Argument(help="The notebook; it is run, twice.")],
    package: Annotated[
        Path | None,
        typer.Argument(help="The package's project folder; by default what convert gives now."),
    ] = None,
    kernel: Annotated[
        str | None, typer.Option(help="The installed kernel for the notebook.")
    ] = None,
    python: Annotated[Path | None, typer.Option(help="The Python that runs both.")] = None,
    timeout: Annotated[float, typer.Option(help="Seconds that each run may take.", min=1)] = 600,
    write_tests: Annotated[
        bool, typer.Option("--write-tests", help="Keep what an agreeing package did as its tests.")
    ] = False,
    install: Annotated[
        bool, typer.Option("--install", help="Make an environment for the package, and run there.")
    ] = False,
    stored: Annotated[
        bool, typer.Option("--stored", help="Run no cell: compare the outputs stored in the file.")
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
            write_tests=write_tests, install=install, stored=stored,
            progress=progress_bar(quiet),
        )  # fmt: skip
    except InputError as error:
        fail(str(error))
    except Exception as error:
        fail(internal_error(notebook, error))
    if output_format is OutputFormat.JSON:
        typer.echo(verdict_json(verdict), nl=False)
    else:
        lines = [summary_line(verdict)] if quiet else verdict_text(verdict).splitlines()
        for line in lines:
            typer.echo(clean(line))
    if not verdict.agrees:
        raise typer.Exit(1)
