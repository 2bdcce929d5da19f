"""What Markdown says of cells stands in docstrings and in the README."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from chasm import convert

READ = 'import pandas as pd\ndf = pd.read_csv("visits.csv")\n'
DRAW = 'df["age"].hist()'
TEXT = "Some towns are written in two ways. They are the same town."


def made_of(tmp_path: Path, *cells: tuple[str, str]) -> Path:
    """The package of a notebook; a cell is ``md``, ``code``, ``drew`` or ``told`` with its text."""
    picture = {"output_type": "display_data", "data": {"image/png": "aGk="}, "metadata": {}}
    told = {"output_type": "stream", "name": "stdout", "text": "hi\n"}
    outputs: dict[str, list[dict[str, Any]]] = {"drew": [picture], "told": [told], "code": []}
    found = [
        {"cell_type": "markdown", "metadata": {}, "source": text}
        if kind == "md"
        else {
            "cell_type": "code", "metadata": {}, "source": text, "execution_count": 1,
            "outputs": outputs[kind],
        }
        for kind, text in cells
    ]  # fmt: skip
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": found}
    path = tmp_path / "visits.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return convert(path, tmp_path / "made", name="visits").folder


def bodies(folder: Path) -> list[str]:
    """What docstrings of functions say below their first lines."""
    trees = [ast.parse(path.read_text("utf-8")) for path in folder.glob("src/visits/report.py")]
    functions = [node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)]
    docs = [(ast.get_docstring(function) or "").partition("\n\n")[2] for function in functions]
    return [" ".join(doc.split()) for doc in docs if doc]


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        (TEXT, TEXT),
        (f"**Towns**\n\n{TEXT}", f"Towns. {TEXT}"),
        (
            "Steps that clean, as:\n\n1. Removing copies\n2. Parsing dates, e.g. of visits\n\nOne.",
            "Steps that clean, as: Removing copies; Parsing dates, e.g. of visits.",
        ),
        ("We look at the ages vs. Towns and see.", "We look at the ages vs. Towns and see."),
        (f"---\n\n**Note**\n\nThe cell above was wrong all the time.\n\n---\n\n{TEXT}", TEXT),
        (
            "### Observations from the ages\n\n1. **`age`**:\n   - Most are in their twenties."
            f"\n\n### Towns\n\n{TEXT}",
            TEXT,
        ),
        (f"### Next steps\n\n- Look at the ages of all of them.\n\n### Towns\n\n{TEXT}", TEXT),
        (f"Towns\n\n{TEXT}", f"Towns. {TEXT}"),
        (f"## Towns\n\n{TEXT}", TEXT),
        (f"{TEXT}\n\n| a | b |\n|---|---|\n\n```\nx = 1\n```\n$$x \\le 1$$", TEXT),
        (
            f"{TEXT} {'It goes on and on and on. ' * 20}",
            f"{TEXT} {'It goes on and on and on. ' * 9}",
        ),
        ('He said """ and then # so on.', "He said ''' and then # so on."),
        ("See https://example.com/page for all of it.", ""),
        ("Write to ada@example.com for all of it.", ""),
        ("- one\n- two\n- three", ""),
    ],
)
def test_what_stands_above_a_cell_is_in_its_docstring(
    markdown: str, said: str, tmp_path: Path
) -> None:
    folder = made_of(tmp_path, ("code", READ), ("md", markdown), ("code", "print(df.sum())"))
    assert bodies(folder) == ([said.strip()] if said else [])


def test_what_stands_below_a_figure_is_in_the_readme(tmp_path: Path) -> None:
    after = "The young are many. <b>Most</b> are | under [30](x)."
    folder = made_of(
        tmp_path, ("code", READ), ("drew", DRAW), ("md", after), ("code", "print(df.sum())")
    )
    assert bodies(folder) == []
    text = (folder / "README.md").read_text("utf-8")
    assert "- **Cell 2**: The young are many. Most are \\| under 30.\n" in text


@pytest.mark.parametrize(
    ("between", "back", "ahead"),
    [
        ("Now we look at the towns of all.", "", "Now we look at the towns of all."),
        (
            "H0: There is no difference between towns.",
            "",
            "H0: There is no difference between towns.",
        ),
        (
            "The young are many here.\n\nLet's look at the towns of all.",
            "The young are many here.",
            "Let's look at the towns of all.",
        ),
        ("Now we see that the young are many.", "Now we see that the young are many.", ""),
        ("First class has the young of all.", "First class has the young of all.", ""),
        ("Checkered are the towns of all.", "Checkered are the towns of all.", ""),
    ],
)
def test_a_text_below_a_figure_may_say_that_it_looks_ahead(
    between: str, back: str, ahead: str, tmp_path: Path
) -> None:
    folder = made_of(
        tmp_path, ("code", READ), ("drew", DRAW), ("md", between), ("code", "print(df.sum())")
    )
    assert bodies(folder) == ([ahead] if ahead else [])
    said = (folder / "README.md").read_text("utf-8")
    assert (f"- **Cell 2**: {back}\n" in said) if back else ("**Cell 2**" not in said)


