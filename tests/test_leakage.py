"""``--fix leakage``: what a package then learns is what one learns by hand of the training rows.

Each case of ``cases/leakage/cases.toml`` is a notebook. The package that is made of it is run,
and has learned of all rows exactly where the conversion says so.
"""

import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from support.command import chasm_, error_line
from support.folders import ROOT
from support.oracle import problems_of

from chasm import convert
from chasm.api import Conversion
from chasm.emit import emit_project
from chasm.errors import InputError
from chasm.making import planned
from chasm.plan.leakage.telling import with_metrics

FOLDER = ROOT / "tests" / "cases" / "leakage"
CASES: list[dict[str, Any]] = tomllib.loads((FOLDER / "cases.toml").read_text())["case"]
HEAD = """\
# %%
import pandas as pd
from sklearn.feature_selection import SelectKBest
from sklearn.preprocessing import LabelEncoder, StandardScaler
{import_}
# %%
df = pd.read_csv('people.csv')
# %%
"""
IMPORT = "from sklearn.model_selection import train_test_split"
SPLIT = "train_test_split(X, y, test_size=0.3, random_state=1)"
TAIL = """
# %%
from sklearn.tree import DecisionTreeClassifier
from sklearn.metrics import accuracy_score
{import_}
X_train, X_test, y_train, y_test = {split}
model = DecisionTreeClassifier(random_state=0)
model.fit(X_train, y_train)
accuracy = accuracy_score(y_test, model.predict(X_test))
print(accuracy)
"""
HAND = """\
import pandas as pd
from sklearn.feature_selection import SelectKBest
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier
def divided(rows):
    return train_test_split(rows, test_size=0.3, random_state=1)
raw = pd.read_csv('people.csv')
"""
EACH = pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"].replace(" ", "-"))


def notebook_of(case: dict[str, Any]) -> str:
    """The notebook; it imports what divides the rows where it does so first."""
    early = "train_test_split" in case["code"]
    head = HEAD.format(import_=IMPORT if early else "")
    tail = TAIL.format(import_="" if early else IMPORT, split=case.get("split", SPLIT))
    return f"{head.replace(chr(10) * 2, chr(10))}{case['code'].strip()}{tail}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Conversion]:
    """The mended packages of all cases, each in a folder with its notebook and the data."""
    parent = tmp_path_factory.mktemp("leakage")
    found = {}
    for case in CASES:
        slug = re.sub(r"\W+", "_", case["name"])[:40].strip("_").lower()
        folder = parent / slug
        shutil.copytree(FOLDER, folder)
        (folder / "notebook.py").write_text(notebook_of(case))
        (folder / "hand.py").write_text(HAND + case["hand"])
        found[case["name"]] = convert(
            folder / "notebook.py", folder / "made", name=f"case_{slug}", fix="leakage"
        )
    return found


@pytest.fixture(scope="module")
def problems(made: dict[str, Conversion]) -> dict[str, str]:
    """What each package has not learned as it was computed by hand."""
    return problems_of("leakage_oracle", {name: done.folder for name, done in made.items()})


@EACH
def test_it_learns_what_one_learns_by_hand_of_the_training_rows(
    case: dict[str, Any], problems: dict[str, str]
) -> None:
    assert problems[case["name"]] == ""


@EACH
def test_each_leak_is_told_as_mended_or_with_the_reason_why_not(
    case: dict[str, Any], made: dict[str, Conversion]
) -> None:
    findings = made[case["name"]].findings
    told = [f.line for f in findings if f.code == "CH013" and f.line is not None]
    kept = {f.line: f.message for f in findings if f.code == "CH011"}
    assert sorted(told) == case["mended"], (told, kept)
    reasons = {int(line): reason for line, reason in case.get("kept", {}).items()}
    assert kept.keys() == reasons.keys()
    for line, reason in reasons.items():
        assert reason in kept[line]
    readme = (made[case["name"]].folder / "README.md").read_text()
    for line in (*told, *reasons):
        statement = case["code"].strip().splitlines()[line - 1]
        assert f"- **Cell 3**, line {line}: `{statement}`" in readme


def mended(folder: Path, code: str, split: str = SPLIT) -> Conversion:
    case = {"code": code, "split": split}
    shutil.copy(FOLDER / "people.csv", folder)
    (folder / "notebook.py").write_text(notebook_of(case))
    return convert(folder / "notebook.py", folder / "made", name="made_case", fix="leakage")


FILLS = "df['age'] = df['age'].fillna(df['age'].mean())\nX, y = df[['age', 'visits']], df['left']\n"


