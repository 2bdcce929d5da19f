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
from support.process import python

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


COUNTED = """\
# %%
import pandas as pd
from sklearn.tree import DecisionTreeClassifier
# %%
df = pd.read_csv('people.csv')
df['holes'] = df.isnull().sum(axis=1)
# %%
X = df[['age', 'holes']]
y = df['left']
model = DecisionTreeClassifier(random_state=0).fit(X, y)
print(model.score(X, y))
"""


def test_what_is_missing_counts_where_rows_are_counted_across(tmp_path: Path) -> None:
    """The target is there, as it was in training; so are columns that seldom lack a value."""
    (tmp_path / "notebook.py").write_text(COUNTED)
    made = convert(tmp_path / "notebook.py", tmp_path / "made", name="made")
    rows = [f"{20 + n},{'' if n == 30 else n},{n % 2}" for n in range(40)]
    (tmp_path / "people.csv").write_text("\n".join(["age,late,left", *rows]) + "\n")
    code = (
        "from made import config, inputs, pipeline; made = pipeline.train(config.Config());"
        "print({c.key: (c.role, c.filler) for c in inputs.columns_of(made)})"
    )
    done = python(["-c", code], made.folder, {"PYTHONPATH": "src"})
    assert done.returncode == 0, done.stderr
    found = ast.literal_eval(done.stdout.splitlines()[-1])
    assert found == {"age": ("input", None), "late": ("input", None), "left": ("target", 0)}


def unused_of(schema: Path) -> tuple[str, ...]:
    """The columns that the package's schema lists as unused."""
    for node in ast.parse(schema.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "UNUSED":
            assert node.value is not None
            return tuple(ast.literal_eval(node.value))
    raise AssertionError("the schema lists no unused columns")
