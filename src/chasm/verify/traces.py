"""Recordings: how a process is made to leave one, and how it is read."""

import json
import os
from pathlib import Path
from typing import Any

from chasm.verify.model import Event, Failure, Run

RECORDER = Path(__file__).parent / "recorder"
#: Nothing is installed and nothing is asked while a notebook is verified.
QUIET = {
    "PIP_NO_INDEX": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "CONDA_OFFLINE": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONIOENCODING": "utf-8",
    "PYTHONUNBUFFERED": "1",
    "COLUMNS": "80",
    "LINES": "24",
    "NO_COLOR": "1",
}
#: What would make a process of another environment than the one it is started in.
DROPPED = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "VIRTUAL_ENV", "MPLBACKEND", "COV_CORE")


def recording_folder(folder: Path, watch: dict[str, Any]) -> Path:
    """A folder for one recording."""
    folder.mkdir(parents=True)
    (folder / "watch.json").write_text(json.dumps(watch), encoding="utf-8")
    return folder


def environment(folder: Path, seed: int, path: tuple[Path, ...] = ()) -> dict[str, str]:
    """The environment of a process that records into ``folder``."""
    kept = {name: value for name, value in os.environ.items() if name not in DROPPED}
    ways = [str(way) for way in (RECORDER, *path)]
    if before := os.environ.get("PYTHONPATH"):
        ways.append(before)
    own = {
        "CHASM_RECORD": str(folder),
        "PYTHONPATH": os.pathsep.join(ways),
        "PYTHONHASHSEED": str(seed),
    }
    return kept | QUIET | own


def read_run(
    folder: Path,
    files: dict[str, tuple[int | None, Path]],
    lines: tuple[str, ...] = (),
    logged: tuple[str, ...] = (),
    failure: Failure | None = None,
) -> Run:
    """The recording in ``folder``; a process that was killed may have left half a line."""
    events = []
    path = folder / "events.jsonl"
    text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    for line in text.splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            continue
        events.append(Event(*(found[key] for key in ("kind", "name", "cell", "value", "text"))))
    return Run(tuple(events), folder / "values.bin", files, lines, logged, failure)
