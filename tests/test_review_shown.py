"""How ``chasm review`` words what changed: commands, lines of a block, pieces of a statement."""

import re
from pathlib import Path

import pytest
from support.command import chasm_, write
from support.history import commit, git, repository

import chasm
from chasm.review.model import How, Part, Review

pytestmark = pytest.mark.usefixtures("own_folder")

LOAD = "import pandas as pd\ndf = pd.read_csv('a.csv')"
MODEL = (
    "from sklearn.linear_model import LinearRegression\n"
    "x = df.drop(columns=['y'])\nmodel = LinearRegression().fit(x, df['y'])\n"
    "print(model.predict(x))"
)


def reviewed(old: str, new: str) -> Review:
    write("old.ipynb", LOAD, old)
    write("new.ipynb", LOAD, new)
    return chasm.review("old.ipynb", "new.ipynb")


def lines(old: str, new: str) -> list[str]:
    """What the terminal shows of a change from ``old`` to ``new``."""
    write("old.ipynb", LOAD, old)
    write("new.ipynb", LOAD, new)
    shown = chasm_("review", "old.ipynb", "new.ipynb").stdout.splitlines()
    return [line.strip() for line in shown if line.startswith("  ")]


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("!wget https://x.example/1.csv", "!wget https://x.example/2.csv", Part.INPUT),
        ("!pip install a==1", "!pip install a==2", Part.COMMAND),
        ("%pip install a==1", "%pip install a==2", Part.COMMAND),
        ("%run one.py", "%run two.py", Part.COMMAND),
        ("!./prepare 1", "!./prepare 2", Part.COMMAND),
        ("!ls 1", "!ls 2", Part.REPORT),
        ("%matplotlib inline", "%matplotlib widget", Part.REPORT),
    ],
)
def test_a_command_that_is_another_is_told(old: str, new: str, part: Part) -> None:
    review = reviewed(old, new)
    (change,) = review.changes
    assert (change.part, change.how, change.old, change.new) == (part, How.CHANGED, old, new)
    assert review.texts == 0
    (change,) = reviewed("x = 1", f"x = 1\n{new}").changes
    assert (change.part, change.how, change.new_at and change.new_at.line) == (part, How.ADDED, 2)
    (change,) = reviewed(f"x = 1\n{old}", "x = 1").changes
    assert (change.part, change.how, change.old) == (part, How.REMOVED, old)


def test_a_command_that_moved_is_no_change() -> None:
    write("old.ipynb", "!wget https://x.example/1.csv", LOAD)
    write("new.ipynb", LOAD, "!wget https://x.example/1.csv")
    assert chasm.review("old.ipynb", "new.ipynb").changes == ()


def test_a_command_inside_a_block_is_shown_as_it_stands() -> None:
    block = "import os\nif not os.path.exists('a.csv'):\n    !wget https://x.example/{}.csv"
    assert lines(block.format(1), block.format(2)) == [
        "Input changed: !wget with https://x.example/1.csv -> https://x.example/2.csv "
        "(cell 2, line 3)"
    ]
    shown, *_ = (one for one in lines(block.format(1), "") if one.startswith("Report removed"))
    assert "!wget https://x.example/1.csv" in shown


def test_a_command_keeps_its_secrets() -> None:
    token = "ghp_" + "a1B2c3D4e5F6" * 3
    shown = lines("x = 1", f"x = 1\n!git clone https://{token}@github.example/o/r")
    assert any("!git clone" in line for line in shown)
    assert token not in "".join(shown)


