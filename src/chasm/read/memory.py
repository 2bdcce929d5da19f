"""What an earlier run found, in the user's cache: whatever goes wrong only costs time."""

import hashlib
import json
import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any


def digest(*parts: str | bytes) -> str:
    """One key for all of ``parts``."""
    made = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        made.update(len(data).to_bytes(8, "big"))
        made.update(data)
    return made.hexdigest()[:40]


@cache
def program_state() -> str:
    """Another text whenever chasm, its rules or its Python are others."""
    import sys

    package = Path(__file__).parent.parent
    found = [sys.version]
    for root in (package, package.parent.parent / "rules"):
        for folder, _, names in sorted(os.walk(root)):
            for name in sorted(names):
                if name.endswith((".py", ".toml")):
                    status = os.stat(os.path.join(folder, name))
                    found.append(f"{folder}/{name}:{status.st_size}:{status.st_mtime_ns}")
    return digest(*found)


@cache
def module_state(name: str) -> str:
    """Another text whenever the installed module of this name is another; nothing is imported."""
    found = find_spec(name)
    if found is None or not found.origin:
        return ""
    status = os.stat(found.origin)
    return f"{found.origin}:{status.st_size}:{status.st_mtime_ns}"


def recall(key: str) -> Any:
    """What was kept under ``key``; None when nothing was."""
    data = recall_bytes(key)
    try:
        return json.loads(data) if data is not None else None
    except ValueError:
        return None


def keep(key: str, data: Any) -> None:
    """Keep ``data`` under ``key``; silently not when that cannot be done."""
    try:
        text = json.dumps(data)
    except (TypeError, ValueError):
        return
    keep_bytes(key, text.encode())


def recall_bytes(key: str) -> bytes | None:
    """The bytes that were kept under ``key``."""
    try:
        return _entry(key).read_bytes()
    except OSError:
        return None


def keep_bytes(key: str, data: bytes) -> None:
    """Keep ``data`` under ``key``; silently not when that cannot be done."""
    # Most calls find what they ask for, and keep nothing.
    import tempfile

    entry = _entry(key)
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=entry.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(name, entry)
    except OSError:
        return


def _entry(key: str) -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "chasm" / "checks" / f"{key}.json"
