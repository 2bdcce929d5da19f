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


def functions_that(words: str) -> list[str]:
    """The functions of the package made of the notebook in whose code ``words`` stand."""
    trees = [ast.parse(path.read_text()) for path in Path("made").glob("src/*/*.py")]
    functions = [n for tree in trees for n in tree.body if isinstance(n, ast.FunctionDef)]
    return [text for text in map(ast.unparse, functions) if words in text]


READ = "import pandas as pd\nimport matplotlib.pyplot as plt\ndf = pd.read_csv('a.csv')\nalias = df"
CHANGED = (
    "from sklearn.linear_model import LogisticRegression\ndf.drop_duplicates(inplace=True)\n"
    "model = LogisticRegression().fit(df[['a', 'b']], df['t'])"
)


def test_a_long_figure_is_drawn_by_one_function_where_the_product_draws_it() -> None:
    parts = [f"plt.subplot(20, 1, {i})\nplt.plot(df['a'] + {i})" for i in range(1, 21)]
    drawn = "\n".join(["plt.figure()", *parts, "plt.show()", "plt.plot(df['b'])"])
    convert(write("a.ipynb", READ, drawn, CHANGED), "made")
    (drawing,) = functions_that("plt.subplot(20, 1, 1)")
    assert "plt.subplot(20, 1, 20)" in drawing
    assert len(functions_that("output.figure(")) == 2


def test_a_figure_that_several_functions_draw_is_saved_by_the_last() -> None:
    drawn = "plt.figure()\nplt.plot(df['a'])\ndf['a'] = df['a'] * 2\nplt.plot(df['a'])\nplt.show()"
    convert(write("a.ipynb", READ, drawn, CHANGED), "made")
    (saving,) = functions_that("output.figure(")
    assert saving not in functions_that("plt.figure()")
