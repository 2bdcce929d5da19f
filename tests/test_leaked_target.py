"""A model that is given the target itself: the record has to have it, and the reader is told."""

import ast
from pathlib import Path

import pytest
from support.process import python

from chasm import convert

NOTEBOOK = """\
# %%
import pandas as pd
from sklearn.datasets import load_iris
from sklearn.tree import DecisionTreeClassifier
df = pd.read_csv("people.csv")
y = df["left"]
X = df.drop(["left"], axis=1)
{inputs}
model = DecisionTreeClassifier().fit(X, y)
print(model.score(X, y))
"""


@pytest.mark.parametrize(
    ("inputs", "given"),
    [
        ("X = df.drop(['id'], axis=1)", True),
        ("X = X.drop(['id'], axis=1)", False),
        ("X = df.fillna(0)", True),
        ("X = df.loc[df['plan'] == 'basic'].drop('id', axis=1)", True),
        ("X = df[~df['plan'].isin(['none']) & (df['visits'] > 1)]", True),
        ("X = df.copy()\nfor c in ['visits']:\n    X[c] = X[c] + 1", True),
        ("X = df\nfor c in ['visits']:\n    df[c] = df[c] + 1", True),
        ("X = df\nfor c in ['left']:\n    del df[c]", False),
        ("y = df.pop('left')\nX = df", False),
        ("X = df.loc[df['visits'] > 1, 'visits']", False),
        ("X = df[['visits']]", False),
        ("X = df.iloc[:, :-1]", False),
        ("X = load_iris().data", False),
        ("X = X.join(pd.read_csv('more.csv'))", False),
        ("some = ['visits', 'id']\nX = df[some]\nX = X.join(pd.read_csv('more.csv'))", False),
        (
            "both = [df[['visits']], y]\nX = pd.concat(both, axis=1)\n"
            "X = X.join(pd.read_csv('more.csv'))",
            True,
        ),
        ("df = df.join(pd.read_csv('more.csv'))\nX = df", True),
        ("while X.shape[1] > 2:\n    X = X.drop(columns=X.corrwith(y).idxmin())", False),
        ("while df.shape[1] > 2:\n    df = df.drop(columns=df.corrwith(y).idxmin())\nX = df", True),
        ("other = pd.DataFrame({'n': range(len(df))})\nX = pd.concat([X, other], axis=1)", False),
    ],
)
def test_it_is_said_where_the_target_is_an_input(inputs: str, given: bool, tmp_path: Path) -> None:
    (tmp_path / "notebook.py").write_text(NOTEBOOK.format(inputs=inputs), encoding="utf-8")
    done = convert(tmp_path / "notebook.py", tmp_path / "made", name="made_case")
    told = [finding.code for finding in done.findings if finding.code == "CH012"]
    assert told == (["CH012"] if given else [])
    pipeline = (tmp_path / "made" / "src" / "made_case" / "pipeline.py").read_text()
    assert ("target=None" in pipeline) is given or "iris" in inputs


FOUND_BY_ASKING = """\
# %%
import pandas as pd
from sklearn.tree import DecisionTreeClassifier
df = pd.read_csv("people.csv")
X = df[[c for c in df.columns{some}]]
y = df["left"]
model = DecisionTreeClassifier(random_state=0).fit(X, y)
print(model.score(X, y))
"""


@pytest.mark.parametrize(("some", "role"), [("", "input"), (" if c != 'left'", "target")])
def test_training_finds_a_target_that_the_code_hides(some: str, role: str, tmp_path: Path) -> None:
    (tmp_path / "notebook.py").write_text(FOUND_BY_ASKING.format(some=some))
    made = convert(tmp_path / "notebook.py", tmp_path / "made", name="made")
    rows = [f"{20 + n},{n % 7},{n % 2}" for n in range(40)]
    (tmp_path / "people.csv").write_text("\n".join(["age,visits,left", *rows]) + "\n")
    code = (
        "from made import config, inputs, pipeline; made = pipeline.train(config.Config());"
        "print({c.key: c.role for c in inputs.columns_of(made)})"
    )
    done = python(["-c", code], made.folder, {"PYTHONPATH": "src"})
    assert done.returncode == 0, done.stderr
    assert ast.literal_eval(done.stdout.splitlines()[-1])["left"] == role
