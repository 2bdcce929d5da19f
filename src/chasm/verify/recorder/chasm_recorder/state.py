"""What is being recorded, and where it is written."""

import os
import threading
from collections.abc import Callable
from functools import partial
from json import dumps
from os import getpid
from typing import Any

from chasm_recorder.describe import Store, describe

# A notebook may put functions of its own in the places of those that are needed here.
open_file = open


class _UnderWay(threading.local):
    """What each thread counts for itself: an author may train several models at a time."""

    calls = 0


class State:
    """The one record of this process; it stays silent in processes forked from it."""

    def __init__(self) -> None:
        self.watch: dict[str, Any] = {}
        self.cell: int | None = None
        #: What runs the cells of a notebook.
        self.shell: Any = None
        self.shown = 0
        self._under_way = _UnderWay()
        self._process = -1
        self._lock = threading.RLock()
        self._path = ""
        self._store: Store | None = None

    def start(self, folder: str, watch: dict[str, Any]) -> None:
        """Write to ``folder`` from now on."""
        self.watch = watch
        self._process = getpid()
        self._path = os.path.join(folder, "events.jsonl")
        self._store = Store(os.path.join(folder, "values.bin"))

    @property
    def depth(self) -> int:
        """How many watched calls are under way: only the outermost one is an event."""
        return self._under_way.calls

    @depth.setter
    def depth(self, calls: int) -> None:
        self._under_way.calls = calls

    def listening(self) -> bool:
        """Whether what happens now is an event of its own."""
        return self.depth == 0 and getpid() == self._process

    def described(self, value: Any) -> Any:
        """``value`` as plain data, its numbers in the store."""
        assert self._store is not None
        with self._lock:
            return describe(value, self._store)

    def emit(self, kind: str, name: str, value: Any, text: str | None = None) -> None:
        """Write one event; ``value`` is plain data already."""
        event = {"kind": kind, "name": name, "cell": self.cell, "value": value, "text": text}
        with self._lock, open_file(self._path, "a", encoding="utf-8") as file:
            file.write(dumps(event) + "\n")

    def quietly(self, action: Callable[..., Any], *arguments: Any) -> Any:
        """Do something for the record's sake, which must never disturb what is recorded."""
        self.depth += 1
        try:
            return action(*arguments)
        except BaseException as error:
            # Whatever the notebook's own objects raise, but for what somebody outside wants.
            if isinstance(error, KeyboardInterrupt):
                raise
            self.emit("fault", type(error).__name__, None, str(error)[:500])
            return None
        finally:
            self.depth -= 1


STATE = State()


def follow_threads() -> None:
    """What a watched call starts in threads of its own is part of that call."""
    real = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        if STATE.depth:
            setattr(thread, "run", partial(_within, STATE.depth, thread.run))  # noqa: B010
        real(thread)

    setattr(threading.Thread, "start", start)  # noqa: B010


def _within(depth: int, run: Callable[[], None]) -> None:
    STATE.depth = depth
    run()
