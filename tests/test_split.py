"""The one-row oracle: a record alone becomes the row that it was among all others.

Each case of ``operators.toml``, ``columns.toml``, ``rows.toml``, ``set.toml`` and ``whole.toml``
is a notebook of its own. The notebook and the package made of it are both run; where the way of a
record stops, the reason is the one given.
"""

import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from support.folders import ROOT
from support.oracle import problems_of
from support.process import python
from support.serving_oracle import NUMBERED

from chasm import convert
from chasm.api import Conversion

FOLDER = ROOT / "tests" / "cases" / "split"
CASES: list[dict[str, Any]] = [
    case
    for name in ("operators.toml", "columns.toml", "rows.toml", "set.toml", "whole.toml")
    for case in tomllib.loads((FOLDER / name).read_text())["case"]
]
HEAD = """\
# %%
import numpy as np
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import LabelEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier
# %%
df = pd.read_csv('people.csv')
# %%
"""
CHOICE = """
# %%
X = df[{inputs}]
y = df['left']
"""
TAIL = """
# %%
model = DecisionTreeClassifier(random_state=0)
model.fit(X, y)
print(model.score(X, y))
"""
EACH = pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"].replace(" ", "-"))


def slug(case: dict[str, Any]) -> str:
    return re.sub(r"\W+", "_", case["name"])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Conversion]:
    """The packages of all cases, each in a folder with its notebook and the data."""
    parent = tmp_path_factory.mktemp("operators")
    found = {}
    for case in CASES:
        folder = parent / slug(case)
        shutil.copytree(FOLDER, folder)
        choice = CHOICE.format(inputs=case["inputs"]) if "inputs" in case else ""
        text = HEAD + case["code"].strip() + choice + TAIL
        (folder / "notebook.py").write_text(text)
        if case.get("numbered"):
            (folder / NUMBERED).touch()
        found[case["name"]] = convert(
            folder / "notebook.py", folder / "made", name=f"case_{slug(case)}".lower()
        )
    return found


@pytest.fixture(scope="module")
def problems(made: dict[str, Conversion]) -> dict[str, str]:
    """What went wrong with each package when it was asked for single records."""
    return problems_of("serving_oracle", {name: done.folder for name, done in made.items()})


@EACH
def test_a_record_alone_becomes_its_row(
    case: dict[str, Any], made: dict[str, Conversion], problems: dict[str, str]
) -> None:
    stops = [f.message for f in made[case["name"]].findings if f.code == "CH010"]
    if "stops" in case:
        assert any(case["stops"] in message for message in stops), stops
    else:
        assert stops == []
        assert problems[case["name"]] == ""


def test_who_has_more_than_anybody_had_is_in_the_last_bin(made: dict[str, Conversion]) -> None:
    code = (
        "import pandas as pd; from case_quantile_bins import features;"
        "df = pd.DataFrame({'income': [-5.0, 2.5, 99.0]});"
        "from case_quantile_bins.config import Config;"
        "step = features.add_group(df, [0, 1, 2, 3, 4], Config().features);"
        "print(list(step['group']))"
    )
    done = python(["-c", code], made["quantile bins"].folder, {"PYTHONPATH": "src"})
    assert (done.returncode, done.stdout.strip()) == (0, "[0.0, 2.0, 3.0]"), done.stderr


def test_what_is_learned_is_no_part_of_a_step(made: dict[str, Conversion]) -> None:
    """What looks at all rows stands in ``fit``; no step that a record goes through has it."""
    for name in ("z-score by hand", "one label encoder for several columns"):
        (features,) = made[name].folder.glob("src/*/features.py")
        steps, _, transformer = features.read_text().partition("\nclass ")
        for word in ("fit(", ".mean()", ".std()"):
            assert word not in steps
        assert "self." in transformer


def test_how_dates_are_written_is_no_leak(tmp_path: Path) -> None:
    """It is learned of all rows, and tells nothing of those that are held out."""
    shutil.copytree(FOLDER, tmp_path / "case")
    code = (
        "from sklearn.model_selection import train_test_split\n"
        "df['since'] = '2020-0' + (df['visits'] % 9 + 1).astype(str) + '-01'\n"
        "df['month'] = pd.to_datetime(df['since']).dt.month\n"
        "X, X_test, y, y_test = train_test_split(df[['month']], df['left'], random_state=0)\n"
        "model = DecisionTreeClassifier(random_state=0)\nmodel.fit(X, y)\n"
        "print(model.score(X_test, y_test))\n"
    )
    (tmp_path / "case" / "notebook.py").write_text(HEAD + code)
    made = convert(tmp_path / "case" / "notebook.py", tmp_path / "made", name="dated")
    assert [f for f in made.findings if f.code in ("CH010", "CH011")] == []
    (features,) = made.folder.glob("src/*/features.py")
    assert "guess_datetime_format" in features.read_text().partition("\nclass ")[2]


@pytest.mark.parametrize(
    ("told", "used", "leaks"),
    [("print(col, df[col].mean())", "0", 0), ("found.append(df[col].mean())", "found[0]", 1)],
)
def test_what_a_loop_only_tells_is_no_leak(
    told: str, used: str, leaks: int, tmp_path: Path
) -> None:
    shutil.copytree(FOLDER, tmp_path / "case")
    code = (
        "from sklearn.model_selection import train_test_split\nfound = []\n"
        f"for col in ['income', 'visits']:\n    {told}\n    df[col] = df[col] + 1\n"
        f"df['less'] = df['income'] - {used}\n"
        "X, X_test, y, y_test = train_test_split(df[['less']], df['left'], random_state=0)\n"
        "model = DecisionTreeClassifier(random_state=0)\nmodel.fit(X, y)\n"
        "print(model.score(X_test, y_test))\n"
    )
    (tmp_path / "case" / "notebook.py").write_text(HEAD + code)
    made = convert(tmp_path / "case" / "notebook.py", tmp_path / "made", name="told")
    assert len([f for f in made.findings if f.code == "CH011"]) == leaks
    assert [f for f in made.findings if f.code == "CH010"] == []
