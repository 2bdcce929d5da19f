"""Which model of a notebook is served."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from support.process import python

from chasm import convert
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
FLOWERS = """\
# %%
import pandas as pd
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
iris = load_iris()
df = pd.DataFrame(iris.data, columns=iris.feature_names)
df["target"] = iris.target
# %%
X = df.drop(["target"], axis=1)
model = LogisticRegression(max_iter=500).fit(X, df["target"])
print(model.score(X, df["target"]))
"""
UNKNOWN_FIRST = """\
# %%
import pandas as pd
from sklearn.linear_model import LogisticRegression
df = pd.DataFrame({"city": ["Oslo", "Bergen", "Voss"] * 9, "back": [0, 1, 0] * 9})
df.to_csv("visits.csv", index=False)
# %%
df = pd.read_csv("visits.csv")
df = df[df["city"] != "Oslo"]
codes = {city: code for code, city in enumerate(df["city"].unique())}
df["code"] = df["city"].map(codes)
model = LogisticRegression().fit(df[["code"]], df["back"])
print(model.score(df[["code"]], df["back"]))
"""
FITTED_IN_TURN = """\
models = {"plain": LinearRegression(), "other": LinearRegression(fit_intercept=False)}
for name, model in models.items():
    model.fit(X, df["price"])
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
    "the best of a dictionary of models, which is saved": (
        f"{FITTED_IN_TURN}    print(model.predict(X))\n"
        "final = models['plain']\nimport joblib\njoblib.dump(final, 'model.joblib')",
        "final",
    ),
    "the best of what a loop gathered": (
        f"found = []\n{FITTED_IN_TURN}    found.append((name, model))\n"
        "best = found[0][1]\nprint(best.predict(X))",
        "best",
    ),
    "the best of what a loop put under its name": (
        f"found = {{}}\n{FITTED_IN_TURN}    found[name] = {{'model': model}}\n"
        "best = found['plain']['model']\nprint(best.predict(X))",
        "best",
    ),
    "one of the models that a loop fitted in turn": (
        "first, second = LinearRegression(), LinearRegression()\n"
        "for model in [first, second]:\n    model.fit(X, df['price'])\nprint(first.predict(X))",
        "first",
    ),
    "the best of a dictionary, fitted once more and saved": (
        f"{FITTED_IN_TURN}best = models[max(models)]\nbest.fit(X, df['price'])\n"
        "import joblib\nwith open('model.joblib', 'wb') as file:\n    joblib.dump(best, file)",
        "best",
    ),
    "one beside models that stand in tuples with their tables": (
        "models = [('plain', LinearRegression(), X), ('other', LinearRegression(), X)]\n"
        "for name, model, inputs in models:\n    model.fit(inputs, df['price'])\n"
        "last = LinearRegression().fit(X, df['price'])\nprint(last.predict(X))",
        "last",
    ),
    "what an own function fits in a loop": (
        "models = {'plain': LinearRegression()}\nfound = []\n"
        "def tried(model):\n    model.fit(X, df['price'])\n    return model.score(X, df['price'])\n"
        "for name, model in models.items():\n    found.append(tried(model))\nprint(found)",
        "model",
    ),
    "what is fitted straight to a part of a data set": (
        "from sklearn.datasets import load_iris\nfrom sklearn.tree import DecisionTreeClassifier\n"
        "iris = load_iris()\ntree = DecisionTreeClassifier().fit(iris.data[:, 2:], iris.target)\n"
        "print(tree.predict(iris.data[:2, 2:]))",
        "tree",
    ),
    "what answers for dates": (
        "from statsmodels.tsa.statespace.sarimax import SARIMAX\n"
        "fitted = SARIMAX(df['price'], exog=df[['rooms']]).fit()",
        None,
    ),
    "what an own function asks": (
        "def told(model, inputs):\n    print(model.predict(inputs))\n"
        "first = LinearRegression().fit(X, df['price'])\n"
        "second = LinearRegression().fit(X, df['price'])\ntold(inputs=X, model=first)",
        "first",
    ),
    "not what helps another one, though it is asked last": (
        "from sklearn.cluster import KMeans\nmodel = LinearRegression().fit(X, df['price'])\n"
        "helper = KMeans(n_clusters=2, random_state=0)\nprint(helper.fit_predict(X))",
        "model",
    ),
    "what helps where there is no other": (
        "from sklearn.cluster import KMeans\nonly = KMeans(n_clusters=2, random_state=0)\n"
        "print(only.fit_predict(X))",
        "only",
    ),
    "what answers the file that is written, before one that was only tuned": (
        "from sklearn.linear_model import Ridge\nfrom sklearn.model_selection import GridSearchCV\n"
        "search = GridSearchCV(Ridge(), {'alpha': [1, 2]}).fit(X, df['price'])\n"
        "last = Ridge().fit(X, df['price'])\nanswers = pd.DataFrame({'price': last.predict(X)})\n"
        "answers.to_csv('answers.csv')",
        "last",
    ),
    "the tuned one, where only scores of others are written": (
        "from sklearn.linear_model import Ridge\nfrom sklearn.model_selection import GridSearchCV\n"
        "from sklearn.metrics import r2_score\n"
        "search = GridSearchCV(Ridge(), {'alpha': [1, 2]}).fit(X, df['price'])\n"
        "last = Ridge().fit(X, df['price'])\nscore = r2_score(df['price'], last.predict(X))\n"
        "pd.DataFrame({'score': [score]}).to_csv('scores.csv')",
        "search",
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


def test_a_target_that_comes_from_elsewhere_need_not_be_dropped(tmp_path: Path) -> None:
    """No record has the column that only training gave its table."""
    place = tmp_path / "flowers.py"
    place.write_text(FLOWERS, encoding="utf-8")
    made = convert(place, tmp_path / "made", name="flowers")
    code = (
        "from flowers import pipeline; made = pipeline.train(__import__('flowers.config')"
        ".config.Config()); print(len(made.predictor.predict(made.records.head(1))))"
    )
    done = python(["-c", code], made.folder, {"PYTHONPATH": "src"})
    assert done.stdout.splitlines()[-1:] == ["1"], done.stderr


def test_the_example_is_a_record_that_is_answered(tmp_path: Path) -> None:
    """The first one of the file is of a town that the model has not learned."""
    place = tmp_path / "visits.py"
    place.write_text(UNKNOWN_FIRST, encoding="utf-8")
    made = convert(place, tmp_path / "made", name="visits")
    (made.folder / "visits.csv").write_text("city,back\n" + "Oslo,0\nBergen,1\nVoss,0\n" * 9)
    code = (
        "from visits import config, inputs, pipeline; made = pipeline.train(config.Config());"
        "print(inputs.example(made, inputs.columns_of(made)))"
    )
    done = python(["-c", code], made.folder, {"PYTHONPATH": "src"})
    assert done.stdout.splitlines()[-1:] == ["{'city': 'Bergen'}"], done.stderr


LOGARITHM = """\
# %%
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression
# %%
df = pd.read_csv('houses.csv')
X = df[['rooms']]
y = np.log1p(df['price'])
# %%
model = LinearRegression()
model.fit(X, y)
logarithm = model.predict(X)
"""
FIRST = (
    "from houses import config, pipeline, predictions as p; made = pipeline.train(config.Config());"
    "print(p.answers(made.predictor, made.labels, made.records.head(1))[0]['prediction'])"
)


@pytest.mark.parametrize(
    ("more", "scale"),
    [
        ("price = np.expm1(logarithm)\nprint(price.mean())", np.expm1),
        ("print(np.expm1(model.predict(X)).mean())", np.expm1),
        ("print(np.exp(logarithm).mean())", None),
        ("print(logarithm.mean())", None),
        (
            "model = LinearRegression().fit(X, y)\nprint(np.expm1(model.predict(X)).mean())",
            np.expm1,
        ),
    ],
)
def test_the_answer_is_put_back_on_its_scale_as_the_notebook_does(
    more: str, scale: Callable[[float], float] | None, tmp_path: Path
) -> None:
    place = tmp_path / "houses.py"
    place.write_text(LOGARITHM + more + "\n", encoding="utf-8")
    (tmp_path / "houses.csv").write_text("rooms,price\n1,100\n2,300\n3,400\n4,1100\n")
    made = convert(place, tmp_path / "made", name="houses")
    done = python(["-c", FIRST], made.folder, {"PYTHONPATH": "src"})
    rooms = np.array([[1.0], [2.0], [3.0], [4.0]])
    taught = LinearRegression().fit(rooms, np.log1p([100, 300, 400, 1100])).predict(rooms[:1])[0]
    assert float(done.stdout) == pytest.approx(scale(taught) if scale else taught), done.stderr


@pytest.mark.parametrize(
    ("read", "more"),
    [
        ("pd.read_csv('houses.csv')", False),
        ("pd.read_csv('houses.csv').dropna()", False),
        ("pd.read_csv('houses.csv', usecols=['rooms', 'price'])", True),
        ("pd.read_csv('houses.csv', index_col=0)", True),
        ("pd.read_csv('houses.csv')[['rooms', 'price']]", True),
        ("pd.read_csv('houses.csv').drop(columns='id')", True),
    ],
)
def test_a_record_may_have_what_the_notebook_does_not_take_of_its_file(
    read: str, more: bool, tmp_path: Path
) -> None:
    code = HEAD.replace('pd.read_csv("houses.csv")', read)
    fit = "model = LinearRegression().fit(X, df['price'])\nprint(model.predict(X))\n"
    place = tmp_path / "notebook.py"
    place.write_text(code + fit, encoding="utf-8")
    made = convert(place, tmp_path / "made", name="houses")
    records = (made.folder / "src/houses/records.py").read_text("utf-8")
    assert ('extra="ignore"' in records) == more


def test_a_date_may_be_written_as_the_file_has_it(tmp_path: Path) -> None:
    read = "pd.read_csv('houses.csv', parse_dates=['built'], dayfirst=True)"
    code = HEAD.replace('pd.read_csv("houses.csv")', read)
    place = tmp_path / "notebook.py"
    place.write_text(f"{code}model = LinearRegression().fit(X, df['price'])\nmodel.predict(X)\n")
    made = convert(place, tmp_path / "made", name="houses")
    code = "from houses.records import _moment; print(_moment('03/02/2020').date())"
    done = python(["-c", code], made.folder, {"PYTHONPATH": "src"})
    assert done.stdout == "2020-02-03\n", done.stderr


FILLED = """\
# %%
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import LabelEncoder
train = pd.read_csv("train.csv")
later = pd.read_csv("later.csv")
# %%
for column in ["age", "pay"]:
    train[column].fillna(train[column].median(), inplace=True)
    later[column].fillna(later[column].median(), inplace=True)
encoder = LabelEncoder()
for column in ["city"]:
    train[column] = encoder.fit_transform(train[column])
    later[column] = encoder.transform(later[column])
# %%
model = LogisticRegression().fit(train.drop("back", axis=1), train["back"])
print(model.predict(later.drop("back", axis=1)))
"""


def test_a_loop_that_fills_columns_in_place_is_a_step(tmp_path: Path) -> None:
    # What pandas does with it depends on the version; the package does what it did for the author.
    (tmp_path / "filled.py").write_text(FILLED)
    done = convert(tmp_path / "filled.py", tmp_path / "made", name="filled")
    assert not done.findings
    features = (tmp_path / "made/src/filled/features.py").read_text()
    assert "train[column] = train[column].fillna(medians[column])" in features


SEARCHED = """\
# %%
import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV
df = pd.read_csv("houses.csv")
df.drop("id", axis=1, inplace=True)
# %%
df["rooms"] = df["rooms"].fillna(df["rooms"].median())
first = GridSearchCV(Ridge(), {"alpha": [1, 2]}).fit(df[["rooms"]], df["price"])
print(first.best_score_)
# %%
search = GridSearchCV(RandomForestRegressor(random_state=0), {"n_estimators": [5, 9]})
search.fit(df[["rooms"]], df["price"])
best = search.best_estimator_
print(best.predict(df[["rooms"]]))
"""


def test_what_is_learned_early_is_told_with_the_cell_that_it_is_from(tmp_path: Path) -> None:
    (tmp_path / "houses.py").write_text(SEARCHED)
    made = convert(tmp_path / "houses.py", tmp_path / "made", name="houses").folder
    features = (made / "src/houses/features.py").read_text()
    assert "rooms_median_  [cell 2]" in features
    rows = [line for line in (made / "README.md").read_text().split("\n") if "`median`" in line]
    assert [row[:5] for row in rows] == ["| 2 |"]


def test_the_best_of_a_search_has_the_class_of_what_was_searched(tmp_path: Path) -> None:
    (tmp_path / "houses.py").write_text(SEARCHED)
    made = convert(tmp_path / "houses.py", tmp_path / "made", name="houses").folder
    assert "best: RandomForestRegressor\n" in (made / "src/houses/pipeline.py").read_text()
    assert "the best of one of 2 searches, that in cell 3" in (made / "README.md").read_text()


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ("last = RandomForestRegressor(n_estimators=5, random_state=0)", "last"),
        ("last = RandomForestRegressor(**search.best_params_)", "last"),
        ("last = LinearRegression(fit_intercept=search.best_score_ > 1)", "last"),
        ("last = RandomForestRegressor(n_estimators=1, random_state=0)", "best"),
        ("last = RandomForestRegressor(random_state=0)", "best"),
        ("final_model = LinearRegression()", "best"),
    ],
)
def test_a_model_that_is_made_with_what_a_search_found_is_served(
    more: str, name: str, tmp_path: Path
) -> None:
    model, _, made = more.partition(" = ")
    code = f"# %%\n{model} = {made}\n{model}.fit(df[['rooms']], df['price'])\n"
    code += f"print({model}.predict(df[['rooms']]))\n"
    (tmp_path / "houses.py").write_text(
        SEARCHED.replace("import Ridge", "import LinearRegression, Ridge") + code
    )
    folder = convert(tmp_path / "houses.py", tmp_path / "made", name="houses").folder
    assert f"Served is `{name}`:" in (folder / "README.md").read_text()