def test_the_lines_of_a_function_that_changed_are_shown_as_deep_as_they_stand() -> None:
    before = [f"    rows['c{n}'] = rows['a{n}'] + {n}" for n in range(9)]
    inside = "    for n in range(3):\n        rows['d'] = n\n    rows['e'] = 1\n    return rows"
    old = "\n".join(["def f(rows):", *before, inside])
    new = old.replace("\n    rows['e']", "\n        rows['e']")
    assert lines(old, new)[:3] == [
        "Function changed: def f(rows): (cell 2, line 1)",
        "- rows['e'] = 1",
        "+     rows['e'] = 1",
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("t = [f(x) for i in range(200)]", "t = [f(x) for i in range(201)]", "t with 200 -> 201"),
        ("t = [f(x) for x in a if x > 1]", "t = [g(x) for x in b if x > 1]",
         "t [f(x) for x in a if x > 1] -> [g(x) for x in b if x > 1]"),
        ("d = df.ix[k, 'y']", "d = df.loc[j, 'y']", "d df.ix[k, 'y'] -> df.loc[j, 'y']"),
        ("t = df['a'] * 2\nu = t + 1\nprint(t.sum())", "s = df['a'] * 3\nu = s + 1\nprint(s.sum())",
         "s 2 -> 3"),
    ],
    ids=["iterated", "too-much", "indexed", "renamed"],
)  # fmt: skip
def test_the_piece_that_changed_is_told_by_itself(old: str, new: str, told: str) -> None:
    assert told in lines(old, new)[0]


def test_another_figure_under_another_name_is_no_change_of_the_first() -> None:
    names = "from sklearn.metrics import confusion_matrix, roc_curve\n"
    review = reviewed(
        f"{names}found = confusion_matrix(df.a, df.b)\nprint(found)",
        f"{names}fpr, tpr, cuts = roc_curve(df.a, df.b)\nprint(fpr)",
    )
    told = {one.how for one in review.changes if one.part is Part.EVALUATION}
    assert told == {How.ADDED, How.REMOVED}


@pytest.mark.parametrize(("file", "another"), [("../data/a.csv", False), ("../b.csv", True)])
def test_a_notebook_that_moved_names_its_file_otherwise(file: str, another: bool) -> None:
    repository(Path())
    more = [f"df['c{n}'] = df['d{n}'] * {n}" for n in range(9)]
    write("a.ipynb", LOAD.replace("a.csv", "data/a.csv"), *more, MODEL)
    commit(Path(), "one")
    Path("nb").mkdir()
    Path("a.ipynb").rename("nb/a.ipynb")
    write("nb/a.ipynb", LOAD.replace("a.csv", file), *more, MODEL)
    git(Path(), "add", "-A")
    shown = chasm_("review", "--base", "HEAD").stdout
    assert "nb/a.ipynb (was a.ipynb)" in shown
    assert ("another file" in shown) == another


def test_a_setting_that_has_another_name_is_told_once() -> None:
    upper = "q = df['a'].quantile(0.25)\nprint(df[df['a'] > q].mean())"
    (one,) = reviewed(upper, f"# Upper part of the rows\n{upper}").package.config
    assert (one.name, one.old, one.new) == ("", "print_quantile_and_mean.q", "upper_rows.q")
    shown = chasm_("review", "old.ipynb", "new.ipynb").stdout
    assert "  setting: print_quantile_and_mean.q -> upper_rows.q\n" in shown
    (one,) = reviewed(upper, upper.replace("0.25", "0.5")).package.config
    assert (one.name, one.old, one.new) == ("print_quantile_and_mean.q", "0.25", "0.5")


SALES = (
    "import numpy as np\nfrom sklearn.linear_model import LinearRegression\n"
    "from sklearn.model_selection import train_test_split\n"
    "X = df.drop(columns=['sold'])\n{}\na, b, c, d = train_test_split(X, y, random_state=1)\n"
    "model = LinearRegression().fit(a, c)\nprint(model.predict(b))"
)


@pytest.mark.parametrize(
    ("target", "breaks"),
    [
        ("y = np.log1p(df['sold'])", True),
        ("y = df['sold'] / 1000", True),
        ("y = df['sold'].apply(np.log)", True),
        ("df['sold'] = df['sold'] / 1000\ny = df['sold']", True),
        ("y = df.sold", False),
        ("y = df['sold'].astype(float).to_numpy()", False),
        ("df['more'] = df['sold'] / 1000\ny = df['sold']", False),
    ],
)
def test_predictions_on_another_scale_break_old_clients(target: str, breaks: bool) -> None:
    review = reviewed(SALES.format("y = df['sold']"), SALES.format(target))
    assert review.package.breaking == breaks
    assert [one.name for one in review.package.clients if one.breaks] == ["sold"] * breaks
    called = re.sub(r"\by\b", "goal", SALES.format(target))
    assert not reviewed(SALES.format(target), called).package.breaking
