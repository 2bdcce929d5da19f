"""The command itself: what is known before a verb is, and what all verbs say alike."""

from typing import Annotated, NoReturn

import typer

from chasm import __version__
from chasm.cli.saying import complain

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


def fail(message: str) -> NoReturn:
    """End with the one line that says what is wrong."""
    complain(message)
    raise typer.Exit(2)
