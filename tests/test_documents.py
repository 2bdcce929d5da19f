"""What functions are called, and what their docstrings say."""

import ast
import tomllib
from pathlib import Path

import pytest
from support.folders import ROOT

from chasm import convert

CODE = """\
# %%
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.linear_model import LogisticRegression
data = pd.read_csv("visits.csv")
# %%
# {comment}
train, test = train_test_split(data, test_size=0.2)
# %%
model = LogisticRegression().fit(train[["age"]], train["back"])
print(model.score(test[["age"]], test["back"]))
"""
CASES = {
    "the rows are divided by chance here": "The rows are divided by chance here.",
    "train_test_split divides the rows by chance": "train_test_split divides the rows by chance.",
    "2. The rows are divided": "The rows are divided.",
    "Step 3 - rows are divided": "rows are divided.".capitalize(),
    "3.1 Division of the rows": "Division of the rows.",
    "80-20 is how the rows are divided": "80-20 is how the rows are divided.",
}


def functions(tmp_path: Path, code: str) -> dict[str, str]:
    """The functions that are made of a notebook, with the first line of their docstrings."""
    (tmp_path / "visits.py").write_text(code, encoding="utf-8")
    done = convert(tmp_path / "visits.py", tmp_path / "made", name="visits")
    found: dict[str, str] = {}
    for path in sorted(done.folder.glob("src/visits/*.py")):
        if path.stem in ("data", "features", "training", "report"):
            tree = ast.parse(path.read_text("utf-8"))
            made = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
            found |= {f.name: (ast.get_docstring(f) or "").partition("  [cell")[0] for f in made}
    return found


@pytest.mark.parametrize(("comment", "said"), CASES.items())
def test_a_sentence_starts_with_a_capital_but_code_stays(
    comment: str, said: str, tmp_path: Path
) -> None:
    assert said in functions(tmp_path, CODE.format(comment=comment)).values()


FIGURES = tomllib.loads((ROOT / "tests/cases/names/figures.toml").read_text("utf-8"))["case"]
HEAD = """\
# %%
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
df = pd.read_csv("visits.csv")
# %%
"""


@pytest.mark.parametrize("case", FIGURES, ids=[case["code"] for case in FIGURES])
def test_a_figure_is_named_for_what_it_shows(case: dict[str, str], tmp_path: Path) -> None:
    made = functions(tmp_path, HEAD + case["code"].lstrip())
    assert made.get(case["name"]) == case["said"], made


PRINTS = {
    "print('Mean age: ', data.age.mean())": ("print_mean_age", "Print mean age."),
    "print(f'Rows in all: {len(data)}')": ("print_rows_in_all", "Print rows in all."),
    "print(data.shape)": ("print_shape", "Print the shape of data."),
    "print(len(data))": ("print_len_data", "Print the length of data."),
    "print('%d rows' % len(data))": ("print_rows", "Print rows."),
    "for name in data:\n    print('Column ' + name)": ("print_column", "Print column."),
    "print(data['age'].mean(), data['back'].sum())": (
        "print_mean",
        "Print the mean of age and the sum of back.",
    ),
}


