"""The hooks of ``.pre-commit-hooks.yaml``, run by pre-commit in a repository of their own."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.folders import ROOT
from support.process import python
from support.snippets import ipynb

STAR = "# %%\nfrom math import *\nprint(pi)"


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository that uses both hooks, as they stand, from the environment of the tests."""
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    (hooks / ".pre-commit-hooks.yaml").write_text(text, encoding="utf-8")
    git(hooks, "init", "-q")
    git(hooks, "add", ".")
    git(hooks, "commit", "-qm", "hooks")
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=hooks, text=True).strip()
    folder = tmp_path / "project"
    folder.mkdir()
    git(folder, "init", "-q")
    # No environment is built: what would be installed there is what the tests run.
    run = f"{sys.executable} -c 'import sys; from chasm"
    (folder / ".pre-commit-config.yaml").write_text(
        f"""
repos:
  - repo: {hooks.as_posix()}
    rev: {head}
    hooks:
      - id: chasm-check
        language: system
        entry: {run}.hook import run; sys.exit(run())' --force-exclude --no-cache
      - id: chasm-convert-check
        language: system
        entry: {run}.cli.commands import app; app()' convert --check
        args: [a.ipynb, --output, made]
""",
        encoding="utf-8",
    )
    return folder


def hooks_say(folder: Path, hook: str) -> tuple[int, str]:
    git(folder, "add", ".")
    extra = {"PRE_COMMIT_HOME": str(folder.parent / "home")}
    done = python(["-m", "pre_commit", "run", hook, "--all-files"], folder, extra)
    return done.returncode, done.stdout + done.stderr


def test_the_check_fails_on_findings_and_passes_without(repository: Path) -> None:
    path = repository / "a.ipynb"
    path.write_text(ipynb(STAR), encoding="utf-8")
    code, said = hooks_say(repository, "chasm-check")
    assert code == 1, said
    assert "CH503" in said
    path.write_text(ipynb("# %%\nprint(1)"), encoding="utf-8")
    code, said = hooks_say(repository, "chasm-check")
    assert (code, "Passed" in said) == (0, True), said


def test_a_package_older_than_its_notebook_fails(repository: Path) -> None:
    path = repository / "a.ipynb"
    path.write_text(ipynb("# %%\nprint(1)"), encoding="utf-8")
    done = python(
        ["-c", "from chasm.cli.commands import app; app()", "convert", "a.ipynb", "-o", "made"],
        repository,
    )
    assert done.returncode == 0, done.stderr
    code, said = hooks_say(repository, "chasm-convert-check")
    assert code == 0, said
    path.write_text(ipynb("# %%\nprint(2)"), encoding="utf-8")
    code, said = hooks_say(repository, "chasm-convert-check")
    assert (code, "would change" in said) == (1, True), said
