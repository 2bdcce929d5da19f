"""Parsed rule files as JSON in the user's cache: reading TOML costs thirty times as much.

An entry belongs to one path, size and time of change of a file. Whatever goes wrong with
the cache only costs time.
"""

import hashlib
import json
import os
from pathlib import Path
from typing import Any


def cache_folder() -> Path:
    """Where the user's caches are, with a folder of chasm's own."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "chasm" / "rules"


def cached(path: Path) -> dict[str, Any] | None:
    """What was kept for the file as it is now; None when nothing was."""
    try:
        data = json.loads(_entry(path).read_bytes())
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) else None


def keep(path: Path, data: dict[str, Any]) -> None:
    """Remember what ``path`` holds; silently not when that cannot be done."""
    # Most runs find all rules kept.
    import tempfile

    try:
        entry = _entry(path)
        entry.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=entry.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(data, file)
        os.replace(name, entry)
    except (OSError, TypeError, ValueError):
        return


def _entry(path: Path) -> Path:
    status = path.stat()
    key = f"{path.resolve()}:{status.st_size}:{status.st_mtime_ns}"
    return cache_folder() / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"
