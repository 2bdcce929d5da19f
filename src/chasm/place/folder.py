"""Writing a project into its folder, by the manifest of what chasm wrote there before."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chasm.errors import InputError

MANIFEST = ".chasm/manifest.json"


@dataclass(frozen=True, slots=True)
class Changes:
    """What writing a project would do; ``edited`` are files that are not chasm's to change."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    edited: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.removed or self.edited)


def digest(text: str) -> str:
    """The sha256 of a file's text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def changes_of(files: Mapping[str, str], folder: Path) -> Changes:
    """How ``folder`` differs from ``files``; raises when it cannot be written to at all."""
    _check_folder(folder)
    known = _manifest(folder)
    new: list[str] = []
    changed: list[str] = []
    edited: list[str] = []
    removed: list[str] = []
    for path, text in files.items():
        target = _inside(folder, path)
        if not os.path.lexists(target):
            new.append(path)
            continue
        current = _text(target)
        if current == text:
            continue
        unedited = current is not None and known.get(path) == digest(current)
        (changed if unedited else edited).append(path)
    for path, sha in known.items():
        if path not in files and _safe(path):
            current = _text(_inside(folder, path))
            if current is not None and digest(current) == sha:
                removed.append(path)
    return Changes(tuple(new), tuple(changed), tuple(removed), tuple(edited))


def write_project(files: Mapping[str, str], folder: Path, force: bool = False) -> Changes:
    """Write ``files`` into ``folder``, all or none of them."""
    changes = changes_of(files, folder)
    if changes.edited and not force:
        names = ", ".join(changes.edited[:8])
        raise InputError(
            f"{folder}: not written by chasm, or edited since: {names} "
            "(--force writes over them)"
        )
    if not changes and _manifest(folder):
        return changes
    try:
        _write(dict(files), folder, changes)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror})") from None
    return changes


def _write(files: dict[str, str], folder: Path, changes: Changes) -> None:
    manifest = {path: digest(text) for path, text in files.items()}
    files = files | {MANIFEST: json.dumps({"files": manifest}, indent=1, sort_keys=True) + "\n"}
    folder.parent.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=".chasm-", dir=folder.parent))
    try:
        for path, text in files.items():
            target = stage / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
        if not folder.exists():
            stage.chmod(0o755)
            stage.rename(folder)
            return
        wanted = [*changes.new, *changes.changed, *changes.edited, MANIFEST]
        _exchange(stage, folder, wanted, list(changes.removed))
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _exchange(stage: Path, folder: Path, wanted: list[str], removed: list[str]) -> None:
    """Move files from ``stage`` into ``folder``; on a failure put back what was there."""
    kept = Path(tempfile.mkdtemp(prefix=".chasm-", dir=folder.parent))
    put_aside: list[str] = []
    put_there: list[str] = []
    try:
        for path in (*wanted, *removed):
            target = _inside(folder, path)
            if os.path.lexists(target):
                (kept / path).parent.mkdir(parents=True, exist_ok=True)
                os.replace(target, kept / path)
                put_aside.append(path)
            if path not in removed:
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(stage / path, target)
                put_there.append(path)
    except BaseException:
        for path in put_there:
            (folder / path).unlink()
        for path in put_aside:
            os.replace(kept / path, folder / path)
        raise
    finally:
        shutil.rmtree(kept, ignore_errors=True)


def _check_folder(folder: Path) -> None:
    if folder.is_symlink():
        raise InputError(f"{folder}: is a symbolic link; chasm does not write through links")
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: exists and is no folder")
    parent = folder.parent
    while not parent.exists() and parent != parent.parent:
        parent = parent.parent
    if not parent.is_dir():
        raise InputError(f"{parent}: is no folder, so nothing can be written below it")


def _safe(path: str) -> bool:
    parts = path.split("/")
    return not path.startswith("/") and all(p not in ("", ".", "..") for p in parts)


def _inside(folder: Path, path: str) -> Path:
    """``path`` below ``folder``, refused when a link or a name leads out of it."""
    if not _safe(path):
        raise InputError(f"{path}: leads out of the project's folder")
    current = folder
    parts = path.split("/")
    for part in parts:
        current = current / part
        if current.is_symlink():
            raise InputError(f"{current}: is a symbolic link; chasm does not write through links")
    for parent in current.parents:
        if parent == folder:
            break
        if parent.exists() and not parent.is_dir():
            raise InputError(f"{parent}: exists and is no folder")
    if current.is_dir():
        raise InputError(f"{current}: is a folder, where a file is to be written")
    return current


def _text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _manifest(folder: Path) -> dict[str, str]:
    try:
        data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    files = data.get("files") if isinstance(data, dict) else None
    if not isinstance(files, dict):
        return {}
    return {k: v for k, v in files.items() if isinstance(k, str) and isinstance(v, str)}