def test_rows_that_are_drawn_without_a_seed_are_drawn_once(tmp_path: Path) -> None:
    mended(tmp_path, FILLS, "train_test_split(X, y, test_size=0.3)")
    source = tmp_path / "made" / "src" / "made_case"
    assert "split_rows" not in (source / "features.py").read_text()
    assert (source / "pipeline.py").read_text().count("split_rows(") == 1
    code = [path.read_text() for path in source.glob("*.py")]
    assert sum(text.count("train_test_split(") for text in code) == 1


@pytest.mark.parametrize(
    ("code", "split", "told"),
    [
        (
            "X, y = df[['visits']], df['left']",
            SPLIT,
            "nothing is learned before the rows are split",
        ),
        (FILLS, "X, X, y, y", "no split holds out rows"),
        (
            "df['age'] = df['age'].fillna(df['age'].mean())\n"
            "df['visits'] = df['visits'].shift(1).fillna(0)\n"
            "X, y = df[['age', 'visits']], df['left']",
            SPLIT,
            "what was learned before was not looked at",
        ),
    ],
)
def test_it_is_said_where_nothing_is_mended(
    code: str, split: str, told: str, tmp_path: Path
) -> None:
    done = mended(tmp_path, code, split)
    assert any(told in finding.message for finding in done.findings)
    readme = " ".join((tmp_path / "made" / "README.md").read_text().split())
    assert "## Leakage" in readme
    assert "divided first" not in readme


def test_a_notebook_without_a_model_has_nothing_to_mend(tmp_path: Path) -> None:
    (tmp_path / "notebook.py").write_text("# %%\nprint(1)\n")
    done = convert(tmp_path / "notebook.py", tmp_path / "made", fix="leakage")
    assert [f.message for f in done.findings] == [
        "no leak was mended: no model of the notebook is served"
    ]


def test_without_the_word_a_leak_is_told_and_stays(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "people.csv", tmp_path)
    (tmp_path / "notebook.py").write_text(notebook_of({"code": FILLS}))
    done = convert(tmp_path / "notebook.py", tmp_path / "made", name="made_case")
    assert [(f.code, f.line) for f in done.findings] == [("CH011", 1)]
    features = (tmp_path / "made" / "src" / "made_case" / "features.py").read_text()
    assert 'df["age"].mean()' in features
    assert "## Leakage" not in (tmp_path / "made" / "README.md").read_text()


def test_a_scaler_that_all_inputs_go_through_is_told_too(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "people.csv", tmp_path)
    (tmp_path / "notebook.py").write_text(notebook_of(CASES[0]))
    done = convert(tmp_path / "notebook.py", tmp_path / "made", name="made_case")
    assert [(f.code, f.line) for f in done.findings] == [("CH011", 4)]


TWO_MODELS = """\
# %%
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
df = pd.read_csv("people.csv")
X, y = df[["visits", "age"]], df["left"]
# %%
scaled = StandardScaler().fit_transform(X)
S_train, S_test, y_train, y_test = train_test_split(scaled, y, random_state=0)
first = LogisticRegression().fit(S_train, y_train)
print(first.score(S_test, y_test))
# %%
names = X.columns.tolist()
X = X[names[::-1]]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
last = LogisticRegression().fit(X_train, y_train)
print(last.score(X_test, y_test))
"""


def test_a_leak_of_a_model_that_is_not_served_is_told_and_names_of_columns_are_none(
    tmp_path: Path,
) -> None:
    (tmp_path / "notebook.py").write_text(TWO_MODELS)
    done = convert(tmp_path / "notebook.py", tmp_path / "made", name="made_case")
    assert [(f.code, f.cell, f.line) for f in done.findings] == [("CH301", 2, 1)]


def test_another_word_is_a_wrong_call(tmp_path: Path) -> None:
    (tmp_path / "notebook.py").write_text("# %%\nprint(1)\n")
    done = chasm_("convert", str(tmp_path / "notebook.py"), "--fix", "typos")
    assert "--fix 'typos'" in error_line(done)
    with pytest.raises(InputError):
        convert(tmp_path / "notebook.py", tmp_path / "made", fix="typos")
    assert not (tmp_path / "made").exists()


def test_metrics_of_both_runs_stand_side_by_side(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "people.csv", tmp_path)
    (tmp_path / "notebook.py").write_text(notebook_of({"code": FILLS}))
    _, plan = planned(tmp_path / "notebook.py", "made_case", fix="leakage")
    told = with_metrics(plan, {"accuracy": 0.9}, {"accuracy": 0.75})
    readme = emit_project(told).files["README.md"]
    assert "| `accuracy` | 0.9 | 0.75 |" in readme
