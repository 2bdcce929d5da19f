"""``action.yml``: what others wrote is no part of its scripts, and they do what they say."""

import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.command import write
from support.folders import ROOT
from support.forge import forge
from support.history import commit, git, repository
from support.process import run
from support.stand_in import TOKEN

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
#: How a runner calls the shell of a step, and what it puts in the place of before.
SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]


def test_no_expression_stands_in_a_script() -> None:
    assert [step["name"] for step in STEPS if "${{" in step["run"]] == []


def test_every_input_is_described_used_and_has_a_default() -> None:
    used = set(re.findall(r"inputs\.([\w-]+)", str(STEPS)))
    assert used == ACTION["inputs"].keys()
    assert all(one["description"] and "default" in one for one in ACTION["inputs"].values())


def test_no_other_action_is_trusted() -> None:
    assert [step for step in STEPS if "uses" in step] == []


@pytest.fixture
def pull_request(tmp_path: Path) -> Path:
    """A checked out pull request; its base is the commit before."""
    folder = repository(tmp_path / "a repository")
    write(str(folder / "nb" / "a b.ipynb"), "rows = [3, 4]", "print(len(rows))")
    write(str(folder / "other.ipynb"), "x = 1", "print(x)")
    commit(folder, "one")
    write(str(folder / "nb" / "a b.ipynb"), "rows = [3, 4, 5]", "print(len(rows))")
    write(str(folder / "other.ipynb"), "x = 2", "print(x)")
    commit(folder, "two")
    return folder


def test_the_steps_run_one_after_the_other_as_a_runner_runs_them(
    pull_request: Path, tmp_path: Path
) -> None:
    # A checked out module of the pull request would be imported by a careless step.
    for name in ("venv", "pip", "chasm", "json", "sitecustomize"):
        (pull_request / f"{name}.py").write_text("open('canary', 'w')", encoding="utf-8")
    # Nothing is downloaded: what chasm needs is taken from the Python that runs the tests.
    offline = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path.endswith("-packages")),
        "PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }  # fmt: skip
    base = git(pull_request, "rev-parse", "HEAD~1").strip()
    given = {"inputs.paths": "nb", "inputs.fail-on": "none", "inputs.comment": "true"}
    given["inputs.base || github.event.pull_request.base.sha"] = base
    given["inputs.comment == 'true' && github.token || ''"] = TOKEN
    with forge() as api:
        runner = api.environment(
            RUNNER_TEMP=str(tmp_path), GITHUB_ACTION_PATH=str(ROOT),
            GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md"),
        )  # fmt: skip
        del runner["GITHUB_TOKEN"]
        for step in STEPS:
            own = {
                name: EXPRESSION.sub(lambda found: given[found[1]], value)
                for name, value in step.get("env", {}).items()
            }
            done = run([*SHELL, step["run"]], pull_request, runner | offline | own)
            assert done.returncode == 0, done.stderr
        assert "1 notebook changed" in api.comments[0]["body"]
    installed = tmp_path / "chasm-review"
    assert list(installed.glob("lib/*/site-packages/chasm/rules/*.toml"))
    assert done.stdout.startswith("::notice title=Setting changed")
    assert not (pull_request / "canary").exists()


def reviewed(folder: Path, tmp_path: Path, **environment: str) -> tuple[int, str, str, str]:
    """Run the step that reviews: exit code, both streams, the summary."""
    scripts = tmp_path / "chasm-review" / "bin"
    scripts.mkdir(parents=True)
    command = f"#!/bin/sh\nexec '{sys.executable}' -m chasm.cli \"$@\"\n"
    (scripts / "chasm").write_text(command, encoding="utf-8")
    (scripts / "chasm").chmod(0o755)
    summary = tmp_path / "summary.md"
    done = run(
        [*SHELL, STEPS[-1]["run"]],
        folder,
        {
            "RUNNER_TEMP": str(tmp_path),
            "GITHUB_STEP_SUMMARY": str(summary),
            "CHASM_BASE": git(folder, "rev-parse", "HEAD~1").strip(),
            "CHASM_PATHS": "",
            "CHASM_COMMENT": "false",
            "CHASM_FAIL_ON": "none",
            "PYTHONPATH": os.pathsep.join(sys.path),
            **environment,
        },
    )
    said = summary.read_text(encoding="utf-8") if summary.exists() else ""
    return done.returncode, done.stdout, done.stderr, said


def test_the_step_annotates_and_writes_the_summary(pull_request: Path, tmp_path: Path) -> None:
    code, out, err, summary = reviewed(pull_request, tmp_path, CHASM_PATHS="nb/a b.ipynb\n\n")
    assert (code, err) == (0, "")
    assert out.startswith("::notice title=Setting changed,file=nb/a b.ipynb,line=1::cell 1")
    assert "other.ipynb" not in out
    assert "1 notebook changed: 1 change in the pipeline." in summary


def test_the_step_comments_where_it_may(pull_request: Path, tmp_path: Path) -> None:
    with forge() as api:
        environment = api.environment(CHASM_COMMENT="true", CHASM_PATHS="nb\nother.ipynb")
        code, out, err, _ = reviewed(pull_request, tmp_path, **environment)
        assert (code, err) == (0, "commented on pull request 7\n")
        assert "2 notebooks changed" in api.comments[0]["body"]
    assert TOKEN not in out + err


def test_the_step_fails_when_it_is_asked_to(pull_request: Path, tmp_path: Path) -> None:
    write(str(pull_request / "other.ipynb"), "import os\nos.chdir('/home/ann')")
    assert reviewed(pull_request, tmp_path, CHASM_FAIL_ON="error,warning")[0] == 1


@pytest.mark.parametrize("name", ["CHASM_BASE", "CHASM_PATHS", "CHASM_FAIL_ON"])
def test_no_input_is_run(name: str, pull_request: Path, tmp_path: Path) -> None:
    hostile = '"; touch canary; $(touch canary) `touch canary` --output-file=canary'
    reviewed(pull_request, tmp_path, **{name: hostile})
    assert list(tmp_path.rglob("canary")) == []
