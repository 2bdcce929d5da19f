"""Runs made packages: what their steps make of single records, beside what the notebook made.

Called as a program with a folder for each package, in which ``notebook.py`` is the notebook.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from support.oracle import answer_each, trained


def inputs_of_notebook(folder: Path) -> pd.DataFrame:
    """What the notebook gave its model, run from top to bottom."""
    scope: dict[str, object] = {"__name__": "__main__"}
    exec(compile((folder / "notebook.py").read_text(), "notebook.py", "exec"), scope)
    inputs = scope["X"]
    assert isinstance(inputs, pd.DataFrame)
    return inputs


def answers(folder: Path) -> str:
    """Empty when each record alone becomes the row that it was in the notebook."""
    # Together the records come in another order than that of the notebook.
    wanted = inputs_of_notebook(folder).iloc[::-1]
    with trained(folder) as results:
        features = results.predictor.named_steps.get("features")
        records = results.records
        if "id" in wanted and wanted["id"].isin(records["id"]).all():
            # What was joined has rows with numbers of their own.
            records, wanted = (
                t.set_index("id", drop=False).rename_axis(None) for t in (records, wanted)
            )
        for row in range(0, len(wanted), 3):
            record = records.loc[[wanted.index[row]]]
            made = record if features is None else features.transform(record)
            compare(made[wanted.columns], wanted.iloc[[row]])
        whole = records.loc[wanted.index]
        compare(whole if features is None else features.transform(whole), wanted)
    return ""


def compare(made: pd.DataFrame, wanted: pd.DataFrame) -> None:
    assert list(made.columns) == list(wanted.columns), f"{list(made.columns)}"
    np.testing.assert_allclose(
        made.astype(float).to_numpy(), wanted.astype(float).to_numpy(), rtol=1e-9, atol=1e-12
    )


if __name__ == "__main__":
    answer_each(answers)
