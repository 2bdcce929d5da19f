"""Runs made packages: what their steps make of single records, beside what the notebook made.

Called as a program with a folder for each package, in which ``notebook.py`` is the notebook.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from support.oracle import answer_each, trained

#: In the folder of a case whose steps take rows by their numbers.
NUMBERED = "numbered"


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
            record = as_asked(records.loc[[wanted.index[row]]], folder)
            made = record if features is None else features.transform(record)
            compare(made[wanted.columns], wanted.iloc[[row]])
        whole = as_asked(records.loc[wanted.index], folder)
        compare(whole if features is None else features.transform(whole), wanted)
    return ""


def as_asked(records: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """A service numbers the records of each request, which matters to steps that go by number."""
    return records.reset_index(drop=True) if (folder / NUMBERED).exists() else records


def compare(made: pd.DataFrame, wanted: pd.DataFrame) -> None:
    assert list(made.columns) == list(wanted.columns), f"{list(made.columns)}"
    np.testing.assert_allclose(
        made.astype(float).to_numpy(), wanted.astype(float).to_numpy(), rtol=1e-9, atol=1e-12
    )


if __name__ == "__main__":
    answer_each(answers)
