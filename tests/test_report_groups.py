"""Which statements of the report stand in one function."""

import ast
from pathlib import Path

import pytest
from support.command import write

from chasm import convert

pytestmark = pytest.mark.usefixtures("own_folder")


def test_what_an_unknown_library_draws_stands_with_the_figure_that_was_opened_for_it() -> None:
    source = write(
        "a.ipynb",
        "import matplotlib.pyplot as plt\nfrom unknown_plots import plot_regions",
        "style = {'s': 150}\nplt.figure(figsize=(10, 5))\nplot_regions([1, 2], style=style)",
    )
    convert(source, "made")
    (report,) = Path("made").glob("src/*/report.py")
    functions = [n for n in ast.parse(report.read_text()).body if isinstance(n, ast.FunctionDef)]
    texts = [ast.unparse(function) for function in functions]
    assert [("plot_regions(" in text) for text in texts if "plt.figure" in text] == [True]
