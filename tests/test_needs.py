"""A package depends on what its libraries import by themselves."""

import tomllib
from pathlib import Path

import pytest
from support.stages import make

HEAD = "# %%\nimport pandas as pd\ndf = pd.read_csv('a.csv')\n# %%\n"


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("print(pd.read_excel('b.xlsx').mean())", {"openpyxl"}),
        ("print(pd.read_excel('b.XLS').mean())", {"xlrd"}),
        ("print(pd.read_excel(input()).mean())", {"openpyxl"}),
        ("print(len(pd.read_html('https://example.org/b.html')))", {"lxml"}),
        ("df.to_excel('b.xlsx')", {"openpyxl"}),
        ("df.to_parquet('b.parquet')", {"pyarrow"}),
        ("def load(path):\n    return pd.read_parquet(path)\nprint(load('b').mean())", {"pyarrow"}),
        ("df.to_csv('b.csv')", set[str]()),
    ],
)
def test_files_take_another_library(line: str, needed: set[str], tmp_path: Path) -> None:
    made = make(HEAD + line, tmp_path)
    project = tomllib.loads(made.files["pyproject.toml"])["project"]
    found = {one.partition(">")[0] for one in project["dependencies"]}
    assert found - {"pandas", "typer", "pydantic-settings"} == needed


@pytest.mark.parametrize(
    ("installed", "needed"),
    [
        ("Odd_Things", {"Odd_Things"}),
        ("odd-things==0.3", {"odd-things==0.3"}),
        ("'odd.things[all]>=1'", {"odd.things"}),
        ("other-things", set[str]()),
        ("--extra-index-url=https://example.org/ odd_things", set[str]()),
        ("-f https://example.org/ odd_things", set[str]()),
        ("git+https://example.org/odd_things", set[str]()),
    ],
)
def test_an_unknown_library_is_what_the_notebook_installs_under_its_name(
    installed: str, needed: set[str], tmp_path: Path
) -> None:
    line = f"!pip install {installed}\nimport odd_things\nprint(odd_things.of(df))"
    made = make(HEAD + line, tmp_path)
    project = tomllib.loads(made.files["pyproject.toml"])["project"]
    found = {one.partition(">")[0] for one in project["dependencies"]}
    assert found - {"pandas", "typer", "pydantic-settings"} == needed
    assert ("does not know what to install" in made.files["README.md"]) == (not needed)
