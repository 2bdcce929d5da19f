"""What is being recorded, and where it is written."""

import json
import os
import threading
from collections.abc import Callable
from typing import Any

from chasm_recorder.describe import Store, describe


class State:
    """The one record of this process; it stays silent in processes forked from it."""

    def __init__(self) -> None:
        self.watch: dict[str, Any] = {}
        self.cell: int | None = None
        self.shown = 0
        #: How many watched calls are under way: only the outermost one is an event. It counts
        #: for all threads, since libraries work for one call in several of them.
        self.depth = 0
        self._process = -1
        self._lock = threading.RLock()
        self._path = ""
        self._store: Store | None = None

    def start(self, folder: str, watch: dict[str, Any]) -> None:
        """Write to ``folder`` from now on."""
        self.watch = watch
        self._process = os.getpid()
        self._path = os.path.join(folder, "events.jsonl")
        self._store = Store(os.path.join(folder, "values.bin"))

    def listening(self) -> bool:
        """Whether what happens now is an event of its own."""
        return self.depth == 0 and os.getpid() == self._process

    def described(self, value: Any) -> Any:
        """``value`` as plain data, its numbers in the store."""
        assert self._store is not None
        return describe(value, self._store)

    def emit(self, kind: str, name: str, value: Any, text: str | None = None) -> None:
        """Write one event; ``value`` is plain data already."""
        event = {"kind": kind, "name": name, "cell": self.cell, "value": value, "text": text}
        with self._lock, open(self._path, "a", encoding="utf-8") as file:
            file.write(json.dumps(event) + "\n")

    def quietly(self, action: Callable[..., Any], *arguments: Any) -> Any:
        """Do something for the record's sake, which must never disturb what is recorded."""
        self.depth += 1
        try:
            return action(*arguments)
        except Exception as error:
            self.emit("fault", type(error).__name__, None, str(error)[:500])
            return None
        finally:
            self.depth -= 1


STATE = State()
