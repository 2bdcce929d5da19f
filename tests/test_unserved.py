"""A notebook that fits a model of which no service is made says why."""

from pathlib import Path

import pytest
from support.process import python

from chasm import convert

HEAD = """\
# %%
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, cross_val_score, train_test_split
df = pd.read_csv("visits.csv")
X, y = df[["age", "rooms"]], df["back"]
# %%
"""
CASES = {
    "no data that could be read": (
        "model = LogisticRegression().fit(X_small, y)\nprint(model.predict(X))",
        "it reads X_small, which nothing before it binds",
    ),
    "a model in each round": (
        "scores = []\nfor train, test in KFold(3).split(X):\n"
        "    fitted = LogisticRegression().fit(X.iloc[train], y.iloc[train])\n"
        "    scores.append(fitted.score(X.iloc[test], y.iloc[test]))\nprint(np.mean(scores))",
        "each round of the loop fits a model of its own",
    ),
    "a function that tells of its model alone": (
        "def tried(X, y):\n    model = LogisticRegression().fit(X, y)\n"
        "    return model.score(X, y)\nfor size in [10, 20]:\n    print(tried(X[:size], y[:size]))",
        "what tried fits inside, it does not hand back as a model",
    ),
    "models that are only scored": (
        "print(cross_val_score(LogisticRegression(), X, y).mean())",
        "models are fitted only to be scored, and none is kept",
    ),
    "a model of a library that nobody described": (
        "from networks import Network\nmodel = Network(3)\nmodel.fit(X, y)\n"
        "print(model.predict(X))",
        "it is not known how to ask what model.fit fits",
    ),
}


@pytest.mark.parametrize(("code", "reason"), CASES.values(), ids=CASES)
def test_the_reason_is_told(code: str, reason: str, tmp_path: Path) -> None:
    place = tmp_path / "notebook.py"
    place.write_text(HEAD + code + "\n", encoding="utf-8")
    made = convert(place, tmp_path / "made", name="visits")
    told = [f.message for f in made.findings if f.code == "CH010"]
    assert told == [f"no model is served: {reason}"]
    assert "no model is served: " in (made.folder / "README.md").read_text("utf-8")


def test_where_nothing_but_columns_is_fitted_nothing_is_missed(tmp_path: Path) -> None:
    place = tmp_path / "notebook.py"
    code = "from sklearn.preprocessing import StandardScaler\nscaler = StandardScaler()\n"
    place.write_text(f"{HEAD}{code}print(scaler.fit_transform(X))\n", encoding="utf-8")
    made = convert(place, tmp_path / "made", name="visits")
    assert [f for f in made.findings if f.code == "CH010"] == []


HANDED = """\
# %%
import numpy as np
import pandas as pd
import {library}
from sklearn.model_selection import train_test_split
rng = np.random.default_rng(0)
made = pd.DataFrame({{"age": rng.integers(1, 90, 90), "rooms": rng.integers(1, 9, 90)}})
made["back"] = (made["age"] > 40).astype(int)
made.to_csv("visits.csv", index=False)
# %%
df = pd.read_csv("visits.csv")
df["share"] = df["age"] / df["age"].max()
X_train, X_test, y_train, y_test = train_test_split(df[["share", "rooms"]], df["back"],
                                                    random_state=0)
train = {library}.{holder}(X_train, label=y_train)
test = {asked}
booster = {library}.train({{"max_depth": 2{quiet}}}, train, 5)
predicted = booster.predict(test)
print(predicted[:3])
"""
HOLDERS = {
    "xgboost": ("DMatrix", "xgboost.DMatrix(X_test)", ""),
    "lightgbm": ("Dataset", "X_test", ', "verbose": -1'),
}


@pytest.mark.parametrize("library", HOLDERS)
def test_a_model_that_a_function_makes_of_data_put_together(library: str, tmp_path: Path) -> None:
    holder, asked, quiet = HOLDERS[library]
    place = tmp_path / "notebook.py"
    text = HANDED.format(library=library, holder=holder, asked=asked, quiet=quiet)
    place.write_text(text, encoding="utf-8")
    made = convert(place, tmp_path / "made", name="visits")
    assert [f for f in made.findings if f.code == "CH010"] == []
    code = (
        "from visits import config, pipeline, predictions\n"
        "made = pipeline.train(config.Config())\n"
        "rows = [made.records.loc[[i]] for i in made.y_test.index[:3]]\n"
        "alone = [predictions.answers(made.predictor, None, row)[0] for row in rows]\n"
        "expected = [{'prediction': value} for value in made.predicted[:3].tolist()]\n"
        "assert alone == expected, (alone, expected)"
    )
    done = python(["-c", code], made.folder, {"PYTHONPATH": "src"})
    assert done.returncode == 0, done.stderr


def test_a_model_that_is_asked_for_a_part_of_its_answer_is_not_served(tmp_path: Path) -> None:
    holder, asked, quiet = HOLDERS["xgboost"]
    text = HANDED.format(library="xgboost", holder=holder, asked=asked, quiet=quiet)
    place = tmp_path / "notebook.py"
    place.write_text(text.replace("predict(test)", "predict(test, iteration_range=(0, 2))"))
    made = convert(place, tmp_path / "made", name="visits")
    told = [f.message for f in made.findings if f.code == "CH010"]
    assert told == ["no model is served: it is asked for more than its answer"]


def test_a_model_that_a_class_keeps_is_told_of(tmp_path: Path) -> None:
    code = (
        "class Kept:\n    def train(self, X, y):\n"
        "        self.model = LogisticRegression().fit(X, y)\n"
        "kept = Kept()\nkept.train(X, y)\nprint(kept)\n"
    )
    (tmp_path / "notebook.py").write_text(HEAD + code)
    made = convert(tmp_path / "notebook.py", tmp_path / "made", name="visits")
    notes = (made.folder / "README.md").read_text()
    assert "Only `Kept` fits a model, and keeps it inside: none is served." in notes
    assert "There is no model" not in notes
