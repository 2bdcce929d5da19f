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


def test_what_is_computed_again_and_again_stays(tmp_path: Path) -> None:
    code = "print([accuracy_score(y, y_pred) for _ in range(3)])\n"
    (tmp_path / "notebook.py").write_text(HEAD + code, encoding="utf-8")
    convert(tmp_path / "notebook.py", tmp_path / "made", name="made_case")
    package = tmp_path / "made" / "src" / "made_case"
    assert "accuracy_score(y, y_pred) for _ in range(3)" in (package / "report.py").read_text()
