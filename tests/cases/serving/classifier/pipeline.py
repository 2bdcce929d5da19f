"""Raw loan records in, a fitted predictor out."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from served.config import Config
from served.features import LoanFeatures


@dataclass(frozen=True)
class Results:
    predictor: Pipeline
    records: pd.DataFrame
    target: str | None
    labels: dict[Any, str] | None
    metrics: dict[str, float]


def train(config: Config) -> Results:
    loans = pd.read_csv(config.data.loans, parse_dates=["opened on"])
    known = loans[loans["class"].notna()]
    target = known["class"].map({"paid": 0, "default": 1})
    model = LogisticRegression(C=config.logistic_regression.C)
    steps = [("features", LoanFeatures()), ("scaler", StandardScaler()), ("model", model)]
    predictor = Pipeline(steps).fit(known, target)
    score = float(predictor.score(known, target))
    return Results(predictor, loans, "class", {0: "paid", 1: "default"}, {"accuracy": score})
