"""Runs made packages: what their steps make of single records, beside what the notebook made.

Called as a program with a folder for each package, in which ``notebook.py`` is the notebook.
"""

import importlib
import json
import os
import sys
import traceback
import warnings
from pathlib import Path

import numpy as np
import pandas as pd


def inputs_of_notebook(folder: Path) -> pd.DataFrame:
    """What the notebook gave its model, run from top to bottom."""
    scope: dict[str, object] = {"__name__": "__main__"}
    exec(compile((folder / "notebook.py").read_text(), "notebook.py", "exec"), scope)
    inputs = scope["X"]
    assert isinstance(inputs, pd.DataFrame)
    return inputs


def answers(folder: Path) -> str:
    """Empty when each record alone becomes the row that it was in the notebook."""
    wanted = inputs_of_notebook(folder)
    sys.path.insert(0, str(folder / "made" / "src"))
    name = next(p.name for p in (folder / "made" / "src").iterdir())
    os.chdir(folder / "made")
    try:
        pipeline = importlib.import_module(f"{name}.pipeline")
        config = importlib.import_module(f"{name}.config")
        results = pipeline.train(config.Config())
        features = results.predictor.named_steps.get("features")
        for row in range(0, len(wanted), 3):
            record = results.records.loc[[wanted.index[row]]]
            made = record if features is None else features.transform(record)
            compare(made[wanted.columns], wanted.iloc[[row]])
        whole = results.records.loc[wanted.index]
        compare(whole if features is None else features.transform(whole), wanted)
    finally:
        os.chdir(folder)
        sys.path.pop(0)
    return ""


def compare(made: pd.DataFrame, wanted: pd.DataFrame) -> None:
    assert list(made.columns) == list(wanted.columns), f"{list(made.columns)}"
    np.testing.assert_allclose(
        made.astype(float).to_numpy(), wanted.astype(float).to_numpy(), rtol=1e-9, atol=1e-12
    )


def main() -> None:
    warnings.simplefilter("ignore")
    found = {}
    for argument in sys.argv[1:]:
        folder = Path(argument)
        os.chdir(folder)
        try:
            found[argument] = answers(folder)
        except Exception:
            found[argument] = traceback.format_exc()[-1500:]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