def test_a_heading_that_repeats_a_figures_title_is_about_that_figure(tmp_path: Path) -> None:
    figure = f'{DRAW}\nplt.title("Ages of Visitors")'
    between = "### Ages of Visitors\n\nThis chart is of the ages of all.\n\n### Towns\n\n" + TEXT
    read = f"import matplotlib.pyplot as plt\n{READ}"
    folder = made_of(
        tmp_path, ("code", read), ("drew", figure), ("md", between), ("code", "print(df.sum())")
    )
    assert bodies(folder) == [TEXT]
    said = (folder / "README.md").read_text("utf-8")
    assert "- **Cell 2**: This chart is of the ages of all.\n" in said


@pytest.mark.parametrize("last", ["", "There it all goes down again."])
def test_figures_with_a_text_above_the_first_and_none_below_the_last_have_captions(
    last: str, tmp_path: Path
) -> None:
    texts = ["The ages of all of them.", "The towns of all of them.", "The pay of all of them."]
    cells = [("code", READ)]
    for text, column in zip(texts, ("age", "town", "pay"), strict=True):
        cells += [("md", text), ("drew", f'df["{column}"].hist()')]
    folder = made_of(tmp_path, *cells, ("md", last), ("code", "print(df.sum())"))
    said = (folder / "README.md").read_text("utf-8")
    if last:
        assert bodies(folder) == texts[:1]
        assert all(f": {text}\n" in said for text in [*texts[1:], last])
    else:
        assert bodies(folder) == texts
        assert not any(f": {text}\n" in said for text in texts)


def test_a_title_divides_what_stands_between_two_cells(tmp_path: Path) -> None:
    between = f"**Analysis**\n\nThe young are many here.\n\n**Towns**\n\n{TEXT}"
    folder = made_of(
        tmp_path, ("code", READ), ("drew", DRAW), ("md", between), ("code", "print(df.sum())")
    )
    assert bodies(folder) == [f"Towns. {TEXT}"]
    assert "- **Cell 2**: The young are many here.\n" in (folder / "README.md").read_text("utf-8")


def test_what_stands_above_the_last_heading_is_not_about_the_code_below(tmp_path: Path) -> None:
    before = "The young are many here, as we see.\n\n### Remarks\n\nSo are the old."
    between = f"{before}\n\n## Towns\n\n{TEXT}"
    folder = made_of(
        tmp_path, ("code", READ), ("code", DRAW), ("md", between), ("code", "print(df.sum())")
    )
    assert bodies(folder) == [TEXT]


@pytest.mark.parametrize("between", [TEXT, "**Mean**\n\nThe mean of all is 0.839 of a year here."])
def test_what_may_be_about_either_cell_is_told_of_none(between: str, tmp_path: Path) -> None:
    folder = made_of(
        tmp_path, ("code", READ), ("told", "print(1)"), ("md", between), ("code", "print(df.sum())")
    )
    assert bodies(folder) == []
    assert between not in (folder / "README.md").read_text("utf-8")


def test_no_secret_comes_along(tmp_path: Path) -> None:
    secret = "ghp_" + "Ab3" * 12
    folder = made_of(
        tmp_path,
        ("code", READ),
        ("md", f"The key is {secret} for all of us."),
        ("code", "print(df.sum())"),
    )
    assert all(
        secret not in path.read_text("utf-8") for path in folder.rglob("*.*") if path.is_file()
    )


def test_texts_that_state_something_are_no_captions(tmp_path: Path) -> None:
    cells = [("code", READ)]
    texts = [
        "The ages of all of them.",
        "The ages are many.",
        "The towns are two.",
    ]
    for text, column in zip(texts, ("age", "town", "pay"), strict=True):
        cells += [("md", text), ("drew", f'df["{column}"].hist()')]
    folder = made_of(tmp_path, *cells, ("code", "print(df.sum())"))
    assert bodies(folder) == texts[:1]


def test_empty_lines_cost_nothing_each(tmp_path: Path) -> None:
    text = TEXT + "\n" * 200_000 + "- more of it in a list"
    folder = made_of(tmp_path, ("code", READ), ("md", text), ("code", "print(df.sum())"))
    assert bodies(folder) == [f"{TEXT} more of it in a list."]


def test_what_the_author_concludes_is_in_the_readme(tmp_path: Path) -> None:
    end = "## 6. Conclusions\n\nThe **older** ones come more often.\n\n- Towns make no difference."
    after = "## Next\n\nNobody knows what comes then."
    made = made_of(tmp_path, ("code", READ), ("drew", DRAW), ("md", end), ("md", after))
    readme = (made / "README.md").read_text()
    section = readme.partition("## What the author concludes\n\n")[2].partition("\n\n##")[0]
    assert section.splitlines() == [
        "- The older ones come more often.",
        "- Towns make no difference.",
    ]
