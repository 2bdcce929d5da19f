"""The package of each fixture is found to do what its notebook does, result by result."""

import re
from pathlib import Path

import pytest
from support.conversion import converted
from support.folders import UNSTABLE, fixtures, source_in

from chasm.api import verify
from chasm.report.verdict_text import verdict_text
from chasm.verify.model import Result, Status

EACH = pytest.mark.parametrize("folder", fixtures(), ids=lambda folder: folder.name)


def accounted_for(folder: Path, result: Result) -> bool:
    """Whether the fixture says of a printed line that it is never the same."""
    path = folder / UNSTABLE
    patterns = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return result.kind == "print" and any(re.search(p, result.name) for p in patterns)


@EACH
def test_the_package_of_a_fixture_agrees(folder: Path, tmp_path: Path) -> None:
    done = converted(folder, tmp_path)
    verdict = verify(source_in(tmp_path / folder.name), done.folder, timeout=300)
    wrong = [
        result
        for result in verdict.results
        if result.status in (Status.DIFFERS, Status.MISSING) and not accounted_for(folder, result)
    ]
    assert verdict.failures == (), verdict_text(verdict)
    assert wrong == [], verdict_text(verdict)
    assert verdict.count(Status.EQUAL) > 5, verdict_text(verdict)
    assert not [note for note in verdict.notes if "could not be recorded" in note], verdict.notes
