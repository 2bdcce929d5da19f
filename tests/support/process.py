"""Processes of their own, with little of the developer's machine in their environment."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

#: One thread a process: the tests themselves run several at a time.
QUIET = {
    "MPLBACKEND": "Agg",
    "NO_COLOR": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONIOENCODING": "utf-8",
    "TYPER_STANDARD_TRACEBACK": "1",
}
PASSED_ON = ("PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG")


def run(
    command: Sequence[str | Path],
    folder: Path,
    extra: Mapping[str, str] | None = None,
    timeout: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run a command in ``folder``; what it printed comes back, whatever its exit code."""
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    environment |= QUIET | dict(extra or {})
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=timeout,
        check=False,
    )


def python(
    arguments: Sequence[str | Path],
    folder: Path,
    extra: Mapping[str, str] | None = None,
    timeout: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run this Python with ``arguments`` in ``folder``."""
    return run([sys.executable, *arguments], folder, extra, timeout)
