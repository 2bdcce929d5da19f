"""The recipe for GitLab in ``docs/review.md`` does what is said of it, line by line."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.command import write
from support.folders import ROOT
from support.history import commit, git, repository
from support.notes import Notes, notes
from support.process import run
from support.stand_in import TOKEN

GUIDE = (ROOT / "docs" / "review.md").read_text(encoding="utf-8")
(RECIPE,) = re.findall(r"```yaml\n(notebooks:\n.*?)```", GUIDE, re.DOTALL)
JOB: dict[str, Any] = yaml.safe_load(RECIPE)["notebooks"]
INSTALL, *SCRIPT = JOB["script"]

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")


@pytest.fixture
def merge_request(tmp_path: Path) -> Path:
    """A checked out merge request; its base is the commit before."""
    folder = repository(tmp_path / "repository")
    write(str(folder / "nb" / "a.ipynb"), "rows = [3, 4]", "print(len(rows))")
    commit(folder, "one")
    write(str(folder / "nb" / "a.ipynb"), "rows = [3, 4, 5]", "open('/home/ann/a.csv').read()")
    commit(folder, "two")
    return folder


def job(folder: Path, api: Notes, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a runner makes of the script: one shell for all lines, which stops at a fault."""
    scripts = folder.parent / "bin"
    scripts.mkdir(exist_ok=True)
    for name, module in (("python", ""), ("chasm", "-m chasm.cli")):
        command = f"#!/bin/sh\nexec '{sys.executable}' {module} \"$@\"\n"
        (scripts / name).write_text(command, encoding="utf-8")
        (scripts / name).chmod(0o755)
    given = {
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(sys.path),
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(folder, "rev-parse", "HEAD~1").strip(),
        **api.environment(),
        **environment,
    }
    return run(["bash", "-eo", "pipefail", "-c", "\n".join(SCRIPT)], folder, given)


def test_the_job_is_one_of_merge_requests_and_sees_their_base() -> None:
    # Not the bare name: the package of that name at the index is another project's.
    assert INSTALL == 'python -m pip install --quiet "$CHASM"'
    assert JOB["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]
    assert JOB["variables"] == {"GIT_DEPTH": "0"}


def test_the_review_is_kept_as_one_note(merge_request: Path) -> None:
    with notes() as api:
        api.found.append({"id": 1, "body": "said by a person: <!-- chasm:review -->"})
        for expected in ("POST", "PUT"):
            done = job(merge_request, api, REVIEW_TOKEN=TOKEN)
            assert (done.returncode, TOKEN in done.stdout + done.stderr) == (0, False)
            assert [method for method, _ in api.asked[-2:]] == ["GET", expected]
        review = (merge_request / "review.md").read_text(encoding="utf-8")
        assert [note["body"].strip() for note in api.found[1:]] == [review.strip()]
    assert "2 changes in the pipeline, 1 new finding" in review
    (finding,) = json.loads((merge_request / "quality.json").read_text(encoding="utf-8"))
    assert finding["check_name"] == "CH105"
    assert set(JOB["artifacts"]["paths"]) == {"review.md"}
    assert JOB["artifacts"]["reports"] == {"codequality": "quality.json"}


def test_without_a_token_the_review_is_an_artifact_alone(merge_request: Path) -> None:
    with notes() as api:
        assert job(merge_request, api).returncode == 0
        assert api.asked == []
    assert (merge_request / "review.md").exists()
