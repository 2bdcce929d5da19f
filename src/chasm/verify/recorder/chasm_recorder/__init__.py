"""Records what a process observably does, for ``chasm verify``.

It runs inside the process of a notebook or of a package, in whatever environment that has:
it knows the standard library only, and takes from ``watch.json`` which classes and functions
of which libraries are worth watching. Nothing of a library is loaded for its sake.
"""

import atexit
import json
import os
import platform
import sys
from contextlib import suppress
from importlib import metadata
from typing import Any

from chasm_recorder import figures, finals, hooks, printing
from chasm_recorder.authors import AsTheAuthorRanIt, outlived
from chasm_recorder.raw import AsItWasRead
from chasm_recorder.state import STATE, follow_threads


def install(folder: str) -> None:
    """Start recording into ``folder``, which holds ``watch.json``."""
    with open(os.path.join(folder, "watch.json"), encoding="utf-8") as file:
        watch = json.load(file)
    STATE.start(folder, watch)
    follow_threads()
    hooks.install(watch)
    atexit.register(_finish)


def begin(shell: Any, stream: Any) -> None:
    """The first cell comes next; ``shell`` runs the cells, whose output goes to ``stream``."""
    STATE.shell = shell
    STATE.quietly(printing.install, shell, stream)
    STATE.shown = max(getattr(shell, "user_ns", {}).get("Out") or {}, default=0)
    if wanted := STATE.watch.get("raw"):
        # Before any other, so that the statements are still what the notebook says.
        shell.ast_transformers.insert(0, AsItWasRead(wanted))
    if outlived(STATE.watch.get("outlived", {})):
        shell.ast_transformers.append(AsTheAuthorRanIt())


def mark(cell: int | None) -> None:
    """A cell has ended, and ``cell`` comes next."""
    namespace: dict[str, Any] = getattr(STATE.shell, "user_ns", {})
    if STATE.cell is not None:
        printing.flush()
        figures.record_open()
        _record_shown(namespace)
    STATE.cell = cell
    if cell is None:
        STATE.quietly(finals.record_notebook, namespace)
        STATE.quietly(_record_versions)


def _record_shown(namespace: dict[str, Any]) -> None:
    """What the cell showed last; the notebook keeps such values in ``Out``."""
    shown = namespace.get("Out")
    if not isinstance(shown, dict):
        return
    # The notebook may have emptied it and count anew.
    last = max(shown, default=0)
    if last and last != STATE.shown:
        printing.record_shown(shown[last])
    STATE.shown = last


def _record_versions() -> None:
    """Which releases of the watched libraries were loaded, and of Python."""
    found = {"Python": platform.python_version()}
    for name, distribution in STATE.watch["libraries"].items():
        if name in sys.modules:
            with suppress(metadata.PackageNotFoundError):
                found[distribution] = metadata.version(distribution)
    STATE.emit("versions", "", found)


def _finish() -> None:
    if STATE.listening():
        figures.record_open()
        STATE.quietly(finals.record_package)
        STATE.quietly(_record_versions)
