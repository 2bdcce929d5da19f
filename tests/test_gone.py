"""A conversion says what the newest versions of the notebook's libraries have no more."""

from pathlib import Path

import pytest
from support.stages import make

HEAD = """\
# %%
import numpy as np
import pandas as pd
import matplotlib.pyplot as plt
import seaborn as sns
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeRegressor
df = pd.read_csv("a.csv")
# %%
"""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("df = df.append(df)\nprint(df.mean())", ["DataFrame.append is gone since pandas 2.0"]),
        ("rows = []\nrows.append(1)\nprint(rows)", []),
        ("print(df['a'].astype(np.float))", ["numpy.float is gone since numpy 1.24"]),
        ("print(df['a'].astype(np.float64))", []),
        (
            "print(OneHotEncoder(sparse=False).fit_transform(df))",
            ["OneHotEncoder(sparse=…) is gone since scikit-learn 1.4: write sparse_output"],
        ),
        ("print(OneHotEncoder(sparse_output=False).fit_transform(df))", []),
        (
            "print(DecisionTreeRegressor(criterion='mse').fit(df[['a']], df['b']))",
            ["DecisionTreeRegressor(criterion='mse') is gone since scikit-learn 1.2"],
        ),
        ("print(DecisionTreeRegressor(criterion='squared_error').fit(df[['a']], df['b']))", []),
        ("plt.style.use('seaborn-v0_8-dark')\ndf.plot()\nplt.show()", []),
        ("plt.style.use('seaborn-dark')\ndf.plot()\nplt.show()", ["use(style='seaborn-dark')"]),
        (
            "from sklearn.externals import joblib\nprint(joblib.hash(df))",
            ["sklearn.externals.joblib is gone"],
        ),
        ("from sklearn.externals import joblib\nprint(df)", []),
        (
            "sns.scatterplot(df['a'], df['b'])",
            ["scatterplot with 2 positional arguments is gone since seaborn 0.12: write x="],
        ),
        ("sns.scatterplot(df, x='a', y='b')", []),
        (
            "print(df.drop('a', 1))",
            ["drop with 2 positional arguments is gone since pandas 2.0: write axis="],
        ),
        ("print(df.drop('a', axis=1))", []),
        (
            "print(df['a'].fillna(method='ffill').sum())",
            ["fillna(method=…) is gone since pandas 3.0: write ffill()"],
        ),
        (
            "from sklearn.metrics import mean_squared_error\n"
            "print(mean_squared_error(df['a'], df['b'], squared=False))",
            ["mean_squared_error(squared=…) is gone since scikit-learn 1.6"],
        ),
        (
            "from sklearn.linear_model import LassoCV\n"
            "print(LassoCV(normalize=True).fit(df[['a']], df['b']))",
            ["LassoCV(normalize=…) is gone since scikit-learn 1.2"],
        ),
        ("sns.distplot(df['a'], 30)", []),
        (
            "def floats(x):\n    return x.astype(np.float)\nprint(floats(df['a']))",
            ["numpy.float is"],
        ),
    ],
)
def test_what_is_gone_is_told_once_with_its_cell(
    line: str, told: list[str], tmp_path: Path
) -> None:
    made = make(HEAD + line, tmp_path)
    found = [one for one in made.plan.findings if one.code == "CH014"]
    assert len(found) == len(told), found
    for one, start in zip(found, told, strict=True):
        assert one.message.startswith(start)
        assert one.cell == 2
    assert made.files["README.md"].count("is gone since") == len(told)
