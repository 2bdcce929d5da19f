"""A file of any dialect becomes the same cells, with its magics translated line for line.

A case of a magic is a file in ``cases/magics``: the cell, ``---``, its translation, ``---``, and
what is said of it: ``left out: REASON``, ``requires NAME``, ``dropped LINE: REASON``,
``LINE: NOTE``.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from support.cells import code, notebook, read
from support.folders import ROOT

from chasm.model import CellKind, Notebook
from chasm.read.magics import translate_cell

MAGICS = sorted((ROOT / "tests" / "cases" / "magics").glob("*.txt"))


def sources(read: Notebook, kind: CellKind = CellKind.CODE) -> list[str]:
    return [cell.source for cell in read.cells if cell.kind is kind]


@pytest.mark.parametrize("path", MAGICS, ids=lambda path: path.stem)
def test_magics_are_translated_line_for_line(path: Path) -> None:
    given, wanted, said = path.read_text(encoding="utf-8").split("---\n")
    found = translate_cell(given.removesuffix("\n"))
    assert found.source + "\n" == wanted
    assert len(found.source.split("\n")) == len(given.removesuffix("\n").split("\n"))
    words = [f"left out: {found.left_out}"] if found.left_out else []
    words += [f"requires {name}" for name in found.requirements]
    words += [f"dropped {line}: {reason}" for line, reason in found.dropped]
    words += [f"{line}: {note}" for line, note in found.notes]
    assert words == said.splitlines()


def test_cells_of_nbformat_4(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        notebook(
            {"cell_type": "markdown", "metadata": {}, "source": ["# A\n", "b"]},
            code(["x = 1\n", "y = 2"], execution_count=7, metadata={"tags": ["parameters", 3]}),
            {"cell_type": "raw", "metadata": {}, "source": "z"},
        ),
    )
    assert [cell.kind for cell in found.cells] == list(CellKind)[1::-1] + [CellKind.OTHER]
    assert sources(found) == ["x = 1\ny = 2"]
    assert (found.cells[1].index, found.cells[1].execution_count) == (2, 7)
    assert found.cells[1].tags == ("parameters",)
    assert (found.name, found.file, found.findings) == ("a", "a.ipynb", ())


def test_nbformat_3(tmp_path: Path) -> None:
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {
                "metadata": {},
                "cells": [
                    {"cell_type": "heading", "level": 2, "metadata": {}, "source": ["Data"]},
                    {
                        "cell_type": "code",
                        "collapsed": False,
                        "input": ["x = 1\n", "print(x)"],
                        "language": "python",
                        "metadata": {},
                        "outputs": [],
                        "prompt_number": 4,
                    },
                ],
            }
        ],
    }
    found = read(tmp_path, old)
    assert sources(found, CellKind.MARKDOWN) == ["## Data"]
    assert sources(found) == ["x = 1\nprint(x)"]
    assert found.cells[1].execution_count == 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = json.dumps(notebook(code("x = 'Größe'")), ensure_ascii=False)
    data = text.encode(encoding)
    if encoding == "utf-16-le":
        data = b"\xff\xfe" + data
    assert sources(read(tmp_path, data)) == ["x = 'Größe'"]


def test_line_ends_are_those_of_unix(tmp_path: Path) -> None:
    assert sources(read(tmp_path, notebook(code("a = 1\r\nb = 2\rc = 3")))) == [
        "a = 1\nb = 2\nc = 3"
    ]
    percent = b"# %%\r\na = 1\r\n# %%\r\nb = 2\r\n"
    assert sources(read(tmp_path, percent, "a.py")) == ["a = 1", "b = 2"]


def test_percent_format(tmp_path: Path) -> None:
    text = """\
# ---
# jupyter:
#   jupytext: {}
# ---

import os

# %% [markdown]
# # Title
# words

# %% tags=["chasm-skip", "b"]
x = 1
# %matplotlib inline

# %% a name
# !ls
y = 2
# %% [raw]
z
"""
    found = read(tmp_path, text, "a.py")
    assert sources(found, CellKind.MARKDOWN) == ["# Title\nwords"]
    assert sources(found) == ["import os", "x = 1\n", "\ny = 2"]
    assert sources(found, CellKind.OTHER) == ["z\n"]
    assert found.cells[2].tags == ("chasm-skip", "b")
    assert [cell for cell, _, _ in found.dropped_lines] == [3, 4]


def test_source_of_the_other_kind(tmp_path: Path) -> None:
    text = """\
# Databricks notebook source
# MAGIC %md
# MAGIC # Title

# COMMAND ----------

# DBTITLE 1,Load
x = 1

# COMMAND ----------

# MAGIC %sql
# MAGIC SELECT 1

# COMMAND ----------

# MAGIC %pip install pandas
"""
    found = read(tmp_path, text, "a.py")
    assert [s.strip() for s in sources(found, CellKind.MARKDOWN)] == ["# Title", "## Load"]
    assert [cell.left_out for cell in found.cells if cell.kind is CellKind.CODE] == [
        None,
        "a %sql cell, not Python",
        None,
    ]
    assert found.requirements == ("pandas",)
    assert [finding.message for finding in found.findings] == ["a %sql cell, not Python"]


ODD_CELLS = {
    "of an unknown type": {"cell_type": "video", "source": "x"},
    "whose source is a number": {"cell_type": "code", "source": 5},
    "whose source is a list of numbers": {"cell_type": "code", "source": [1, 2]},
    "without a source": {"cell_type": "code"},
}


@pytest.mark.parametrize("odd", ODD_CELLS.values(), ids=ODD_CELLS)
def test_an_odd_cell_is_a_finding(tmp_path: Path, odd: dict[str, Any]) -> None:
    found = read(tmp_path, notebook(odd, code("x = 1")))
    assert [(finding.cell, finding.code) for finding in found.findings] == [(1, "CH001")]
    assert found.cells[1].source == "x = 1"


def test_odd_metadata_is_no_obstacle(tmp_path: Path) -> None:
    cells = [
        code("x = 1", metadata=None, execution_count="3"),
        code("y = 2", metadata={"tags": "a"}),
    ]
    found = read(tmp_path, notebook(*cells, metadata=[], nbformat_minor="x"))
    assert sources(found) == ["x = 1", "y = 2"]
    assert [(cell.execution_count, cell.tags) for cell in found.cells] == [(None, ()), (None, ())]
