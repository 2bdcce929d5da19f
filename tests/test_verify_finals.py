"""Last values of variables: which are compared, and that a wrong one is found out."""

from pathlib import Path

import pytest
from support.command import chasm_, write

import chasm
from chasm.verify.model import Result, Status

pytestmark = pytest.mark.usefixtures("own_folder")

CELLS = (
    "import pandas as pd\nlimit = 2\nrows = pd.DataFrame({'a': [1, 2, 3], 'b': [0.5, 1.5, 2.5]})",
    "kept = rows[rows['a'] >= limit]\nspread = kept['b'].max() - kept['b'].min()",
    "kept = kept.assign(c=kept['a'] * 10)",
    "rows.to_csv('rows.csv')\nprint(len(kept), limit)",
)


def package(*cells: str) -> Path:
    """The module below ``p`` that holds the steps of these cells."""
    write("a.ipynb", *cells)
    assert chasm_("convert", "a.ipynb", "-o", "p", "--name", "keeping").exit_code == 0
    return Path("p/src/keeping")


def lasts(results: tuple[Result, ...]) -> dict[str, tuple[Status, int | None]]:
    return {r.name: (r.status, r.cell) for r in results if r.kind == "variable"}


def test_returns_and_settings_are_compared_in_the_cell_of_their_last_value() -> None:
    package(*CELLS)
    verdict = chasm.verify("a.ipynb", "p")
    assert verdict.agrees
    found = lasts(verdict.results)
    assert found["kept"] == (Status.EQUAL, 3)
    assert found["rows"] == (Status.EQUAL, 1)
    assert found["limit"] == (Status.EQUAL, 1)


def test_a_wrong_value_that_nothing_prints_or_saves_is_found_out() -> None:
    home = package(*CELLS)
    (source,) = [path for path in home.glob("*.py") if "* 10" in path.read_text()]
    source.write_text(source.read_text().replace("* 10", "* 11"))
    result = chasm_("verify", "a.ipynb", "p")
    assert result.exit_code == 1
    line = "a.ipynb:cell 3: differs: last value kept: column 'c', at 0: 20 in the notebook, 22"
    assert line in result.stdout


def test_another_setting_is_found_out() -> None:
    package(*CELLS)
    config = Path("p/src/keeping/config.py")
    text = config.read_text()
    assert "limit: int = 2" in text
    config.write_text(text.replace("limit: int = 2", "limit: int = 1"))
    verdict = chasm.verify("a.ipynb", "p")
    assert lasts(verdict.results)["limit"] == (Status.DIFFERS, 1)


def test_what_a_transformer_learned_is_compared_with_the_variable_that_held_it() -> None:
    home = package(
        "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression\n"
        "rows = pd.DataFrame({'age': [20.0, None, 41.0, 50.0, 31.0], 'quit': [0, 1, 1, 0, 1]})\n"
        "rows.to_csv('rows.csv', index=False)",
        "df = pd.read_csv('rows.csv')\nage_median = df['age'].median()\n"
        "df['age'] = df['age'].fillna(age_median)",
        "model = LogisticRegression()\nmodel.fit(df[['age']], df['quit'])\n"
        "print(model.score(df[['age']], df['quit']))",
    )
    features = home / "features.py"
    text = features.read_text()
    assert "self.age_median_ = " in text
    right = lasts(chasm.verify("a.ipynb", "p").results)
    assert right["age_median"] == (Status.EQUAL, 2)
    features.write_text(text.replace(".median()", ".mean()"))
    verdict = chasm.verify("a.ipynb", "p")
    assert lasts(verdict.results)["age_median"] == (Status.DIFFERS, 2)
    (found,) = [r.difference for r in verdict.results if r.name == "age_median"]
    assert found is not None
    assert (found.notebook, found.package) == ("36", "35.5")


def test_what_two_runs_do_not_repeat_is_unstable() -> None:
    package(
        "import random\nimport pandas as pd\nrows = pd.DataFrame({'a': [random.random()]})",
        "rows.to_csv('rows.csv')",
    )
    verdict = chasm.verify("a.ipynb", "p")
    assert verdict.agrees
    assert lasts(verdict.results) == {"rows": (Status.UNSTABLE, 1)}


def test_a_step_with_other_returns_is_another_step() -> None:
    home = package(*CELLS)
    (source,) = [path for path in home.glob("*.py") if "* 10" in path.read_text()]
    text = source.read_text()
    assert text.count("return kept\n") >= 1
    source.write_text(text.replace("return kept\n", "given = kept\n    return given\n"))
    assert "kept" not in lasts(chasm.verify("a.ipynb", "p").results)


def test_nothing_is_said_of_last_values_when_the_notebook_does_not_end() -> None:
    home = package(*CELLS)
    write("a.ipynb", *CELLS, "1 / 0")
    assert home.is_dir()
    assert lasts(chasm.verify("a.ipynb", "p").results) == {}


def test_a_value_that_is_only_drawn_from_later_keeps_the_last_value_of_its_step() -> None:
    home = package(
        "import pandas as pd\nrows = pd.DataFrame({'a': [1, 1, 3], 'b': [0.5, 1.5, 2.5]})",
        "means = rows.groupby('a').agg(low=('b', 'min'), mean=('b', 'mean'))\nmeans.describe()",
        "means['low'].plot.pie()",
    )
    assert lasts(chasm.verify("a.ipynb", "p").results)["means"] == (Status.EQUAL, 2)
    (source,) = [path for path in home.glob("*.py") if '"mean")' in path.read_text()]
    source.write_text(source.read_text().replace('"mean")', '"sum")'))
    assert lasts(chasm.verify("a.ipynb", "p").results)["means"] == (Status.DIFFERS, 2)
