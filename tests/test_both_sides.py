"""A notebook of ``cases/both_sides`` and its package print and write the same when both are run."""

from pathlib import Path

import pytest
from support.process import python

from chasm import convert

CASES = sorted((Path(__file__).parent / "cases" / "both_sides").glob("*.py"))


def written(folder: Path) -> dict[str, bytes]:
    """What was written beside the notebook."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".py"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_both_sides_say_the_same(case: Path, tmp_path: Path) -> None:
    place = tmp_path / "notebook"
    place.mkdir()
    (place / case.name).write_text(case.read_text(encoding="utf-8"), encoding="utf-8")
    convert(place / case.name, tmp_path / "made", name="made_case")
    agg = {"MPLBACKEND": "Agg"}
    notebook = python([case.name], place, agg)
    package = python(["-m", "made_case", "run"], tmp_path / "made", agg | {"PYTHONPATH": "src"})
    assert notebook.returncode == 0, notebook.stderr
    assert package.returncode == 0, package.stderr
    assert package.stdout == notebook.stdout != ""
    for name, content in written(place).items():
        (found,) = (tmp_path / "made").rglob(name)
        assert found.read_bytes() == content, name
