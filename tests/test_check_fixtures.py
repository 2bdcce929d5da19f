"""`chasm check` says of each notebook in ``fixtures/notebooks`` what the file beside it says.

``pytest --update`` writes ``expected-check.txt``.
"""

import json
from pathlib import Path

import pytest
from support.folders import CHECKED, copied, difference, fixtures, source_in

from chasm.checking import Options, check_files
from chasm.findings import Checked
from chasm.report.concise import line
from chasm.report.text import place

EACH = pytest.mark.parametrize("folder", fixtures(), ids=lambda folder: folder.name)


def checked(folder: Path, tmp_path: Path) -> tuple[Checked, Path]:
    """The findings of a copy of the fixture's notebook, and the copy."""
    source = source_in(copied(folder, tmp_path))
    (file,) = check_files([source], Options(cache=False, isolated=True)).files
    return file, source


@EACH
def test_the_findings_are_the_expected_ones(folder: Path, tmp_path: Path, update: bool) -> None:
    file, _ = checked(folder, tmp_path)
    assert file.error is None
    found = "".join(
        f"{place(one)} {one.finding.severity.value} {one.finding.code} {one.finding.message}\n"
        for one in file.findings
    )
    path = folder / CHECKED
    before = path.read_text(encoding="utf-8") if path.exists() else None
    if update and before != found:
        path.write_text(found, encoding="utf-8", newline="\n")
        pytest.fail(f"{folder.name}: written anew, look at the difference")
    changes = difference({CHECKED: before} if before is not None else {}, {CHECKED: found})
    if changes:
        pytest.fail(f"{changes}\n\nIf this is wanted: pytest --update", pytrace=False)


@EACH
def test_every_finding_tells_the_line_of_the_file(folder: Path, tmp_path: Path) -> None:
    file, source = checked(folder, tmp_path)
    physical = source.read_text(encoding="utf-8").split("\n")
    for one in file.findings:
        if one.finding.cell is None:
            continue
        wanted = one.text if source.suffix == ".py" else _in_json(one.text, physical)
        assert wanted in physical[one.raw_line - 1], line(file, one)


def _in_json(text: str, physical: list[str]) -> str:
    """How the file writes this line."""
    plain = json.dumps(text, ensure_ascii=False)[1:-1]
    return plain if any(plain in one for one in physical) else json.dumps(text)[1:-1]
