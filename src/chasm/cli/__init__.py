"""The command line. Only here, and in the hook, anything is printed or the process ends."""

import sys

__all__ = ["run"]


def run() -> None:
    """The entry point of the ``chasm`` command."""
    from chasm.cli.saying import complain
    from chasm.hook import ready

    ready()
    if sys.argv[1:2] == ["convert"] and "" in sys.argv:
        # An unset variable of a script would name the whole folder.
        complain("an empty word names nothing")
        sys.exit(2)
    # What reads the words of all verbs takes longer to load than most checks.
    code = _plainly(*sys.argv[1:2])
    if code is not None:
        sys.exit(code)
    from chasm.cli.commands import app

    app()


def _plainly(verb: str = "") -> int | None:
    """The exit code of the two verbs that are called most; None where the words are not plain."""
    if verb == "check":
        from chasm.hook import check_plainly

        return check_plainly(sys.argv[2:])
    if verb == "convert":
        from chasm.cli.plain import convert_plainly

        return convert_plainly(sys.argv[2:])
    return None
