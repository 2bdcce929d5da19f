"""Records without a target in, a fitted clusterer out."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OrdinalEncoder

from served.config import Config


@dataclass(frozen=True)
class Results:
    predictor: Pipeline
    records: pd.DataFrame
    target: str | None
    labels: dict[Any, str] | None
    metrics: dict[str, float]


def train(config: Config) -> Results:
    records = pd.DataFrame(
        {
            "size": pd.array([1, 2, None, 10, 11, 12] * 4, dtype="Int64"),
            "weight": [1.0, 2.0, 1.5, 9.0, 9.5, 9.1] * 4,
            "grade": pd.Categorical(["low", "low", "mid", "high", "high", "mid"] * 4,
                                    categories=["low", "mid", "high"], ordered=True),
        },
        index=pd.Index([f"r{i}" for i in range(24)], name="row"),
    )  # fmt: skip
    grades = OrdinalEncoder(categories=[["low", "mid", "high"]])
    columns = ColumnTransformer([("keep", "passthrough", ["weight"]), ("code", grades, ["grade"])])
    model = KMeans(config.k_means.n_clusters, random_state=config.k_means.random_state)
    predictor = Pipeline([("columns", columns), ("model", model)]).fit(records)
    return Results(predictor, records, None, None, {})
