"""A function that gives the name of an import to something else has the import inside."""

from pathlib import Path

from support.process import python

from chasm import convert

NOTEBOOK = """\
# %%
from statistics import mean, median
values = [1, 2, 6]
# %%
mean = mean(values)
middle = median(values)
print(mean, middle)
# %%
# Later on
print(median([4]), mean + 1)
"""


def test_the_name_is_an_import_before_it_is_a_value(tmp_path: Path) -> None:
    (tmp_path / "notebook.py").write_text(NOTEBOOK, encoding="utf-8")
    convert(tmp_path / "notebook.py", tmp_path / "made", name="made_case")
    ran = python(["-m", "made_case", "run"], tmp_path / "made", {"PYTHONPATH": "src"})
    assert ran.returncode == 0, ran.stderr
    assert "3 2\n" in ran.stdout
    assert "4 4\n" in ran.stdout
