"""A working copy of the notebook's and of the package's folder, so that neither changes."""

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from chasm.errors import InputError

#: Folders that hold no input of a notebook and may be huge.
SKIPPED = {
    ".git", ".venv", "venv", "node_modules", "__pycache__", ".ipynb_checkpoints", ".mypy_cache",
    ".ruff_cache", ".pytest_cache", ".tox",
}  # fmt: skip
#: A file above this size is data that somebody put there; it counts by the room that there is.
LARGE = 200_000_000
#: All others together: beyond it the folder is no project, but somebody's home.
MAX_BYTES = 4_000_000_000
#: A string that leads out of the notebook's folder.
UPWARD = re.compile(r"""["'](\.\.[/\\][^"'\n]*)["']""")


class Copies:
    """The folders below ``root``, as they lie to one another on the disk."""

    def __init__(self, root: Path, folders: Iterable[Path]) -> None:
        self._folders = [folder.resolve() for folder in folders]
        self._root = root.resolve()
        self._budget = MAX_BYTES
        self._base = Path(os.path.commonpath([*self._folders]))

    def place(self, path: Path) -> Path:
        """Where ``path`` stands in the copy."""
        parts = path.resolve().parts
        base = self._base.parts
        if parts[: len(base)] == base:
            return self._root.joinpath(*parts[len(base) :])
        return self._root.joinpath(*parts[1:])

    def make(self, sources: Iterable[str]) -> None:
        """Copy the folders, and the files above them that the ``sources`` of cells name."""
        extra = list(self._named_above(sources))
        self._base = Path(os.path.commonpath([*self._folders, *extra]))
        for path in (*self._folders, *extra):
            if path.is_dir():
                self._copy_folder(path)
            else:
                self._copy(path, self.place(path))

    def _named_above(self, sources: Iterable[str]) -> Iterator[Path]:
        for source in sources:
            for text in UPWARD.findall(source):
                path = (self._folders[0] / text.replace("\\", "/")).resolve()
                # A folder above would be everything that lies around the notebook.
                if path.exists() and path not in self._folders[0].parents:
                    yield path

    def _copy_folder(self, folder: Path) -> None:
        for place, folders, files in os.walk(folder):
            folders[:] = [name for name in folders if name not in SKIPPED]
            target = self.place(folder) / os.path.relpath(place, folder)
            target.mkdir(parents=True, exist_ok=True)
            for name in folders:
                # What is linked is followed: a package's data may be links to the notebook's.
                link = Path(place) / name
                if link.is_symlink() and link.is_dir() and not (target / name).exists():
                    self._copy_tree(link, target / name)
            for name in files:
                self._copy(Path(place) / name, target / name)

    def _copy_tree(self, source: Path, target: Path) -> None:
        for path in source.rglob("*"):
            if path.is_file():
                self._copy(path, target / path.relative_to(source))

    def _copy(self, source: Path, target: Path) -> None:
        if target.exists() or not source.is_file():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        size = source.stat().st_size
        self._budget -= size if size <= LARGE else 0
        # A link would do for reading, but a cell may write to whatever it has read.
        if self._budget < 0 or 2 * size > shutil.disk_usage(target.parent).free:
            raise InputError(f"{self._folders[0]}: too much data to run a copy of the folder")
        try:
            shutil.copy2(source, target)
        except PermissionError:
            # What may not be read here is read by nobody who runs here.
            return
        except OSError as error:
            raise InputError(f"{source}: cannot be copied ({error.strerror})") from None


def snapshot(root: Path) -> dict[str, tuple[int, int]]:
    """Size and time of change of every file below ``root``."""
    found = {}
    for place, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in SKIPPED]
        for name in files:
            if not name.endswith(".pyc"):
                info = os.lstat(os.path.join(place, name))
                way = os.path.relpath(os.path.join(place, name), root)
                found[way] = (info.st_size, info.st_mtime_ns)
    return found
