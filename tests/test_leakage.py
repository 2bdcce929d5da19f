"""``--fix leakage``: what a package then learns is what one learns by hand of the training rows.

Each case of ``cases/leakage/cases.toml`` is a notebook. The package that is made of it is run,
and has learned of all rows exactly where the conversion says so.
"""

import json
import re
import shutil
import tomllib
from typing import Any

import pytest
from support.folders import ROOT
from support.process import python

from chasm import convert
from chasm.api import Conversion

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
    return head.replace("\n\n", "\n") + case["code"].strip() + tail


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
    folders = {name: str(done.folder.parent) for name, done in made.items()}
    program = ROOT / "tests" / "support" / "leakage_oracle.py"
    done = python([program, *folders.values()], ROOT, timeout=600)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    return {name: found[folder] for name, folder in folders.items()}


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
