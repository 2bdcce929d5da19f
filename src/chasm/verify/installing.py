"""An environment of its own for a package and its notebook, made by uv or by venv and pip."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from chasm.errors import InputError
from chasm.verify.environment import recorded_versions, requirements_in

#: What runs the cells of a notebook.
KERNEL = "ipykernel>=6.29"
SECONDS = 1800


def environments_folder() -> Path:
    """Where such environments are kept: in the user's cache, to be deleted at any time."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "chasm" / "environments"


def environment_for(folder: Path, imported: Iterable[str], python: str | None) -> str:
    """The Python of an environment with all that the package in ``folder`` needs.

    It has the versions that a verified run recorded, where one did, and is made once for each
    set of requirements. ``python`` is the interpreter that it is made with.
    """
    base = python or sys.executable
    wanted = sorted({*requirements_in(folder), *imported, KERNEL})
    pinned = [f"{name}=={version}" for name, version in sorted(recorded_versions(folder).items())]
    key = json.dumps([os.path.abspath(base), wanted, pinned])
    target = environments_folder() / hashlib.sha256(key.encode()).hexdigest()[:24]
    if not _python_in(target).exists():
        _make(target, base, wanted, pinned)
    return str(_python_in(target))


def _python_in(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _make(target: Path, base: str, wanted: list[str], pinned: list[str]) -> None:
    """Make it beside ``target`` and move it there, so that there is a whole one or none."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix="making-", dir=target.parent))
    except OSError as error:
        raise InputError(f"{target.parent}: cannot be written ({error.strerror})") from None
    try:
        lists = {"requirements.txt": wanted, "constraints.txt": pinned}
        for name, lines in lists.items():
            (stage / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        for command in _commands(stage, base):
            _run(command)
        # Another process may have been faster; its environment is as good.
        with suppress(OSError):
            os.rename(stage / "environment", target)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _commands(stage: Path, base: str) -> list[list[str]]:
    place = stage / "environment"
    python = str(_python_in(place))
    lists = ["-r", str(stage / "requirements.txt"), "-c", str(stage / "constraints.txt")]
    uv = shutil.which("uv")
    if uv is not None:
        return [
            [uv, "venv", "--quiet", "--python", base, str(place)],
            [uv, "pip", "install", "--quiet", "--python", python, *lists],
        ]
    return [
        [base, "-m", "venv", str(place)],
        [python, "-m", "pip", "install", "--quiet", "--no-input", *lists],
    ]


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except OSError as error:
        raise InputError(f"{command[0]}: cannot be started ({error.strerror})") from None
    except subprocess.TimeoutExpired:
        raise InputError("--install: the environment was not made in half an hour") from None
    if done.returncode:
        told = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
        errors = [line for line in told if line.lower().lstrip().startswith("error")]
        reason = (errors or told or [f"{command[0]} ended with {done.returncode}"])[-1].strip()
        raise InputError(f"--install: the environment cannot be made: {reason}")