@pytest.mark.parametrize(("code", "expected"), PRINTS.items())
def test_a_print_is_named_for_what_it_prints(
    code: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    read = "# %%\nimport pandas as pd\ndata = pd.read_csv('visits.csv')\n# %%\n"
    assert expected in functions(tmp_path, f"{read}{code}\n").items()


APART = """\
# %%
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
data = pd.read_csv("visits.csv")
# %%
sns.set_style("whitegrid")
sns.boxplot(x="age", data=data)
plt.title("Outliers")
# %%
sns.boxplot(x="weight", data=data)
plt.title("Outliers")
# %%
for sign in data["sign"]:
    print("Share", sign)
# %% [markdown]
# ## Observations
# %%
for sign in data["other"]:
    print("Share", sign)
# %% [markdown]
# ## 2. Doctors of the town
# %%
for sign in data["sign"]:
    print("Share", sign.upper())
"""


def test_names_that_would_be_the_same_say_what_differs(tmp_path: Path) -> None:
    assert functions(tmp_path, APART) | {"write": ""} == {
        "load_visits": "Read visits.csv.",
        "outliers": "Draw Outliers.",
        "outliers_of_weight": "Draw Outliers.",
        "print_share": "Print share.",
        "print_share_of_other": "Print share.",
        "print_share_for_doctors_town": "Print share.",
        "write": "",
    }


STEPS = """\
# %%
import pandas as pd
data = pd.read_csv("visits.csv")
# %% [markdown]
# ### 4.2 - Ages and weights
# %%
# an empty table
made = pd.DataFrame()
# ages first
made["age"] = data["age"] / 10
# then weights
made["weight"] = data["weight"] / 2
made.to_csv("made.csv")
"""


def test_a_comment_on_a_line_among_others_is_not_what_the_function_does(tmp_path: Path) -> None:
    assert "Ages and weights." in functions(tmp_path, STEPS).values()


TITLES = {
    "# Loading the dataset": "Visits.",
    "# Step 1 - Import libraries": "Visits.",
    "# Name - Ada Example": "Visits.",
    "# Visits to a doctor": "Visits to a doctor.",
    "# Clustering of patients": "Clustering of patients.",
    "# Visits to a doctor\n\nAda Example, Ben Sample": "Visits to a doctor.",
    f"# Visits\n\nThe aim is {'far ' * 50}away.": f"The aim is {'far ' * 36}far…",
}


@pytest.mark.parametrize(("heading", "said"), TITLES.items())
def test_the_package_is_what_the_title_says(heading: str, said: str, tmp_path: Path) -> None:
    marked = "\n".join(f"# {line}".rstrip() for line in heading.split("\n"))
    code = f"# %% [markdown]\n{marked}\n# %%\nprint(len('visits'))\n"
    (tmp_path / "Visits.py").write_text(code, encoding="utf-8")
    done = convert(tmp_path / "Visits.py", tmp_path / "made", name="visits")
    text = (done.folder / "src/visits/__init__.py").read_text("utf-8")
    assert text == f'"""{said}"""\n'


READ = "import pandas as pd\n# %%\n{heading}df = pd.read_csv('data/visits.csv')\n"
FIT = (
    "from sklearn.linear_model import LogisticRegression\n"
    "model = LogisticRegression().fit(df[['age']], df['back'])\n"
)
DONE = {
    "print(df.sum())": "Visits: looks at visits.csv.",
    "df.dropna().to_csv('clean.csv')": "Visits: makes clean.csv from visits.csv.",
    FIT + "print(model.predict(df[['age']]))": "Visits: predicts back from visits.csv.",
}


@pytest.mark.parametrize(("code", "said"), DONE.items())
@pytest.mark.parametrize("heading", ["", "# %% [markdown]\n# # Carga\n# %%\n"])
def test_without_a_title_the_package_is_what_it_does(
    code: str, heading: str, said: str, tmp_path: Path
) -> None:
    source = f"# %%\n{READ.format(heading=heading)}# %%\n{code}\n"
    (tmp_path / "Visits.py").write_text(source, encoding="utf-8")
    done = convert(tmp_path / "Visits.py", tmp_path / "made", name="visits")
    text = (done.folder / "src/visits/__init__.py").read_text("utf-8")
    assert text == f'"""{said}"""\n'


@pytest.mark.parametrize(
    ("first", "second"),
    [("# # Visits to a doctor\n# Who comes back?", ""), ("# # Visits to a doctor", "# ## Data")],
)
def test_a_heading_below_imports_with_more_below_it_is_the_title(
    first: str, second: str, tmp_path: Path
) -> None:
    mark = "# %% [markdown]"
    source = f"# %%\nimport math\n{mark}\n{first}\n# %%\nprint(math.pi)\n{mark}\n{second}\n"
    (tmp_path / "Visits.py").write_text(source, encoding="utf-8")
    done = convert(tmp_path / "Visits.py", tmp_path / "made", name="visits")
    text = (done.folder / "src/visits/__init__.py").read_text("utf-8")
    assert text in ('"""Visits to a doctor."""\n', '"""Who comes back?"""\n')


PROMISED = """\
# %%
import pandas as pd
from sklearn.linear_model import LogisticRegression
visits = pd.read_csv("visits.csv")
# %% [markdown]
# ## Model training
# %%
{code}
# %%
model = LogisticRegression().fit(visits[["age", "stay"]], visits["back"])
print(model.score(visits[["age", "stay"]], visits["back"]))
"""


@pytest.mark.parametrize(
    ("code", "name", "said"),
    [
        ("visits = visits.drop(columns=['town'])", "drop_town", "Drop town."),
        (
            "visits.columns = ['age', 'stay', 'back']",
            "rename_columns",
            "Rename age, stay and back.",
        ),
    ],
)
def test_a_heading_names_only_what_does_as_it_says(
    code: str, name: str, said: str, tmp_path: Path
) -> None:
    assert functions(tmp_path, PROMISED.format(code=code)).get(name) == said


@pytest.mark.parametrize(
    "heading",
    ["The score of the tree remains the same.", "Here we can see that most people are young"],
)
def test_what_came_out_is_no_title_of_what_follows(heading: str, tmp_path: Path) -> None:
    code = PROMISED.replace("Model training", heading)
    docs = functions(tmp_path, code.format(code="visits = visits.dropna()")).values()
    assert docs
    assert not any("remains" in doc or "we can see" in doc for doc in docs)


HEADED = """\
# %%
import pandas as pd
visits = pd.read_csv("visits.csv")
# %% [markdown]
# # Visits
# ## Mean age of those who came in June
# %%
print(visits[visits.month == 6].age.mean())
# %% [markdown]
# ## Towns
# %%
print(visits[visits.month == 6].town.max())
# %%
print(visits[visits.month == 7].town.max())
"""


def test_a_print_that_says_nothing_is_called_as_the_heading_above_it_alone(tmp_path: Path) -> None:
    told = functions(tmp_path, HEADED)
    assert told["mean_age_came_june"] == "Mean age of those who came in June."
    assert "towns" not in told


CHOSEN = """\
# %%
import numpy as np
import pandas as pd
from scipy.stats import zscore
from sklearn.linear_model import LogisticRegression
visits = pd.read_csv("visits.csv")
# %%
far = np.abs(zscore(visits[["age", "stay"]]))
visits = visits[(far < 3).all(axis=1)]
# %%
model = LogisticRegression().fit(visits[["age", "stay"]], visits["back"])
print(model.score(visits[["age", "stay"]], visits["back"]))
"""


def test_what_only_chooses_rows_stays_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "visits.py").write_text(CHOSEN, encoding="utf-8")
    done = convert(tmp_path / "visits.py", tmp_path / "made", name="visits")
    code = "".join(path.read_text("utf-8") for path in done.folder.glob("src/visits/*.py"))
    assert 'far = np.abs(zscore(visits[["age", "stay"]]))' in code


