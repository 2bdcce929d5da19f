"""``chasm verify``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chasm.cli.app import PATH, app, clean, fail, shows_progress
from chasm.cli.converting import internal_error
from chasm.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable


@app.command()
@click.argument("notebook", type=PATH)
@click.argument("package", required=False, type=PATH)
@click.option("--kernel", help="The installed kernel for the notebook.")
@click.option("--python", type=PATH, help="The Python that runs both.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=1),
    default=600,
    show_default=True,
    help="Seconds that each run may take.",
)
@click.option("--write-tests", is_flag=True, help="Keep what an agreeing package did as its tests.")
@click.option(
    "--output-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to say it.",
)
@click.option("-q", "--quiet", is_flag=True, help="Only the last line.")
def verify(
    notebook: Path,
    package: Path | None,
    kernel: str | None,
    python: Path | None,
    timeout: float,
    write_tests: bool,
    output_format: str,
    quiet: bool,
) -> None:
    """Run the notebook and its package and compare what they did. Exits with 1 on a difference.

    PACKAGE is the package's project folder, by default what convert gives now.
    """
    from chasm.api import verify as run
    from chasm.report.verdict_json import verdict_json
    from chasm.report.verdict_text import summary_line, verdict_text

    try:
        verdict = run(
            notebook, package, kernel=kernel, python=python, timeout=timeout,
            write_tests=write_tests, progress=_progress(quiet),
        )  # fmt: skip
    except InputError as error:
        fail(str(error))
    except Exception as error:
        fail(internal_error(notebook, error))
    if output_format == "json":
        click.echo(verdict_json(verdict), nl=False)
    else:
        lines = [summary_line(verdict)] if quiet else verdict_text(verdict).splitlines()
        for line in lines:
            click.echo(clean(line))
    if not verdict.agrees:
        sys.exit(1)


def _progress(quiet: bool) -> "Callable[[int, int, str], None]":
    """Shows on a terminal how far a verification has come."""
    bar = shows_progress(quiet)

    def show(done: int, total: int, what: str) -> None:
        if bar:
            filled = "#" * (20 * done // total)
            click.echo(f"\r\x1b[K[{filled:<20}] {done}/{total} {what}", nl=False, err=True)
            if done >= total:
                click.echo("\r\x1b[K", nl=False, err=True)

    return show
