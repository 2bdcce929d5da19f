"""The command line. Only here, and in the hook, anything is printed or the process ends."""

from chasm.cli import checking, converting, reviewing, showing, verifying
from chasm.cli.app import app

__all__ = ["app", "checking", "converting", "reviewing", "run", "showing", "verifying"]


def run() -> None:
    """The entry point of the ``chasm`` command."""
    from chasm.hook import ready

    ready()
    app()
