"""What a package lets a record do without is what no prediction depends on.

Each case of ``cases/split/unused.toml`` is a notebook of its own.
"""

import ast
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from support.folders import ROOT

from chasm import convert

FOLDER = ROOT / "tests" / "cases" / "split"
CASES: list[dict[str, Any]] = tomllib.loads((FOLDER / "unused.toml").read_text())["case"]
NOTEBOOK = """\
# %%
import pandas as pd
from sklearn.tree import DecisionTreeClassifier
# %%
df = pd.read_csv('people.csv')
# %%
{code}
df = df.drop(columns={dropped})
# %%
X = df.select_dtypes('number').drop(columns=['id'])
y = df['left']
# %%
model = DecisionTreeClassifier(random_state=0)
model.fit(X, y)
print(model.score(X, y))
"""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"].replace(" ", "-"))
def test_only_what_nothing_reads_may_be_missing(case: dict[str, Any], tmp_path: Path) -> None:
    shutil.copy(FOLDER / "people.csv", tmp_path)
    notebook = tmp_path / "notebook.py"
    notebook.write_text(NOTEBOOK.format(code=case["code"].strip(), dropped=case["dropped"]))
    made = convert(notebook, tmp_path / "made", name="made")
    unused = unused_of(made.folder / "src" / "made" / "schema.py")
    assert [name for name in unused if name in case["dropped"]] == case["unused"]


def unused_of(schema: Path) -> tuple[str, ...]:
    """The columns that the package's schema lists as unused."""
    for node in ast.parse(schema.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "UNUSED":
            assert node.value is not None
            return tuple(ast.literal_eval(node.value))
    raise AssertionError("the schema lists no unused columns")