SCALED = """# %%
import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import MinMaxScaler
df = pd.read_csv("houses.csv")
columns = ["rooms", {label}]
df[columns] = MinMaxScaler().fit_transform(df[columns])
# %%
y = df.pop("price")
model = LinearRegression().fit(df[["rooms"]], y)
print(model.predict(df[["rooms"]]))
"""


@pytest.mark.parametrize("label", ['"price"', '"garden"'])
def test_a_target_that_is_scaled_with_the_inputs_is_told(label: str, tmp_path: Path) -> None:
    (tmp_path / "houses.py").write_text(SCALED.format(label=label))
    folder = convert(tmp_path / "houses.py", tmp_path / "made", name="houses").folder
    told = "The answer is on the scale that the model was taught" in (
        folder / "README.md"
    ).read_text("utf-8")
    assert told == (label == '"price"')


def test_the_metrics_beside_a_model_are_its_own(tmp_path: Path) -> None:
    code = HEAD + (
        "from sklearn.metrics import mean_absolute_error as error\n"
        "plain = LinearRegression().fit(X, df['price'])\n"
        "mean_error = error(df['price'], plain.predict(X))\nprint(mean_error)\n# %%\n"
        "other = LinearRegression(fit_intercept=False)\nother.fit(X, df['price'])\n"
        "mean_error = error(df['price'], other.predict(X))\nprint(mean_error)\n# %%\n"
        "best = plain\nprint(best.predict(X))\n"
    )
    (tmp_path / "houses.py").write_text(code)
    made = convert(tmp_path / "houses.py", tmp_path / "made", name="houses").folder
    told = (made / "src/houses/pipeline.py").read_text().partition("metrics={")[2]
    assert '"mean_error": mean_error_after' in told
    assert '"mean_error_of_other": mean_error,' in told


def test_metrics_that_share_a_name_are_called_as_what_computed_them(tmp_path: Path) -> None:
    code = HEAD + (
        "from sklearn.metrics import mean_absolute_error, r2_score\n"
        "model = LinearRegression().fit(X, df['price'])\n"
        "score = mean_absolute_error(df['price'], model.predict(X))\nprint(score)\n# %%\n"
        "score = r2_score(df['price'], model.predict(X))\nprint(score)\n"
    )
    (tmp_path / "houses.py").write_text(code)
    made = convert(tmp_path / "houses.py", tmp_path / "made", name="houses").folder
    told = (made / "src/houses/pipeline.py").read_text().partition("metrics={")[2]
    assert '"mean_absolute_error": score_after' in told
    assert '"r2_score": score,' in told
