"""What a notebook prints and shows, cell by cell; a package's own output is read from outside."""

import functools
import sys
from typing import Any

from chasm_recorder.state import STATE
from chasm_recorder.whose import written_by_the_user

_pending: list[str] = []


def install(shell: Any, stream: Any) -> None:
    """Hear what the notebook's own code writes to ``stream``, where its output goes.

    Whatever prints ends there, by whatever name it was called; what was sent elsewhere does not.
    The shell may put a function of its own before the stream for the time of each cell.
    """
    shell.events.register("pre_execute", lambda: STATE.quietly(_listen, stream))


def _listen(stream: Any) -> None:
    real = stream.write
    if getattr(real, "of_the_record", False):
        return

    @functools.wraps(real)
    def written(text: str) -> Any:
        heard = STATE.cell is not None and STATE.listening()
        # What a library prints by itself is no result of the notebook.
        if heard and isinstance(text, str) and written_by_the_user(sys._getframe(1)):
            STATE.quietly(_heard, text)
        return real(text)

    setattr(written, "of_the_record", True)  # noqa: B010
    stream.write = written


def _heard(text: str) -> None:
    _pending.append(text)
    if "\n" in text:
        whole, _, rest = "".join(_pending).rpartition("\n")
        _pending[:] = [whole]
        flush()
        _pending.append(rest)


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
