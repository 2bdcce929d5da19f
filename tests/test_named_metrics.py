"""Metrics that a notebook only prints or shows are kept with the served model."""

from pathlib import Path

import pytest

from chasm import convert

HEAD = """\
# %%
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
df = pd.read_csv("people.csv")
X, y = df[["visits"]], df["left"]
model = LogisticRegression().fit(X, y)
y_pred = model.predict(X)
# %%
"""

CASES = {
    "accuracy": 'print("Accuracy:", accuracy_score(y, y_pred))',
    "f1": """print(f"{{f1}} {f1_score(y, y_pred, pos_label='yes') * 100:.{2}f} %")""",
    "model_score": "model.score(X, y)",
    "cross_val_mean": "from sklearn.model_selection import cross_val_score\n"
    "cross_val_score(LogisticRegression(), X, y, cv=3).mean()",
}


@pytest.mark.parametrize("name", CASES)
def test_it_has_a_name_and_the_print_says_that(name: str, tmp_path: Path) -> None:
    (tmp_path / "notebook.py").write_text(HEAD + CASES[name] + "\n", encoding="utf-8")
    convert(tmp_path / "notebook.py", tmp_path / "made", name="made_case")
    package = tmp_path / "made" / "src" / "made_case"
    assert f'"{name}": {name},' in (package / "pipeline.py").read_text(encoding="utf-8")
    report = (package / "report.py").read_text(encoding="utf-8")
    assert "score(y" not in report
    assert "score(X" not in report
    assert name in report


SCORES = """\
X_train, X_test, y_train, y_test = X[:9], X[9:], y[:9], y[9:]
tree = LogisticRegression().fit(X_train, y_train)
print(model.score(X_train, y_train))
print(model.score(X_test, y_test))
print(tree.score(X_test, y_test))
X_constrained = X[X.visits < 3]
print(tree.score(X_constrained, y[X.visits < 3]))
"""


def test_the_scores_of_a_model_are_told_apart_by_their_rows(tmp_path: Path) -> None:
    (tmp_path / "notebook.py").write_text(HEAD + SCORES, encoding="utf-8")
    convert(tmp_path / "notebook.py", tmp_path / "made", name="made_case")
    text = (tmp_path / "made" / "src" / "made_case" / "report.py").read_text(encoding="utf-8")
    assert all(name in text for name in ("model_train_score", "model_test_score", "tree_score"))
    assert "tree_train_score" not in text


def test_what_is_computed_again_and_again_stays(tmp_path: Path) -> None:
    code = "print([accuracy_score(y, y_pred) for _ in range(3)])\n"
    (tmp_path / "notebook.py").write_text(HEAD + code, encoding="utf-8")
    convert(tmp_path / "notebook.py", tmp_path / "made", name="made_case")
    package = tmp_path / "made" / "src" / "made_case"
    assert "accuracy_score(y, y_pred) for _ in range(3)" in (package / "report.py").read_text()
