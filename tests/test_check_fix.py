"""`chasm check --fix` mends what it can and leaves every other byte of the file as it is."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.command import chasm_
from support.snippets import ipynb

pytestmark = pytest.mark.usefixtures("own_folder")

READ = "# %%\nimport pandas as pd\ndf = pd.read_csv('ä.csv')\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("df['x'].fillna(0, inplace=True)", "df['x'] = df['x'].fillna(0)"),
        ("df.x.fillna(inplace=True, value=0)", "df.x = df.x.fillna(value=0)"),
        ("df['x'].replace({'ä': 1}, inplace = True)", "df['x'] = df['x'].replace({'ä': 1})"),
        (
            "for c in ['x']: df[c].fillna(df[c].mean(), inplace=True)",
            "for c in ['x']: df[c] = df[c].fillna(df[c].mean())",
        ),
        (
            "import os; print([n for n in os.listdir('x')])",
            "import os; print([n for n in sorted(os.listdir('x'))])",
        ),
        ("print(1)  # chasm: ignore[CH503] no more", "print(1)"),
    ],
)
def test_the_line_is_mended_and_nothing_else(before: str, after: str) -> None:
    path = Path("a.ipynb")
    text = ipynb(f"{READ}{before}\nprint(df)\n#> 1\n")
    path.write_text(text, encoding="utf-8")
    done = chasm_("check", "--fix", "--no-cache", path)
    assert (done.exit_code, done.stderr) == (0, "Mended 1 finding\n")
    assert path.read_text(encoding="utf-8") == ipynb(f"{READ}{after}\nprint(df)\n#> 1\n")


def test_escapes_and_layout_of_other_writers_stay() -> None:
    path = Path("a.ipynb")
    text = (
        '{"nbformat":4,"nbformat_minor":2,"metadata":{ },"cells":[{"cell_type":"code",\t"source":'
        '["import pandas as pd\\n","df = pd.read_csv(\\"\\u00e4\\")\\n",'
        '"df[\\"\\u00e4\\\\u003c\\/\\"].fillna(0, inplace=True)\\n"],"outputs":[],'
        '"execution_count":null,"metadata":{}}]}'
    )
    path.write_bytes(text.encode())
    assert "Mended 1" in chasm_("check", "--fix", "--no-cache", path).stderr
    column = 'df[\\"\\u00e4\\\\u003c\\/\\"]'
    wanted = text.replace(f"{column}.fillna(0, inplace=True)", f"{column} = {column}.fillna(0)")
    # What is put in is written as JSON writes it; the old text keeps its own escapes.
    assert path.read_text(encoding="utf-8") == wanted.replace(
        f"{column} = ", column.replace("\\/", "/") + " = "
    )


def test_a_statement_over_several_lines_is_left_to_its_author() -> None:
    path = Path("a.ipynb")
    text = ipynb(f"{READ}df['x'].fillna(0,\n    inplace=True)\nprint(df)")
    path.write_text(text, encoding="utf-8")
    done = chasm_("check", "--fix", "--no-cache", path)
    assert (done.exit_code, path.read_text(encoding="utf-8")) == (1, text)


def test_a_source_that_is_one_string_is_mended_in_it() -> None:
    path = Path("a.ipynb")
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "one",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": "import os\nfor n in os.listdir('ä'):\n    print(n)\nfor n in os.listdir('b'): n",
    }
    before = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    text = "\ufeff" + json.dumps(before, ensure_ascii=False, indent=2) + "\r\n\r\n"
    path.write_bytes(text.encode("utf-8"))
    assert chasm_("check", "--fix", "--no-cache", path).exit_code == 0
    after = text.replace("os.listdir('ä')", "sorted(os.listdir('ä'))")
    after = after.replace("os.listdir('b')", "sorted(os.listdir('b'))")
    assert path.read_bytes() == after.encode("utf-8")


def test_what_is_not_written_in_place_is_not_said_to_be_mended() -> None:
    path = Path("a.py")
    path.write_text("# %%\nimport os\nfor n in os.listdir('x'):\n    print(n)\n", encoding="utf-8")
    done = chasm_("check", "--fix", "--no-cache", path)
    assert (done.exit_code, "CH202" in done.stdout, "--fix" in done.stdout) == (1, True, False)
