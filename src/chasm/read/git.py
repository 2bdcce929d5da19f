"""Older versions of files, as git has them. Nothing that a repository configures is run."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chasm.errors import InputError
from chasm.read.discover import CHECKPOINTS
from chasm.read.files import MAX_BYTES, decode, printable, read_text
from chasm.read.renames import moved

#: A program that the repository's own settings name is not started for a look at its history.
SAFE = (
    "--no-pager", "-c", "core.quotePath=false", "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
)  # fmt: skip
TIMEOUT = 120
NOTEBOOK = ".ipynb"
SUFFIXES = (NOTEBOOK, ".py")
#: What a script of cells has in it; other scripts are no notebooks.
CELLS = (b"# %%", b"# Databricks notebook source", b"#%%")


@dataclass(frozen=True, slots=True)
class Changed:
    """A file that is another one than in the base; None on the side where it is not."""

    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class History:
    """A repository at ``root``, compared with the commit ``base``.

    ``note`` says so where the base is not the point at which the work began.
    """

    root: Path
    base: str
    note: str = ""

    def changed(self, paths: Sequence[Path]) -> list[Changed]:
        """The notebooks below ``paths`` that changed since the base; renames are followed."""
        ways = [str(path.absolute()) for path in paths]
        # The names alone decide what is a rename, so all of the repository is compared.
        listed = _git(
            self.root, "diff", "--no-ext-diff", "--no-textconv", "--no-color", "--name-status",
            "-z", "-M40%", "--ignore-submodules=all", self.base, "--",
        )  # fmt: skip
        entries = self._followed(list(_entries(listed)))
        found = [one for one in entries if _is_below(one, ways, self.root)]
        return [one for one in found if self._is_notebook(one)]

    def _followed(self, entries: list[Changed]) -> list[Changed]:
        """The same with removed and added notebooks joined that are one by their code."""
        gone = [e.old for e in entries if e.new is None and e.old and e.old.endswith(NOTEBOOK)]
        come = [e.new for e in entries if e.old is None and e.new and e.new.endswith(NOTEBOOK)]
        names = moved(gone, come, self._then, self._now)
        kept = [e for e in entries if e.new not in names and e.old not in names.values()]
        return kept + [Changed(old, new) for new, old in names.items()]

    def _then(self, path: str) -> str:
        try:
            return self.text(path)[0]
        except InputError:
            return ""

    def _now(self, path: str) -> str:
        file = self.root / path
        try:
            return "" if file.is_symlink() else read_text(file)[0]
        except InputError:
            return ""

    def text(self, path: str) -> tuple[str, str]:
        """The text of ``path`` in the base, and what is odd about its encoding."""
        return decode(self._blob(path))

    def _blob(self, path: str) -> bytes:
        name = f"{self.base}:{path}"
        try:
            size = _git(self.root, "cat-file", "-s", name).strip()
        except InputError:
            text = f"{printable(path)}: what {self.base[:10]} has of it was not fetched"
            raise InputError(text) from None
        if not size.isdigit() or int(size) > MAX_BYTES:
            raise InputError(f"{printable(path)}: in {self.base[:10]} it is no notebook's file")
        return _git(self.root, "cat-file", "blob", name)

    def _is_notebook(self, one: Changed) -> bool:
        path = one.new or one.old or ""
        if one.new is not None and (self.root / one.new).is_symlink():
            # Where a link leads to is no part of the repository.
            return False
        if path.endswith(NOTEBOOK):
            return True
        try:
            if one.new is not None:
                data = (self.root / one.new).read_bytes()
            else:
                data = self._blob(path)
        except (OSError, InputError):
            return False
        return any(mark in data for mark in CELLS)


def history(base: str, folder: Path) -> History:
    """The repository around ``folder`` and the commit at which its work left ``base``."""
    shown = printable(base, 80)
    if not base or base.startswith("-") or "\0" in base:
        raise InputError(f"--base {shown!r}: not the name of a commit")
    try:
        root = Path(os.fsdecode(_git(folder, "rev-parse", "--show-toplevel")).rstrip("\n"))
    except InputError as error:
        if "git is not installed" in str(error):
            raise
        raise InputError(f"{printable(str(folder.absolute()))}: not in a git repository") from None
    commit = _commit(root, base)
    if commit is None:
        raise InputError(f"--base {shown}: no such commit (is the history fetched?)")
    try:
        start = _git(root, "merge-base", commit, "HEAD").decode("ascii", "replace").strip()
    except InputError:
        note = f"no common history with {shown}; compared with its tip"
        return History(root, commit, note)
    return History(root, start or commit)


def _commit(root: Path, base: str) -> str | None:
    try:
        found = _git(
            root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{commit}}"
        )
    except InputError:
        return None
    lines = found.decode("ascii", "replace").split()
    return lines[-1] if lines else None


def _entries(listed: bytes) -> Iterator[Changed]:
    parts = iter(os.fsdecode(part) for part in listed.split(b"\0") if part)
    for status in parts:
        first = next(parts, "")
        second = next(parts, "") if status[0] in "RC" else first
        if not second.endswith(SUFFIXES) or CHECKPOINTS in second.split("/"):
            continue
        match status[0]:
            case "A" | "C":
                yield Changed(None, second)
            case "D":
                yield Changed(first, None)
            case "M" | "R" | "T":
                yield Changed(first, second)


def _is_below(one: Changed, ways: Sequence[str], root: Path) -> bool:
    """Whether a path of the call names the file or a folder above it."""
    if not ways:
        return True
    mine = [root / path for path in (one.old, one.new) if path is not None]
    real = [Path(os.path.realpath(way)) for way in ways]
    top = Path(os.path.realpath(root))
    placed = [top / path.relative_to(root) for path in mine]
    return any(path.is_relative_to(way) for path in placed for way in real)


def _git(folder: Path, *arguments: str) -> bytes:
    """What git says; an :class:`InputError` when it refuses."""
    surroundings = {k: v for k, v in os.environ.items() if k not in ("GIT_EXTERNAL_DIFF",)}
    surroundings |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    command = ["git", "-C", os.fspath(folder), *SAFE, *arguments]
    try:
        done = subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, env=surroundings,
            timeout=TIMEOUT, check=False,
        )  # fmt: skip
    except FileNotFoundError:
        raise InputError("git is not installed; without it, name two files") from None
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise InputError(f"git could not be asked ({type(error).__name__})") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().split("\n")[0]
        raise InputError(f"git {arguments[0]}: {printable(said, 200)}")
    return done.stdout
