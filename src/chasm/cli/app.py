"""The command itself: what is known before a verb is, and what all verbs say alike."""

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from chasm import __version__

#: What names a file or a folder.
PATH = click.Path(path_type=Path)


@click.group()
@click.version_option(__version__, prog_name="chasm", message="%(prog)s %(version)s")
def app() -> None:
    """From a notebook to the package that a good ML engineer would have written."""


def shows_progress(quiet: bool) -> bool:
    """Whether somebody looks at a terminal who would like to see how far it is."""
    return sys.stderr.isatty() and not quiet and "NO_COLOR" not in os.environ


def clean(text: str) -> str:
    """``text`` as a terminal may have it."""
    from chasm.read.files import printable

    return printable(text, 1000)


def fail(message: str) -> NoReturn:
    """End with the one line that says what is wrong."""
    click.echo(f"error: {clean(message)}", err=True)
    sys.exit(2)
