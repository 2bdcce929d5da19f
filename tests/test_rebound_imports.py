"""Imports that stand inside a function: of a name that it binds anew, or that nobody may have."""

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


GUESSED = """\
# %%
from math import *
print(sqrt(4))
# %%
print(sqrt(nobody_binds_this))
"""


def test_a_name_that_no_star_brings_stops_only_what_uses_it(tmp_path: Path) -> None:
    (tmp_path / "notebook.py").write_text(GUESSED, encoding="utf-8")
    convert(tmp_path / "notebook.py", tmp_path / "made", name="made_case")
    ran = python(["-m", "made_case", "run"], tmp_path / "made", {"PYTHONPATH": "src"})
    assert ran.stdout == "2.0\n"
    assert "nobody_binds_this" in ran.stderr


OWN = """\
# %%
from statistics import mean
values = [1, 2, 6]
print(mean(values), max(values))
def mean(x):
    return sum(x) + base
def max(x):
    return -1
base = values[2]
print(mean(values), max(values))
# %%
# A value of the same name
def error(x):
    return mean(x) - base
error = error(values)
print(error)
# %%
# A function that needs what the value became
def model(step):
    return step
model = model(len(values))
def predict(count):
    return 0 if count == 0 else model + predict(count - 1)
print(predict(2))
"""


def test_an_own_function_is_not_what_else_had_its_name(tmp_path: Path) -> None:
    (tmp_path / "notebook.py").write_text(OWN, encoding="utf-8")
    convert(tmp_path / "notebook.py", tmp_path / "made", name="made_case")
    ran = python(["-m", "made_case", "run"], tmp_path / "made", {"PYTHONPATH": "src"})
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split("\n")[:4] == ["3 6", "15 -1", "9", "6"]


TRIED = """\
# %%
from math import *
for number in [4, 9]:
    try:
        print(sqrt(number) + nobody_binds_this)
    except Exception as error:
        print(f"not with {number}: {error}")
"""


def test_a_name_that_is_tried_in_vain_is_so_in_the_package(tmp_path: Path) -> None:
    (tmp_path / "notebook.py").write_text(TRIED, encoding="utf-8")
    convert(tmp_path / "notebook.py", tmp_path / "made", name="made_case")
    ran = python(["-m", "made_case", "run"], tmp_path / "made", {"PYTHONPATH": "src"})
    told = "name 'nobody_binds_this' is not defined"
    assert ran.stdout.splitlines() == [f"not with {number}: {told}" for number in (4, 9)]


EXPERIMENTAL = """\
# %%
import pandas as pd
from sklearn.experimental import enable_iterative_imputer
from sklearn.impute import IterativeImputer
ages = pd.DataFrame({"a": [1.0, None, 3.0, 4.0], "b": [2.0, 4.0, 6.0, 8.0]})
imputer = IterativeImputer(random_state=0)
ages[["a", "b"]] = imputer.fit_transform(ages[["a", "b"]])
# %%
print(ages.isna().sum().sum(), imputer.n_features_in_)
"""


def test_what_is_experimental_is_enabled_wherever_its_name_stands(tmp_path: Path) -> None:
    (tmp_path / "notebook.py").write_text(EXPERIMENTAL, encoding="utf-8")
    convert(tmp_path / "notebook.py", tmp_path / "made", name="made_case")
    named = [
        path.read_text("utf-8")
        for path in (tmp_path / "made" / "src" / "made_case").glob("*.py")
        if "import IterativeImputer" in path.read_text("utf-8")
    ]
    assert len(named) > 1
    assert all("import enable_iterative_imputer" in text for text in named)
    ran = python(["-m", "made_case", "run"], tmp_path / "made", {"PYTHONPATH": "src"})
    assert ran.returncode == 0, ran.stderr
    assert "0 2\n" in ran.stdout
