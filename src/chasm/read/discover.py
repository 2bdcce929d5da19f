"""Which files the paths of a call mean: folders are walked as git would see them."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chasm.errors import InputError, outside
from chasm.read.files import printable
from chasm.read.settings import Settings

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

CHECKPOINTS = ".ipynb_checkpoints"
IGNORE = ".gitignore"
#: chasm's record beside a package that it wrote: what lies there is made, not written.
MADE = ".chasm"
#: A pattern that means a name and nothing else.
PLAIN = re.compile(r"[\w.-]+\Z")


@dataclass(frozen=True, slots=True)
class Names:
    """Patterns that are plain names: they leave out what has one of them on its way."""

    names: frozenset[str]

    def match_file(self, way: str) -> bool:
        """Whether ``way``, with slashes, is left out."""
        return not self.names.isdisjoint(way.split("/"))


def notebooks_in(paths: Sequence[Path], settings: Settings, force: bool = False) -> list[Path]:
    """The notebooks that ``paths`` name, each once; of a folder, all ``.ipynb`` files below it.

    A file that is named itself is taken even when it is excluded, unless ``force``.
    """
    found: dict[Path, None] = {}
    excluded = _excluded((*settings.exclude, *settings.extend_exclude))
    for path in paths:
        if _is_folder(path):
            for one in _walk(path, _above(path), settings.root, excluded):
                found[one] = None
        elif not path.exists() and not path.is_symlink():
            raise InputError(f"{printable(str(path))}: no such file")
        elif not force or not _matches(excluded, path, settings.root, False):
            found[path] = None
    return list(found)


def with_folders(paths: Sequence[Path]) -> list[Path]:
    """``paths`` with the notebooks below it for each folder among them, each file once."""
    found: list[Path] = []
    for path in paths:
        below = notebooks_in([path], Settings()) if _is_folder(path) else [path]
        if not below:
            raise InputError(f"{printable(str(path))}: no notebook in this folder")
        found += below
    unique: dict[str, Path] = {}
    for path in found:
        unique.setdefault(os.path.realpath(path), path)
    return list(unique.values())


def _is_folder(path: Path) -> bool:
    """Whether it is one; what nobody may look at is an error of whoever named it."""
    try:
        return path.is_dir()
    except OSError as error:
        raise InputError(printable(outside(error), 1000)) from None


def _walk(
    folder: Path,
    rules: "tuple[tuple[Path, GitIgnoreSpec], ...]",
    root: Path,
    excluded: "GitIgnoreSpec | Names",
) -> Iterator[Path]:
    rules = (*rules, *_rules_of(folder))
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        path = folder / entry.name
        is_folder = entry.is_dir(follow_symlinks=False)
        if is_folder and entry.name in (CHECKPOINTS, MADE):
            continue
        if not is_folder and not entry.name.endswith(".ipynb"):
            continue
        if _matches(excluded, path, root, is_folder) or _ignored(path, rules, is_folder):
            continue
        if is_folder:
            yield from _walk(path, rules, root, excluded)
        elif _is_file(entry):
            yield path


def _is_file(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_file()
    except OSError:
        # A link that leads back to itself leads nowhere, as one to nothing does.
        return False


def _above(folder: Path) -> "tuple[tuple[Path, GitIgnoreSpec], ...]":
    """The rules of the folders above ``folder``, up to the root of the repository."""
    found: list[tuple[Path, GitIgnoreSpec]] = []
    here = folder.absolute()
    chain = [here]
    while not (chain[-1] / ".git").exists():
        if chain[-1].parent == chain[-1]:
            return ()
        chain.append(chain[-1].parent)
    for parent in reversed(chain[1:]):
        found += _rules_of(parent)
    return tuple(found)


def _rules_of(folder: Path) -> "list[tuple[Path, GitIgnoreSpec]]":
    try:
        text = (folder / IGNORE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return [(folder.absolute(), _spec(text.splitlines()))]


def _excluded(patterns: Sequence[str]) -> "GitIgnoreSpec | Names":
    # The patterns that hold by default are plain names, and loading the others' language takes
    # longer than all else that a hook with nothing to check does.
    if all(PLAIN.match(one) for one in patterns):
        return Names(frozenset(patterns))
    return _spec(patterns)


def _spec(patterns: Sequence[str]) -> "GitIgnoreSpec":
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)


def _ignored(path: Path, rules: "tuple[tuple[Path, GitIgnoreSpec], ...]", is_folder: bool) -> bool:
    """Whether the innermost rule that speaks of ``path`` leaves it out."""
    for folder, spec in reversed(rules):
        way = os.path.relpath(path.absolute(), folder).replace(os.sep, "/")
        include = spec.check_file(way + "/" * is_folder).include
        if include is not None:
            return include
    return False


def _matches(spec: "GitIgnoreSpec | Names", path: Path, root: Path, is_folder: bool) -> bool:
    way = os.path.relpath(path.absolute(), root.absolute()).replace(os.sep, "/")
    while way.startswith("../"):
        way = way[3:]
    return spec.match_file(way + "/" * is_folder)


def depth_in_repository(path: Path) -> int | None:
    """How many folders lie between the repository's root and ``path``; None outside of one."""
    parents = path.absolute().parents
    return next((n for n, folder in enumerate(parents) if (folder / ".git").exists()), None)


def matches_any(path: Path, root: Path, pattern: str) -> bool:
    """Whether ``path`` matches the ``.gitignore`` pattern of a project in ``root``."""
    return _matches(_spec([pattern]), path, root, False)


def common_folder(paths: Sequence[Path]) -> Path:
    """The folder that all of ``paths`` lie in."""
    folders = [str(p.absolute() if p.is_dir() else p.absolute().parent) for p in paths]
    try:
        return Path(os.path.commonpath(folders)) if folders else Path()
    except ValueError:
        return Path()
