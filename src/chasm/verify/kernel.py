"""Runs the cells of a notebook in a kernel of their own, as Jupyter would, and records them."""

import queue
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from chasm.errors import InputError
from chasm.model import Cell
from chasm.verify.copies import snapshot
from chasm.verify.model import Failure, Run
from chasm.verify.traces import environment, read_run

#: A port that was free when it was chosen may be taken before the kernel is there.
STARTS, PORT_TAKEN = 3, "Address already in use"
START = 60.0
#: No name is bound, since the cells may look at all that there are.
BEGIN = "__import__('chasm_recorder').begin(get_ipython(), __import__('sys').stdout)"
MARK = "__import__('chasm_recorder').mark({})"
TAG_OF_ERRORS = "raises-exception"


class _Ended(Exception):
    """The kernel died, or did not answer in time: it cannot be asked for anything more."""


def run_notebook(
    cells: tuple[Cell, ...],
    folder: Path,
    root: Path,
    recording: Path,
    seed: int,
    kernel: str | None,
    python: str | None,
    timeout: float,
    progress: Callable[[int], None],
) -> Run:
    """Run ``cells`` in ``folder``, and look for the files that each writes below ``root``."""
    written: dict[str, tuple[int | None, Path]] = {}
    before = snapshot(root)
    failure = None
    with _client(folder, recording, seed, kernel, python) as client:
        deadline = time.monotonic() + timeout
        for number, cell in enumerate(cells):
            progress(number)
            try:
                _tell(client, MARK.format(cell.index))
                error = _executed(client, cell.written, deadline)
            except _Ended as end:
                failure = Failure("notebook", str(end), cell.index)
                break
            after = snapshot(root)
            for path in sorted(after):
                if before.get(path) != after[path]:
                    written[path] = (cell.index, root / path)
            before = after
            if error and TAG_OF_ERRORS not in cell.tags:
                with suppress(_Ended):
                    _tell(client, MARK.format(None))
                failure = Failure("notebook", error, cell.index)
                break
        else:
            failure = _closed(client, cells)
    return read_run(recording, written, failure=failure)


def _closed(client: Any, cells: tuple[Cell, ...]) -> Failure | None:
    """Have the last cell recorded; a kernel may die of what a cell left running."""
    try:
        _tell(client, MARK.format(None))
    except _Ended as end:
        return Failure("notebook", str(end), cells[-1].index if cells else None)
    return None


@contextmanager
def _client(
    folder: Path, recording: Path, seed: int, kernel: str | None, python: str | None
) -> Iterator[Any]:
    """A client of a fresh kernel, which ends with the block."""
    try:
        from jupyter_client.kernelspec import KernelSpec, NoSuchKernel
        from jupyter_client.manager import KernelManager
    except ImportError:
        raise InputError(
            "verify runs the notebook in a Jupyter kernel: install chasm with its extra 'verify'"
        ) from None
    extra = {"IPYTHONDIR": str(recording / "profile"), "JUPYTER_RUNTIME_DIR": str(recording)}
    for left in reversed(range(STARTS)):
        manager = KernelManager(kernel_name=kernel or "python3")
        manager.connection_file = str(recording / f"kernel-{left}.json")
        if kernel is None:
            program = [python or sys.executable, "-m", "ipykernel_launcher"]
            program += ["-f", "{connection_file}"]
            manager._kernel_spec = KernelSpec(
                argv=program, display_name="Python", language="python"
            )
        with (recording / "kernel.log").open("wb") as log:
            try:
                manager.start_kernel(
                    cwd=str(folder),
                    env=environment(recording, seed) | extra,
                    stdout=log,
                    stderr=log,
                )
            except NoSuchKernel:
                raise InputError(f"--kernel {kernel}: no such kernel is installed") from None
            except OSError as error:
                raise InputError(f"the kernel cannot be started ({error.strerror})") from None
            client = manager.blocking_client()
            try:
                client.start_channels()
                if reason := _unusable(client, recording):
                    if left and PORT_TAKEN in reason:
                        continue
                    raise InputError(f"the notebook's kernel cannot be used: {reason}")
                yield client
                return
            finally:
                client.stop_channels()
                manager.shutdown_kernel(now=True)


def _unusable(client: Any, recording: Path) -> str:
    """Why a kernel that was started cannot be used; empty once it can."""
    try:
        client.wait_for_ready(timeout=START)
        error = _executed(client, BEGIN, time.monotonic() + START, silent=True)
    except (RuntimeError, _Ended):
        error = "it does not start"
    if not error:
        return ""
    told = (recording / "kernel.log").read_text(encoding="utf-8", errors="replace").strip()
    return told.splitlines()[-1] if told else error


def _tell(client: Any, code: str) -> None:
    _executed(client, code, time.monotonic() + START, silent=True)


def _executed(client: Any, code: str, deadline: float, silent: bool = False) -> str | None:
    """Run ``code``; the error that it raised in one line, None when it raised none."""
    message = client.execute(code, silent=silent, allow_stdin=False, store_history=not silent)
    error = None
    while True:
        # What prints without end is never silent: the time is looked at whatever comes.
        if time.monotonic() > deadline:
            raise _Ended("it was still running when the time was over")
        try:
            reply = client.get_iopub_msg(timeout=1)
        except queue.Empty:
            if not client.is_alive():
                raise _Ended("the kernel died") from None
            continue
        if reply["parent_header"].get("msg_id") != message:
            continue
        content = reply["content"]
        if reply["msg_type"] == "error":
            error = f"{content['ename']}: {content['evalue']}".strip().split("\n")[0]
        if reply["msg_type"] == "status" and content["execution_state"] == "idle":
            return error
