"""A thousand notebooks as nobody writes them: a package, or one clear error."""

import ast
import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.odd import CELLS, structures

from chasm.analyse import analyse, imported_roots
from chasm.analyse.statements import Tree
from chasm.emit import emit_project
from chasm.errors import InputError
from chasm.plan import make_plan
from chasm.read import parse_notebook
from chasm.rulebook import load_rulebook

#: The rules of all libraries are read once: what is not imported does no harm.
EVERY = {"pandas", "numpy", "matplotlib", "sklearn", "*"}
QUICK = settings(
    max_examples=500, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


def made(text: str) -> dict[str, str]:
    """The package of a notebook's JSON, without formatters; empty when it is refused.

    A refusal must be one line, and must not be the meaning check's: that is chasm's own fault.
    """
    try:
        notebook = parse_notebook(Path("a.ipynb"), text)
        book = load_rulebook(EVERY | imported_roots(notebook))
        trees: list[Tree] = []
        plan = make_plan(analyse(notebook, book, trees), book, "made", trees)
        return emit_project(plan).files
    except InputError as error:
        refusal = str(error)
    assert refusal
    assert "\n" not in refusal
    assert "would not mean the same" not in refusal
    return {}


def parses(files: dict[str, str]) -> None:
    for path, text in files.items():
        if path.endswith(".py"):
            ast.parse(text)


@QUICK
@given(st.lists(CELLS, min_size=1, max_size=4))
def test_cells_put_together_at_random(cells: list[str]) -> None:
    listed = [{"cell_type": "code", "source": cell, "metadata": {}} for cell in cells]
    parses(made(json.dumps({"nbformat": 4, "cells": listed, "metadata": {}})))


@QUICK
@given(structures())
def test_json_that_is_almost_a_notebook(content: Any) -> None:
    parses(made(json.dumps(content)))
