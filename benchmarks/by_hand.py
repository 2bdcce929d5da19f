"""A service of a made package's predictor as one would write it by hand: typed, and no more.

    python benchmarks/by_hand.py PACKAGE ARTIFACTS PORT

What it leaves out: limits, the names of fields that a model fails on, metrics, labels.
"""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, Field, create_model

TYPES = {"integer": int, "number": float, "boolean": bool, "category": str, "text": str}


def create_app(artifact: Any) -> FastAPI:
    """The service; the model is asked once, for the probabilities where it has them."""
    predictor, columns = artifact.predictor, artifact.columns
    fields: dict[str, Any] = {
        f"column_{i}": (
            TYPES.get(column.kind, Any) | None,  # type: ignore[operator]
            Field(... if column.role == "input" else None, alias=column.key),
        )
        for i, column in enumerate(columns)
    }
    record = create_model("Record", **fields)
    body_type = create_model("Body", records=(list[record], ...))  # type: ignore[valid-type]
    app = FastAPI()

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/predict")
    def predict(body: body_type) -> dict[str, Any]:  # type: ignore[valid-type]
        rows: list[BaseModel] = body.records  # type: ignore[attr-defined]
        frame = pd.DataFrame([row.model_dump(by_alias=True) for row in rows])
        if not hasattr(predictor, "predict_proba"):
            return {"predictions": [{"prediction": p} for p in predictor.predict(frame).tolist()]}
        chances = predictor.predict_proba(frame)
        found = predictor.classes_[chances.argmax(axis=1)].tolist()
        names = [str(name) for name in predictor.classes_]
        return {
            "predictions": [
                {"prediction": prediction, "probabilities": dict(zip(names, row, strict=True))}
                for prediction, row in zip(found, chances.tolist(), strict=True)
            ]
        }

    return app


if __name__ == "__main__":
    package, artifacts, port = sys.argv[1:]
    loaded = import_module(f"{package}.artifacts").load(Path(artifacts))
    uvicorn.run(create_app(loaded), port=int(port), log_level="warning", access_log=False)
