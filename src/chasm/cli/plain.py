"""``chasm convert`` for a call of plain words: what reads those of all verbs takes long to load.

It is a quarter of what converting a notebook costs. Whatever is not plain, help and mistakes
among it, is left to what knows every word.
"""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn


class _Unclear(Exception):
    """The words of a call are not all plain."""


class PlainParser(ArgumentParser):
    """Reads what may be asked of a conversion that runs nothing."""

    def __init__(self) -> None:
        super().__init__("chasm convert", add_help=False, allow_abbrev=False)
        self.add_argument("notebooks", nargs="+", type=Path)
        self.add_argument("-o", "--output", type=Path)
        for option in ("name", "serve", "fix"):
            self.add_argument(f"--{option}")
        for option in ("force", "check"):
            self.add_argument(f"--{option}", action="store_true")
        self.add_argument("-q", "--quiet", action="store_true")

    def error(self, message: str) -> NoReturn:
        """What is said in its stead is not said here."""
        raise _Unclear(message)


def convert_plainly(arguments: Sequence[str]) -> int | None:
    """The exit code of ``chasm convert``; None when its words need more than to be read."""
    if any(len(word) > 2 and word[0] == "-" != word[1] for word in arguments):
        # What follows a letter in the same word is not read alike by all who read words.
        return None
    try:
        given = vars(PlainParser().parse_args(arguments))
    except _Unclear:
        return None
    from chasm.cli.conversion import Asked, converted
    from chasm.hook import ended

    return ended(lambda: converted(given.pop("notebooks"), Asked(**given)))
