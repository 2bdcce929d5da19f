"""Numbers whose columns have numbers for names in, a fitted predictor out."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.pipeline import Pipeline

from served.config import Config


@dataclass(frozen=True)
class Results:
    predictor: Pipeline
    records: pd.DataFrame
    target: str | None
    labels: dict[Any, str] | None
    metrics: dict[str, float]


def train(config: Config) -> Results:
    values, target = load_diabetes(return_X_y=True)
    records = pd.DataFrame(values[:200, :4].astype("float32"))
    records[3] = (records[3] * 1000).round().astype("int16")
    records[4] = target[:200]
    inputs = ColumnTransformer([("inputs", "passthrough", [0, 1, 2, 3])])
    steps = [("inputs", inputs), ("model", Ridge(config.ridge.alpha))]
    predictor = Pipeline(steps).fit(records, records[4])
    return Results(predictor, records, "4", None, {})
