"""Which model of a notebook is served."""

from pathlib import Path

import pytest

from chasm.analyse import analyse, imported_roots
from chasm.analyse.statements import Tree
from chasm.plan import make_plan
from chasm.read import read_notebook
from chasm.rulebook import load_rulebook

HEAD = """\
# %%
import pandas as pd
import statsmodels.api as sm
from statsmodels.formula.api import ols
from sklearn.linear_model import LinearRegression
from sklearn.cluster import DBSCAN
df = pd.read_csv("houses.csv")
X = sm.add_constant(df[["rooms"]])
# %%
"""
CASES = {
    "what a model that was told its data gives when it is fitted": (
        "model = sm.OLS(df['price'], X)\nfitted = model.fit()",
        "fitted",
    ),
    "a model that knows its own records alone is passed over": (
        "first = ols('price ~ rooms', data=df).fit()\n"
        "second = sm.RecursiveLS(df['price'], X)\nlast = second.fit()",
        "first",
    ),
    "the last one that is asked": (
        "first = LinearRegression().fit(X, df['price'])\n"
        "second = LinearRegression().fit(X, df['price'])\nprint(first.predict(X))",
        "first",
    ),
    "clusters that take no other records": ("groups = DBSCAN().fit(X)", None),
}


@pytest.mark.parametrize(("code", "name"), CASES.values(), ids=CASES)
def test_it_is_the_one_that_can_answer(code: str, name: str | None, tmp_path: Path) -> None:
    place = tmp_path / "notebook.py"
    place.write_text(HEAD + code + "\n", encoding="utf-8")
    notebook = read_notebook(place)
    book = load_rulebook(imported_roots(notebook))
    trees: list[Tree] = []
    facts = analyse(notebook, book, trees)
    serving = make_plan(facts, book, "package", trees).serving
    assert (serving.model if serving is not None else None) == name
