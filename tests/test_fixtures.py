"""Each notebook in ``fixtures/notebooks`` gives the package and the findings beside it.

A case is a folder: ``notebook.*`` and its data, ``expected/`` and ``expected-findings.txt``.
``pytest --update`` writes the last two.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from support.folders import (
    EXPECTED,
    FINDINGS,
    MANIFEST,
    copied,
    difference,
    fixtures,
    replace_tree,
    source_in,
    tree,
)
from support.process import python

from chasm.api import Conversion, convert
from chasm.findings import Finding

EACH = pytest.mark.parametrize("folder", fixtures(), ids=lambda folder: folder.name)


def converted(folder: Path, tmp_path: Path) -> tuple[Conversion, Path]:
    """The package of a copy of the fixture, at the place where the expected one stands."""
    source = source_in(copied(folder, tmp_path))
    output = source.parent / EXPECTED
    return convert(source, output, name=folder.name), output


def listed(findings: Iterable[Finding]) -> str:
    lines = []
    for one in findings:
        where = ":".join(str(part) for part in (one.cell, one.line) if part is not None)
        lines.append(f"{where or '-'} {one.severity.value} {one.code} {one.message}")
    return "".join(f"{line}\n" for line in lines)


@EACH
def test_the_package_is_the_expected_one(folder: Path, tmp_path: Path, update: bool) -> None:
    done, output = converted(folder, tmp_path)
    found = tree(output)
    manifest = json.loads(found.pop(MANIFEST))
    digests = {path: hashlib.sha256(text.encode()).hexdigest() for path, text in found.items()}
    assert manifest["files"] == digests
    expected = tree(folder / EXPECTED) if (folder / EXPECTED).exists() else {}
    before = folder / FINDINGS
    expected[FINDINGS] = before.read_text(encoding="utf-8") if before.exists() else ""
    changes = difference(expected, found | {FINDINGS: listed(done.findings)})
    if update and changes:
        replace_tree(folder / EXPECTED, found)
        before.write_text(listed(done.findings), encoding="utf-8", newline="\n")
        pytest.fail(f"{folder.name}: written anew, look at the difference\n{changes}")
    if changes:
        pytest.fail(f"{changes}\n\nIf this is wanted: pytest --update", pytrace=False)


@EACH
def test_converting_again_changes_nothing(folder: Path, tmp_path: Path) -> None:
    _, output = converted(folder, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in output.rglob("*")}
    again = convert(source_in(output.parent), output, name=folder.name)
    assert (again.written, again.removed, again.edited) == ((), (), ())
    assert {path: path.stat().st_mtime_ns for path in output.rglob("*")} == before


@EACH
def test_formatter_and_linter_have_nothing_to_say(folder: Path, tmp_path: Path) -> None:
    _, output = converted(folder, tmp_path)
    ruff = python(["-m", "ruff", "check", "--no-cache", "--output-format=concise", "."], output)
    black = python(["-m", "black", "--check", "--diff", "--quiet", "--workers=1", "."], output)
    assert (ruff.returncode, black.returncode) == (0, 0), ruff.stdout + black.stdout
