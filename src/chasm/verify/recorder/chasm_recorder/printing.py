"""What a notebook prints and shows, cell by cell; a package's own output is read from outside."""

import builtins
import functools
import pprint
import sys
from typing import Any

from chasm_recorder.state import STATE
from chasm_recorder.whose import by_the_user

_pending: list[str] = []


def install() -> None:
    """Listen to ``print``."""
    real = builtins.print

    @functools.wraps(real)
    def printed(*values: Any, **options: Any) -> None:
        # What a library prints by itself is no result of the notebook.
        heard = STATE.cell is not None and STATE.listening()
        heard = heard and _is_output(options.get("file"))
        if heard and by_the_user(sys._getframe(1).f_code.co_filename):
            STATE.quietly(_print, values, options)
        real(*values, **options)

    builtins.print = printed
    laid_out = pprint.pprint

    @functools.wraps(laid_out)
    def printed_neatly(value: Any, *arguments: Any, **options: Any) -> None:
        heard = STATE.cell is not None and STATE.listening() and not arguments
        heard = heard and _is_output(options.get("stream"))
        if heard and by_the_user(sys._getframe(1).f_code.co_filename):
            kept = {name: given for name, given in options.items() if name != "stream"}
            STATE.quietly(lambda: _print((pprint.pformat(value, **kept),), {}))
        laid_out(value, *arguments, **options)

    setattr(pprint, "pprint", printed_neatly)  # noqa: B010


def _is_output(stream: Any) -> bool:
    """Whether a stream that was named is where all output goes."""
    return stream is None or getattr(stream, "name", None) in ("stdout", "<stdout>")


def _print(values: tuple[Any, ...], options: dict[str, Any]) -> None:
    separator, end = options.get("sep"), options.get("end")
    text = (" " if separator is None else separator).join(str(value) for value in values)
    _pending.append(text + ("\n" if end is None else end))
    if _pending[-1].endswith("\n"):
        flush()


def flush() -> None:
    """Write down the lines that were printed; a line may be the work of several calls."""
    text = "".join(_pending)
    _pending.clear()
    for line in text.splitlines():
        if line.strip():
            STATE.emit("print", "", None, line.rstrip())


def record_shown(value: Any) -> None:
    """A value that a cell showed: what it is, and the text that stands for it."""
    if STATE.listening():
        STATE.quietly(shown, value)


def shown(value: Any) -> None:
    """Record it, from within a watched call."""
    described = STATE.described(value)
    if described["t"] not in ("object", "model"):
        STATE.emit("shown", type(value).__name__, described, str(value))
