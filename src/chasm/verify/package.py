"""Runs a package as its own README says, in a process of its own, and records it."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from chasm.errors import InputError
from chasm.verify.copies import snapshot
from chasm.verify.model import Failure, Run
from chasm.verify.traces import environment, read_run

#: A place in a traceback.
PLACE = re.compile(r'^\s*File "(.+)", line (\d+)', re.MULTILINE)


@contextmanager
def package_folder(given: Path | None, make: Callable[[Path], object]) -> Iterator[Path]:
    """The folder of the package; where none was given, one is made for the time of the block."""
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="chasm-") as place:
        folder = Path(place) / "package"
        make(folder)
        yield folder


def package_in(folder: Path) -> str:
    """The import name of the package whose project ``folder`` is."""
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder")
    found = sorted(path.parent.name for path in folder.glob("src/*/__main__.py"))
    if len(found) != 1:
        count = "no package" if not found else f"{len(found)} packages"
        raise InputError(f"{folder}: {count} with a __main__.py below src/")
    return found[0]


def run_package(
    module: str, folder: Path, root: Path, recording: Path, python: str | None, timeout: float
) -> Run:
    """``python -m MODULE run`` in ``folder``, and the files that it writes below ``root``."""
    before = snapshot(root)
    command = [python or sys.executable, "-m", module, "run"]
    surroundings = environment(recording, 0, (folder / "src",)) | {
        "MPLBACKEND": "Agg",
        "TYPER_STANDARD_TRACEBACK": "1",
    }
    printed, told = recording / "stdout", recording / "stderr"
    with printed.open("wb") as out, told.open("wb") as err:
        try:
            process = subprocess.Popen(
                command, cwd=folder, env=surroundings, stdin=subprocess.DEVNULL, stdout=out,
                stderr=err, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise InputError(f"{command[0]}: cannot be started ({error.strerror})") from None
        failure = _wait(process, timeout)
    if failure is None and process.returncode:
        failure = Failure("package", _error(told, folder) or f"it ended with {process.returncode}")
    after = snapshot(root)
    written: dict[str, tuple[int | None, Path]] = {
        path: (None, root / path) for path in sorted(after) if before.get(path) != after[path]
    }
    return read_run(recording, written, tuple(_lines(printed)), tuple(_lines(told)), failure)


def _wait(process: subprocess.Popen[bytes], timeout: float) -> Failure | None:
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        return Failure("package", "it was still running when the time was over")
    finally:
        # Whatever it has started ends with it.
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        elif process.poll() is None:
            process.kill()
        process.wait()
    return None


def _lines(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8", errors="replace")
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def _error(told: Path, folder: Path) -> str:
    """The last line of what was told, and the place in the package that it came from."""
    lines = _lines(told)
    places = PLACE.findall("\n".join(lines))
    own = [(Path(path).name, line) for path, line in places if Path(path).is_relative_to(folder)]
    at = f" ({own[-1][0]}, line {own[-1][1]})" if own else ""
    return lines[-1] + at if lines else ""
