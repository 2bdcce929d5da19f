"""A notebook's history as a repository: one folder of ``tests/cases/review`` a commit."""

import json
import os
import re
from pathlib import Path
from typing import Any

from support.process import run

CASES = Path(__file__).parents[1] / "cases" / "review"
NEW_YEAR = "2026-01-01T00:00:00+0000"
IDENTITY = {
    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_AUTHOR_DATE": NEW_YEAR,
    "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_COMMITTER_DATE": NEW_YEAR, "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}  # fmt: skip
HEAD = re.compile(r"^# %%(?: \[(?P<kind>markdown)\])?(?: (?P<id>\w+))?(?: \[(?P<count>\d+)\])?$")


def commits() -> list[Path]:
    """The folders of the history, the oldest first."""
    return sorted(path for path in CASES.iterdir() if path.is_dir())


def git(folder: Path, *arguments: str) -> str:
    """Run git in ``folder``; it must succeed."""
    done = run(["git", *arguments], folder, IDENTITY)
    assert done.returncode == 0, done.stderr
    return done.stdout


def repository(folder: Path) -> Path:
    """An empty repository."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    return folder


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)


def write_commit(case: Path, folder: Path) -> None:
    """Make ``folder`` hold the notebooks of ``case``: ``NAME.py`` becomes ``NAME.ipynb``."""
    for path in folder.glob("*.ipynb"):
        path.unlink()
    for path in case.glob("*.py"):
        target = folder / f"{path.stem}.ipynb"
        target.write_text(as_ipynb(path.read_text(encoding="utf-8")), encoding="utf-8")


def as_ipynb(text: str) -> str:
    """A script of cells as a notebook.

    ``# %% ID [COUNT]`` starts a cell; lines that start with ``#>`` are what it had printed.
    """
    cells: list[dict[str, Any]] = []
    for line in text.splitlines():
        if match := HEAD.match(line):
            cells.append(_cell(match))
        elif line.startswith("#>"):
            cells[-1]["outputs"][0]["text"].append(line[2:].strip() + "\n")
        else:
            cells[-1]["source"].append(line)
    for cell in cells:
        lines = "\n".join(cell["source"]).strip("\n").split("\n")
        if cell["cell_type"] == "markdown":
            lines = [line.removeprefix("#").removeprefix(" ") for line in lines]
        cell["source"] = [f"{line}\n" for line in lines[:-1]] + lines[-1:]
        if cell.get("outputs") and not cell["outputs"][0]["text"]:
            cell["outputs"] = []
    data = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(data, indent=1) + "\n"


def _cell(match: re.Match[str]) -> dict[str, Any]:
    cell: dict[str, Any] = {"id": match["id"] or "", "metadata": {}, "source": []}
    if match["kind"]:
        return cell | {"cell_type": "markdown"}
    count = int(match["count"]) if match["count"] else None
    outputs = [{"output_type": "stream", "name": "stdout", "text": []}]
    return cell | {"cell_type": "code", "execution_count": count, "outputs": outputs}
