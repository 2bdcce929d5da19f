"""Which last values of cells are results that the report shows, and which only looks at data."""

from pathlib import Path

import pytest
from support.stages import make

NOTEBOOK = """\
# %%
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
people = pd.read_csv("people.csv")
model = LogisticRegression().fit(people[["age", "pay"]], people["left"])
chances = model.predict_proba(people[["age", "pay"]])
more = pd.read_csv("more.csv")
# %%
{cell}
"""


def report_of(cell: str, tmp_path: Path) -> str:
    """The module that shows what the cell showed; nothing where it shows nothing."""
    files = make(NOTEBOOK.format(cell=cell), tmp_path).files
    return next((text for path, text in files.items() if path.endswith("/report.py")), "")


@pytest.mark.parametrize(
    "cell",
    [
        "chances",
        "chances[:, 1]",
        "people.groupby('town')['age'].mean()",
        "more['chance'] = model.predict_proba(more[['age', 'pay']])[:, 1]\nmore[['chance']]",
        "more['chance'] = chances[:, 1]\nmore[['name', 'chance']]",
        "more['chance'] = chances[:, 1]\nother = more\nother.sort_values('chance')",
        "more['group'] = KMeans(3).fit_predict(more[['age', 'pay']])\nmore[more['group'] == 1]",
        "both = pd.DataFrame({'a': chances[:, 1]})\nboth['b'] = chances[:, 0]\nboth",
        "more['chance'] = chances[:, 1]\nmore.sort_values('chance').head()",
        "people.groupby('town')[['age']].mean().style.format('{:.1f}')",
        "towns = pd.crosstab(people.town, people.left)\ntowns.style.highlight_max()",
    ],
)
def test_what_a_model_answers_and_what_is_counted_is_shown(cell: str, tmp_path: Path) -> None:
    assert "output.table(" in report_of(cell, tmp_path)


@pytest.mark.parametrize(
    "cell",
    [
        "people",
        "people.head()",
        "chances[:5]",
        "more['pay'] = more['pay'].fillna(0)\nmore",
        "more['chance'] = chances[:, 1]\nmore.head()",
        "more['chance'] = chances[:, 1]\nmore",
        "more['chance'] = chances[:, 1]\npeople",
        "people.sort_values('age')",
        "people.style.hide(axis='index')",
        "people.head().style.format({'pay': '{:.2f}'})",
    ],
)
def test_a_look_at_data_is_left_out(cell: str, tmp_path: Path) -> None:
    assert "output.table(" not in report_of(cell, tmp_path)


BETWEEN = """\
model.fit(people[["age", "pay"]], people["left"])
model.predict(people.iloc[0, 1:3].values.reshape(1, 2))
# %%
people.iloc[0, 1] = 23
# %%
model.fit(people[["age", "pay"]], people["left"])
model.predict(people.iloc[1, 1:3].values.reshape(1, 2))
# %%
people.iloc[1, 1] = 24
people.to_csv("out.csv")
"""


def test_a_prediction_that_is_shown_before_its_table_changes_is_kept(tmp_path: Path) -> None:
    made = make(NOTEBOOK.format(cell=BETWEEN), tmp_path)
    text = "".join(made.module_texts().values())
    assert text.count("model.predict(people.iloc[") == 2
