"""The command line. Only here, and in the hook, anything is printed or the process ends."""

import sys

__all__ = ["run"]


def run() -> None:
    """The entry point of the ``chasm`` command."""
    from chasm.hook import check_plainly, ready

    ready()
    if sys.argv[1:2] == ["check"]:
        # What reads the words of all commands takes longer to load than most checks.
        code = check_plainly(sys.argv[2:])
        if code is not None:
            sys.exit(code)
    from chasm.cli.commands import app

    app()
