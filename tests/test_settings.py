"""Which values of a notebook are fields of the configuration."""

import re
from pathlib import Path

import pytest
from support.process import python

from chasm import convert

NOTEBOOK = """\
# %%
import pandas as pd
import matplotlib.pyplot as plt
from sklearn.neural_network import MLPClassifier
from statsmodels.tsa.arima.model import ARIMA
visits = pd.read_csv("visits.csv", parse_dates=["day"])
plt.figure(figsize=(4, 3))
# %%
{line}
"""


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (
            "m = ARIMA(visits['count'], order=(7, 1, 2)).fit()",
            "order: tuple[int | float, ...] = (7, 1, 2)",
        ),
        (
            "m = MLPClassifier((5,)).fit(visits[['age']], visits['back'])",
            "tuple[int | float, ...] = (5,)",
        ),
        ("m = ARIMA(visits['count'], order=(7, 1, [2, 3])).fit()", ""),
        ("m = visits['age'].to_numpy().reshape((2, 3))", ""),
    ],
)
def test_the_sizes_of_a_model_are_settings(line: str, field: str, tmp_path: Path) -> None:
    (tmp_path / "visits.py").write_text(NOTEBOOK.format(line=line))
    folder = convert(tmp_path / "visits.py", tmp_path / "made", name="visits").folder
    config = (folder / "src/visits/config.py").read_text("utf-8")
    assert (field in config) if field else "= (" not in config.partition("class Config(")[0]
    assert "parse_dates" not in config


def test_sizes_are_read_from_the_file_as_what_they_are(tmp_path: Path) -> None:
    line = "m = ARIMA(visits['count'], order=(7, 1, 2)).fit()"
    (tmp_path / "visits.py").write_text(NOTEBOOK.format(line=line))
    folder = convert(tmp_path / "visits.py", tmp_path / "made", name="visits").folder
    config = (folder / "src/visits/config.py").read_text("utf-8")
    (group,) = re.findall(r"(\w+): Arima\w*Config = ", config)
    with (folder / "config.toml").open("a") as file:
        file.write(f"[{group}]\norder = [2, 0, 1]\n")
    code = f"from visits.config import Config; print(Config().{group}.order)"
    done = python(["-c", code], folder, {"PYTHONPATH": "src"})
    assert done.stdout.strip() == "(2, 0, 1)", done.stderr
