"""What all verbs say alike, on streams as they are; what reads the words of a call stays out."""

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def say(text: str) -> None:
    """A line of what was asked for."""
    print(text)


def warn(text: str) -> None:
    """A line beside it."""
    print(text, file=sys.stderr)


def complain(message: str) -> None:
    """The one line that says what is wrong."""
    warn(f"error: {clean(message)}")


def shows_progress(quiet: bool) -> bool:
    """Whether somebody looks at a terminal who would like to see how far it is."""
    return (
        sys.stderr is not None
        and sys.stderr.isatty()
        and not quiet
        and "NO_COLOR" not in os.environ
    )


def progress_bar(quiet: bool) -> "Callable[[int, int, str], None]":
    """Shows on a terminal how far a run has come."""
    bar = shows_progress(quiet)

    def show(done: int, total: int, what: str) -> None:
        if bar:
            filled = "#" * min(20, 20 * done // total)
            _draw(f"[{filled:<20}] {done}/{total} {what}")
            if done >= total:
                _draw("")

    return show


def clean(text: str) -> str:
    """``text`` as a terminal may have it."""
    from chasm.read.files import printable

    return printable(text, 1000)


def internal_error(notebook: "Path", error: Exception) -> str:
    """The one line for a fault of chasm itself; the whole story where it is asked for."""
    if os.environ.get("CHASM_TRACEBACK"):
        raise error
    return (
        f"{notebook.name}: a fault in chasm ({type(error).__name__}: {error}); nothing was "
        "written. Please report it; CHASM_TRACEBACK=1 shows where"
    )


def _draw(text: str) -> None:
    """Put the text in the place of the line that the terminal shows."""
    print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
