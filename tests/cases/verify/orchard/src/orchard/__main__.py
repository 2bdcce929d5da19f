"""How heavy is a tree's harvest?"""

import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_absolute_error
from sklearn.preprocessing import StandardScaler

COLUMNS = ["age", "height"]


def load() -> pd.DataFrame:
    trees = pd.DataFrame({"age": np.arange(40) % 13 + 2, "height": np.linspace(0.0, 7.8, 40)})
    trees["harvest"] = 3.0 * trees["height"] + trees["age"] ** 2 / 10
    return trees


def clean(trees: pd.DataFrame) -> pd.DataFrame:
    trees = trees[trees["height"] > 1.0]
    print("trees:", len(trees))
    return trees


def scale(train: pd.DataFrame, test: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    scaler = StandardScaler()
    X_train = scaler.fit_transform(train[COLUMNS])
    X_test = scaler.transform(test[COLUMNS])
    return X_train, X_test


def fit(X_train: np.ndarray, harvest: pd.Series) -> Ridge:
    model = Ridge(alpha=0.5)
    model.fit(X_train, harvest)
    return model


def draw(test: pd.DataFrame, predicted: np.ndarray, folder: Path) -> None:
    plt.plot(test["height"], predicted)
    plt.title("harvest by height")
    plt.savefig(folder / "harvest_by_height.png")
    plt.close()


def save(test: pd.DataFrame, predicted: np.ndarray) -> None:
    made = pd.DataFrame({"height": test["height"], "harvest": predicted})
    made.to_csv("harvest.csv", index=False)
    Path("note.txt").write_text(f"harvest of {len(test)} trees\n")


def run() -> None:
    reports = Path("reports")
    reports.mkdir(exist_ok=True)
    trees = clean(load())
    train, test = trees[:25], trees[25:]
    X_train, X_test = scale(train, test)
    model = fit(X_train, train["harvest"])
    predicted = model.predict(X_test)
    print("error: %.4f" % mean_absolute_error(test["harvest"], predicted))
    draw(test, predicted, reports)
    save(test, predicted)
    test.groupby("age")["harvest"].mean().to_csv(reports / "harvest_by_age.csv")


if __name__ == "__main__" and sys.argv[1:] == ["run"]:
    run()