def test_labels_that_are_not_listed_are_counted(tmp_path: Path) -> None:
    names = [f"part_{letter}" for letter in "abcdefghijklm"]
    (tmp_path / "visits.csv").write_text(",".join([*names, "age", "back"]) + "\n", "utf-8")
    code = f"""\
# %%
import pandas as pd
data = pd.read_csv("visits.csv")
# %%
data = data.drop(columns={names})
# %%
data.to_csv("less.csv")
"""
    assert any("and 11 more" in doc for doc in functions(tmp_path, code).values())


JOINED = """\
# %%
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC
a, b = pd.read_csv("a.csv"), pd.read_csv("b.csv")
# %%
print(a.shape)
# %%
print(b.shape)
# %%
# Learn from the towns of the first file
model = LogisticRegression()
model = model.fit(a[["age"]], a["back"])
print(model.coef_)
# %%
model = LogisticRegression()
model = model.fit(b[["age"]], b["back"])
print(model.coef_)
# %%
machine = SVC().fit(b[["age"]], b["back"])
print(machine.support_)
"""


COPIES = """\
# %%
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
visits = pd.read_csv("visits.csv")
X, y = visits[["age", "stay"]], visits["back"]
# %%
forest = RandomForestClassifier(random_state=1).fit(X, y)
line = LogisticRegression().fit(X, y)
# %%
cvs = cross_val_score(forest, X, y, cv=10)
# %%
print(cvs)
# %%
cvs = cross_val_score(line, X, y, cv=10)
# %%
print(cvs)
# %%
share1 = X.age.mean() / y.mean()
print("share", share1)
# %%
share2 = X.age.mean() / y.mean()
print("share", share2)
"""


def test_a_function_for_several_values_names_none_of_them(tmp_path: Path) -> None:
    (tmp_path / "visits.py").write_text(COPIES, encoding="utf-8")
    folder = convert(tmp_path / "visits.py", tmp_path / "made", name="visits").folder
    text = "".join(path.read_text("utf-8") for path in sorted(folder.glob("src/visits/*.py")))
    assert "model: ClassifierMixin" in text
    assert text.count("def print_share") == 1
    assert not any(word in text for word in ("share1", "share2", "forest:"))


def test_a_function_for_several_places_says_what_is_true_of_all(tmp_path: Path) -> None:
    told = functions(tmp_path, JOINED)
    assert told["print_shape"] == "Print the shape of frame."
    assert not any("first file" in doc for doc in told.values())
    assert any(doc.startswith("Fit a LogisticRegression") for doc in told.values())
    assert any(doc.startswith("Fit an SVC") for doc in told.values())


def test_the_example_of_a_setting_changes_it(tmp_path: Path) -> None:
    text = (
        "# %%\nimport pandas as pd\nfrom sklearn.ensemble import RandomForestClassifier\n"
        "df = pd.read_csv('visits.csv')\nX, y = df[['age']], df['back']\n# %%\n"
        "model = RandomForestClassifier(oob_score=True, random_state=7)\nmodel.fit(X, y)\n"
        "print(model.predict(X)[:3])\n"
    )
    (tmp_path / "visits.py").write_text(text)
    done = convert(tmp_path / "visits.py", tmp_path / "made", name="visits")
    readme = (done.folder / "README.md").read_text("utf-8")
    assert "RANDOM_STATE=8`" in readme
    assert "=True" not in readme


def test_without_a_setting_there_is_no_example(tmp_path: Path) -> None:
    (tmp_path / "visits.py").write_text("# %%\nprint(1)\n")
    done = convert(tmp_path / "visits.py", tmp_path / "made", name="visits")
    for name in ("README.md", "src/visits/config.py"):
        assert "=value" not in (done.folder / name).read_text("utf-8")
