"""What the README of a package tells its reader."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from chasm import convert

READ = 'import pandas as pd\ndf = pd.read_csv("visits.csv")\n'
FIT = "from sklearn.ensemble import RandomForestClassifier\n"


def readme_of(tmp_path: Path, *cells: str | dict[str, Any]) -> str:
    """The README of the package made of a notebook with these cells."""
    made = [one if isinstance(one, dict) else code(one) for one in cells]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}
    path = tmp_path / "visits.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    done = convert(path, tmp_path / "made", name="visits")
    return (done.folder / "README.md").read_text("utf-8")


def code(source: str, count: int | None = None, error: str | None = None) -> dict[str, Any]:
    """A cell, run as number ``count``, and the exception in which it ended."""
    found: dict[str, Any] = {"cell_type": "code", "metadata": {}, "source": source}
    ended: dict[str, Any] = {"output_type": "error", "ename": error, "evalue": "", "traceback": []}
    return found | {"execution_count": count, "outputs": [ended] if error else []}


def notes(text: str) -> list[str]:
    """The lines of the section with what to look at, without escapes."""
    _, _, rest = text.partition("## Look at this before you rely on it\n")
    part = rest.partition("\n## ")[0].replace("\\", "")
    return [line.removeprefix("- ") for line in part.splitlines() if line.startswith("- ")]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('model = RandomForestClassifier()\nmodel.fit(df[["a"]], df["b"])\n'
         'print(model.predict(df[["a"]]))',
         "RandomForestClassifier may give other values in every run: pass random_state."),
        ('df["a"].fillna(0, inplace=True)\ndf.to_csv("out.csv")',
         'changes df["a"] through a temporary column: from pandas 3 on the frame stays as it was; '
         "here it is changed, as it was for the author."),
        ('df = pd.read_csv("C:/Users/me/visits.csv")\nprint(df.sum())',
         "the path 'C:/Users/me/visits.csv' is there only on a machine like the author's."),
    ],
)  # fmt: skip
def test_what_a_check_says_of_carried_code_is_told(source: str, said: str, tmp_path: Path) -> None:
    assert f"**Cell 2**: {said}" in notes(readme_of(tmp_path, READ + FIT, source))


def test_what_a_check_says_of_code_that_was_left_out_is_not_told(tmp_path: Path) -> None:
    text = readme_of(tmp_path, READ, "df.sample(3)", "print(df.sum())")
    assert not [line for line in notes(text) if "other values in every run" in line]


def test_the_last_run_of_the_notebook_is_told(tmp_path: Path) -> None:
    cells = code(READ, 5), code("print(df.sum())", 3), code("df.head()", 4, "NameError")
    told = notes(readme_of(tmp_path, *cells, code('df["a"].hist()', 6, "KeyError")))
    assert told[:3] == [
        "**Cell 2**: was run as In [3], before cell 1 above it, which was In [5]: "
        "what the notebook shows may not be what its cells give in their order.",
        "**Cell 3**: ended in NameError when it was last run; nothing of it is here.",
        "**Cell 4**: ended in KeyError when it was last run; its code is here as it was.",
    ]


def test_what_is_the_same_in_several_cells_is_told_once(tmp_path: Path) -> None:
    draws = [f"import numpy as np\nx{n} = np.random.rand(3)\nprint(x{n})" for n in range(3)]
    told = notes(readme_of(tmp_path, READ, *draws))
    assert told[0] == (
        "**Cells 2-4**, each: rand gives other values in every run: "
        "nothing seeds the stream of numpy."
    )


def test_of_one_check_a_few_lines_are_enough(tmp_path: Path) -> None:
    names = ["rand", "randn", "random", "normal", "uniform"]
    draws = [f"import numpy as np\ny{n} = np.random.{n}(size=3)\nprint(y{n})" for n in names[2:]]
    draws += [f"import numpy as np\ny{n} = np.random.{n}(3)\nprint(y{n})" for n in names[:2]]
    told = notes(readme_of(tmp_path, READ, *draws))
    assert len([line for line in told if "in every run" in line]) == 3
    assert told[3] == "2 more like these: `chasm check` lists them as CH201."


def rows(text: str) -> dict[str, tuple[str, str]]:
    """The table of cells, without its head."""
    lines = [line.split(" | ") for line in text.splitlines() if line.startswith("| ")][2:]
    return {cell.removeprefix("| "): (was, now.removesuffix(" |")) for cell, was, now in lines}


def test_a_cell_is_known_by_what_it_defines_or_changes(tmp_path: Path) -> None:
    cells = ["def total(df):\n    return df.sum()", 'df["c"] = df["a"] + 1', "df = df[df.c > 1]"]
    found = rows(readme_of(tmp_path, READ, *cells, "print(total(df))", "df.info()"))
    assert [was for was, _ in list(found.values())[:4]] == [
        "imports, `read_csv`",
        "`def total`",
        "`c`",
        "`df`",
    ]


def test_what_is_left_out_is_told_once(tmp_path: Path) -> None:
    found = rows(
        readme_of(tmp_path, READ + "df.head()", "df.info()", "df.tail()", "print(df.sum())")
    )
    assert found == {
        "1": ("imports, `read_csv`, `head`", "`data.load_visits`; the rest left out: a look"),
        "4": ("`sum`", "`report.print_df`"),
        "2-3": ("`info`, `tail`", "left out: no result depends on it"),
    }


@pytest.mark.parametrize(
    ("code", "now"),
    [
        ("import pandas as pd\nimport os", "the head of the modules that use them"),
        ("import os\nimport sys", "left out: nothing uses them"),
        (
            "import warnings, pandas as pd\nwarnings.filterwarnings('ignore')",
            "the head of the modules that use them; "
            "left out: a package does not silence the warnings of its user",
        ),
    ],
)
def test_imports_stand_where_they_are_used(code: str, now: str, tmp_path: Path) -> None:
    text = readme_of(tmp_path, code, 'df = pd.read_csv("visits.csv")' * ("pandas" in code))
    assert rows(text)["1"][1] == now


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("print(df.sum())", "all that the notebook did: prints into reports/"),
        (
            'print(1)\ndf["a"].hist()\ndf.groupby("a").sum()',
            "all that the notebook did: figures, tables and prints into reports/",
        ),
        ('df.to_csv("out.csv")', "all that the notebook did"),
        ('df["a"].hist()', "all that the notebook did: figures into reports/"),
        ('df.groupby("a").sum()', "all that the notebook did: tables into reports/"),
    ],
)
def test_what_a_run_gives_is_what_there_is(code: str, said: str, tmp_path: Path) -> None:
    assert f"run          # {said}\n" in readme_of(tmp_path, READ, code)


def test_the_flow_has_one_way_into_the_report(tmp_path: Path) -> None:
    cells = ["print(df.sum())", "df = df.dropna()", "print(df.mean())", 'df.to_csv("out.csv")']
    text = readme_of(tmp_path, READ, *cells)
    assert len(re.findall("--> report$", text, re.MULTILINE)) == 1
