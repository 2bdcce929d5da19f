"""Each commit of a notebook's history is reviewed as the file beside it says, and no other way.

``pytest --update`` writes ``expected.md``.
"""

from pathlib import Path

import pytest
from support.command import chasm_
from support.folders import difference
from support.history import commit, commits, git, repository, write_commit

EXPECTED = "expected.md"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with all commits; each has its folder's name for a tag."""
    folder = repository(tmp_path_factory.mktemp("history") / "repository")
    for case in commits():
        write_commit(case, folder)
        commit(folder, case.name)
        git(folder, "tag", case.name)
    return folder


@pytest.mark.parametrize("case", commits()[1:], ids=lambda case: case.name)
def test_the_review_of_a_commit_is_the_expected_one(
    case: Path, history: Path, update: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(history, "checkout", "-q", case.name)
    monkeypatch.chdir(history)
    result = chasm_("review", "--base", "HEAD~1", "--output-format", "markdown")
    assert (result.exit_code, result.stderr) == (0, "")
    path = case / EXPECTED
    before = path.read_text(encoding="utf-8") if path.exists() else None
    if update and before != result.stdout:
        path.write_text(result.stdout, encoding="utf-8", newline="\n")
        pytest.fail(f"{case.name}: written anew, look at the difference")
    changes = difference({EXPECTED: before} if before else {}, {EXPECTED: result.stdout})
    if changes:
        pytest.fail(f"{changes}\n\nIf this is wanted: pytest --update", pytrace=False)
