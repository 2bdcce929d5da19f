"""A notebook that reads what it wrote: the package does as well, and keeps the author's file."""

import zipfile
from pathlib import Path

import pytest
from support.process import python

from chasm import convert

OVERWRITES = """\
# %%
import pandas as pd
people = pd.read_csv("people.csv")
people["age"] = people["age"].fillna(people["age"].mean())
people.to_csv("people.csv", index=False)
# %%
again = pd.read_csv("people.csv")
print(again["age"].mean())
"""
LOADS = """\
# %%
import pickle
import pandas as pd
from sklearn.linear_model import LinearRegression
people = pd.read_csv("people.csv").dropna()
model = LinearRegression().fit(people[["age"]], people["paid"])
filename = "model.sav"
pickle.dump(model, open(filename, "wb"))
# %%
loaded = pickle.load(open("model.sav", "rb"))
print(loaded.predict([[30]]))
"""
PEOPLE = "age,paid\n" + "20,1\n30,2\n40,2\n50,4\n" * 5 + ",2\n"


@pytest.mark.parametrize("code", [OVERWRITES, LOADS], ids=["overwritten", "loaded"])
def test_the_package_runs_and_passes_its_tests(code: str, tmp_path: Path) -> None:
    (tmp_path / "notebook.py").write_text(code, encoding="utf-8")
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    folder = convert(tmp_path / "notebook.py", tmp_path / "made", name="people").folder
    run = python(["-m", "people", "run"], folder, {"PYTHONPATH": "src"})
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "people.csv").read_text(encoding="utf-8") == PEOPLE
    tests = python(["-m", "pytest", "-q", "-p", "no:cacheprovider"], folder)
    assert tests.returncode == 0, tests.stdout


UNPACKS = """\
# %%
import zipfile
import pandas as pd
with zipfile.ZipFile("packed.zip") as packed:
    packed.extractall("there")
# %%
people = pd.read_csv("there/people.csv")
print(people["age"].mean())
"""


def test_what_an_archive_holds_is_read_where_the_package_unpacks_it(tmp_path: Path) -> None:
    (tmp_path / "notebook.py").write_text(UNPACKS, encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as packed:
        packed.writestr("people.csv", PEOPLE)
    folder = convert(tmp_path / "notebook.py", tmp_path / "made", name="people").folder
    tests = python(["-m", "pytest", "-q", "-p", "no:cacheprovider"], folder)
    assert tests.returncode == 0, tests.stdout
    run = python(["-m", "people", "run"], folder, {"PYTHONPATH": "src"})
    assert run.returncode == 0, run.stderr
    assert (folder / "there" / "people.csv").exists()
    assert not (tmp_path / "there").exists()


PRINTED = """\
# %%
import pandas as pd


def load(path):
    table = pd.DataFrame()
    try:
        table = pd.read_csv(path)
    except FileNotFoundError:
        print(f"no file {path}")
    return table


# %%
print(load("towns.csv").shape)
"""


def test_a_path_that_is_only_told_where_it_fails_is_a_setting(tmp_path: Path) -> None:
    (tmp_path / "told.py").write_text(PRINTED, encoding="utf-8")
    (tmp_path / "towns.csv").write_text("town,rain\nOslo,3\n", encoding="utf-8")
    convert(tmp_path / "told.py", tmp_path / "deep" / "made", name="told_made")
    package = python(["-m", "told_made", "run"], tmp_path / "deep" / "made", {"PYTHONPATH": "src"})
    assert package.returncode == 0, package.stderr
    assert package.stdout == "(1, 2)\n"
