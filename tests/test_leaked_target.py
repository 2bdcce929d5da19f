"""A model that is given the target itself: the record has to have it, and the reader is told."""

from pathlib import Path

import pytest

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
        ("X = df[['visits']]", False),
        ("X = df.iloc[:, :-1]", False),
        ("X = load_iris().data", False),
    ],
)
def test_it_is_said_where_the_target_is_an_input(inputs: str, given: bool, tmp_path: Path) -> None:
    (tmp_path / "notebook.py").write_text(NOTEBOOK.format(inputs=inputs), encoding="utf-8")
    done = convert(tmp_path / "notebook.py", tmp_path / "made", name="made_case")
    told = [finding.code for finding in done.findings if finding.code == "CH012"]
    assert told == (["CH012"] if given else [])
    pipeline = (tmp_path / "made" / "src" / "made_case" / "pipeline.py").read_text()
    assert ("target=None" in pipeline) is given or "iris" in inputs
