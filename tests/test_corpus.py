"""The list of real notebooks: what it may name, and how it is laid out from clones."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.folders import ROOT

CORPUS = ROOT / "benchmarks" / "corpus"
NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n'


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CORPUS / name).read_text("utf-8").splitlines()]


@pytest.fixture
def clones(tmp_path: Path) -> tuple[Path, str]:
    """A clone of a small repository, and its commit."""
    folder = tmp_path / "clones" / "someone+churn"
    folder.mkdir(parents=True)
    (folder / "work.ipynb").write_bytes(NOTEBOOK)
    (folder / "train.csv").write_bytes(b"a\n1\n")
    identity = ["-c", "user.name=t", "-c", "user.email=t@t"]
    for words in (["init", "-q"], ["add", "."], [*identity, "commit", "-q", "-m", "work"]):
        subprocess.run(["git", "-C", str(folder), *words], check=True)
    said = subprocess.run(["git", "-C", str(folder), "rev-parse", "HEAD"], capture_output=True)
    return folder.parent, said.stdout.decode().strip()


def lay_out(
    tmp_path: Path, clones: tuple[Path, str], **changes: object
) -> subprocess.CompletedProcess[str]:
    """Lay out a list of one row, which the script finds beside itself."""
    script = Path(shutil.copy(CORPUS / "extract.py", tmp_path))
    row = {
        "id": "0", "repo": "someone/churn", "commit": clones[1], "path": "work.ipynb",
        "files": ["work.ipynb", "train.csv"], "dirs": ["models"], "fixups": [], "ok": True,
        "nb_sha256": hashlib.sha256(NOTEBOOK).hexdigest(),
    }  # fmt: skip
    (tmp_path / "notebooks.jsonl").write_text(json.dumps(row | changes) + "\n")
    command = [sys.executable, str(script), "--clones", str(clones[0])]
    return subprocess.run(
        [*command, "--out", str(tmp_path / "out")], capture_output=True, text=True
    )


def test_a_notebook_lands_beside_what_it_reads(tmp_path: Path, clones: tuple[Path, str]) -> None:
    fixups = [["train.csv", "tree/../input/titanic/train.csv"]]
    done = lay_out(tmp_path, clones, fixups=fixups)
    root = tmp_path / "out" / "someone__churn"
    assert done.returncode == 0, done.stderr
    assert (root / "tree/work.ipynb").read_bytes() == NOTEBOOK
    assert (root / "input/titanic/train.csv").read_bytes() == b"a\n1\n"
    assert (root / "tree/models").is_dir()


def test_another_repository_may_give_the_data(tmp_path: Path, clones: tuple[Path, str]) -> None:
    source = f"@someone/churn@{clones[1]}:train.csv"
    done = lay_out(tmp_path, clones, fixups=[[source, "tree/C:/data/train.csv"]])
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out/someone__churn/tree/C:/data/train.csv").exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"fixups": [["train.csv", "tree/../../../elsewhere.csv"]]}, "leads out"),
        ({"files": ["work.ipynb", "gone.csv"]}, "gone.csv"),
        ({"repo": "someone/else"}, "no clone"),
        ({"nb_sha256": "0" * 64}, "not the notebook of the list"),
    ],
)
def test_what_is_not_there_is_said(
    tmp_path: Path, clones: tuple[Path, str], changes: dict[str, object], said: str
) -> None:
    done = lay_out(tmp_path, clones, **changes)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "elsewhere.csv").exists()


def test_the_lists_leave_the_judging_half_alone() -> None:
    named = {row["repo"] for name in ("notebooks.jsonl", "reading.jsonl") for row in rows(name)}
    for row in rows("notebooks.jsonl"):
        sources = [source for source, _ in row["fixups"] if source.startswith("@")]
        named |= {source[1:].split("@")[0] for source in sources}
    kept = {repo for repo in named if hashlib.sha256(repo.encode()).hexdigest()[0] in "01234567"}
    assert named == kept
    assert named


def test_a_row_is_named_for_its_notebook() -> None:
    listed = rows("notebooks.jsonl")
    names = [hashlib.sha256(f"{row['repo']}:{row['path']}".encode()).hexdigest() for row in listed]
    assert [row["id"] for row in listed] == [name[:12] for name in names]
    assert all(row["ok"] == (row["fail"] is None) for row in listed)
