"""Lay out the notebooks of this list, with the files that they read, as their authors have them.

    python benchmarks/corpus/extract.py --clones CLONES --out OUT [--clone] [--ids ID,...] [--all]
    python benchmarks/corpus/extract.py --clones CLONES --out OUT --reading [--clone]

CLONES/OWNER+NAME is a clone of the repository OWNER/NAME, with or without a work tree; `--clone`
makes those that are missing. A notebook lands in OUT/OWNER__NAME/tree/, at its own path. Nothing
of what is laid out is run.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
HOST = "https://github.com"


class Missing(Exception):
    """A clone, a commit or a file that is not there."""


@dataclass(frozen=True, slots=True)
class Clones:
    """A folder of clones, and whether missing ones are made."""

    folder: Path
    clone: bool

    def git(self, repository: str, *words: str) -> bytes:
        """What git says in the clone of a repository."""
        done = subprocess.run(
            ["git", "-C", str(self._clone_of(repository)), *words], capture_output=True
        )
        if done.returncode:
            raise Missing(f"{repository}: git {' '.join(words)} failed")
        return done.stdout

    def file(self, repository: str, commit: str, path: str) -> bytes:
        """A file's content at a commit; a commit that the clone lacks is fetched when allowed."""
        try:
            return self.git(repository, "cat-file", "blob", f"{commit}:{path}")
        except Missing:
            if not self.clone:
                raise
        self.git(repository, "fetch", "--quiet", "origin", commit)
        return self.git(repository, "cat-file", "blob", f"{commit}:{path}")

    def _clone_of(self, repository: str) -> Path:
        target = self.folder / repository.replace("/", "+")
        if target.exists():
            return target
        if not self.clone:
            raise Missing(f"{repository}: no clone in {target}")
        # Only the commits and trees: each file that is needed is fetched when it is asked for.
        words = ["--quiet", "--filter=blob:none", "--no-checkout", "--", f"{HOST}/{repository}"]
        # A repository that is gone asks for a login.
        quiet = os.environ | {"GIT_TERMINAL_PROMPT": "0"}
        if subprocess.run(["git", "clone", *words, str(target)], env=quiet).returncode:
            raise Missing(f"{repository}: cannot be cloned")
        return target


def inside(root: Path, path: str) -> Path:
    """A path below root; one that leads out of it is refused, since the lists name it."""
    target = (root / path).resolve()
    if not target.is_relative_to(root.resolve()):
        raise Missing(f"{path} leads out of {root}")
    return target


def put(target: Path, content: bytes) -> None:
    """Write a file that is not there yet."""
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def lay_out(row: dict[str, Any], clones: Clones, out: Path) -> None:
    """The files of one row, its empty folders, and the copies that its own paths ask for."""
    repository, commit = row["repo"], row["commit"]
    root = out / repository.replace("/", "__")
    root.mkdir(parents=True, exist_ok=True)
    for path in row["files"]:
        put(inside(root, f"tree/{path}"), clones.file(repository, commit, path))
    for path in row["dirs"]:
        inside(root, f"tree/{path}").mkdir(parents=True, exist_ok=True)
    for source, target in row["fixups"]:
        put(inside(root, target), fixing(source, row, clones))
    notebook = inside(root, f"tree/{row['path']}").read_bytes()
    if hashlib.sha256(notebook).hexdigest() != row["nb_sha256"]:
        raise Missing(f"{repository}: {row['path']} is not the notebook of the list")


def fixing(source: str, row: dict[str, Any], clones: Clones) -> bytes:
    """What a fix copies: a file of the repository, or of another: `@OWNER/NAME@COMMIT:PATH`."""
    if not source.startswith("@"):
        return clones.file(row["repo"], row["commit"], source)
    place, path = source[1:].split(":", 1)
    repository, commit = place.split("@", 1)
    return clones.file(repository, commit, path)


def rows(name: str) -> Iterator[dict[str, Any]]:
    """The rows of a list beside this script."""
    with (HERE / name).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def runnable(ids: set[str], everything: bool) -> Iterator[dict[str, Any]]:
    """The rows asked for: those named, or those that run, or all."""
    for row in rows("notebooks.jsonl"):
        if row["id"] in ids if ids else everything or row["ok"]:
            yield row


def to_read() -> Iterator[dict[str, Any]]:
    """The notebooks for reading, a row each."""
    for row in rows("reading.jsonl"):
        for path in row["notebooks"]:
            yield {"repo": row["repo"], "commit": row["commit"], "path": path}


def lay_out_one(row: dict[str, Any], clones: Clones, out: Path) -> None:
    """A notebook for reading: the file alone."""
    root = out / row["repo"].replace("/", "__")
    put(inside(root, row["path"]), clones.file(row["repo"], row["commit"], row["path"]))


def main() -> int:
    """Lay out what was asked for; 1 where something was missing."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clones", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--clone", action="store_true", help="clone what is missing")
    parser.add_argument("--ids", default="", help="only these rows")
    parser.add_argument("--all", action="store_true", help="also those that do not run")
    parser.add_argument("--reading", action="store_true", help="the notebooks for reading only")
    given = parser.parse_args()
    clones = Clones(given.clones, given.clone)
    if given.reading:
        chosen, place = to_read(), lay_out_one
    else:
        chosen, place = runnable(set(filter(None, given.ids.split(","))), given.all), lay_out
    done = failed = 0
    for row in chosen:
        try:
            place(row, clones, given.out)
            done += 1
        except Missing as missing:
            print(missing, file=sys.stderr)
            failed += 1
    print(f"{done} notebooks, {failed} not")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
