"""The command itself: what is known before a verb is, and what all verbs say alike."""

import os
import sys
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from chasm import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

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


def shows_progress(quiet: bool) -> bool:
    """Whether somebody looks at a terminal who would like to see how far it is."""
    return sys.stderr.isatty() and not quiet and "NO_COLOR" not in os.environ


def progress_bar(quiet: bool) -> "Callable[[int, int, str], None]":
    """Shows on a terminal how far a run has come."""
    bar = shows_progress(quiet)

    def show(done: int, total: int, what: str) -> None:
        if bar:
            filled = "#" * min(20, 20 * done // total)
            typer.echo(f"\r\x1b[K[{filled:<20}] {done}/{total} {what}", nl=False, err=True)
            if done >= total:
                typer.echo("\r\x1b[K", nl=False, err=True)

    return show


def clean(text: str) -> str:
    """``text`` as a terminal may have it."""
    from chasm.read.files import printable

    return printable(text, 1000)


def fail(message: str) -> NoReturn:
    """End with the one line that says what is wrong."""
    typer.echo(f"error: {clean(message)}", err=True)
    raise typer.Exit(2)
