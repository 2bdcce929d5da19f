"""Which statements of the report stand in one function."""

import ast
import json
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


LOOKED_AT = """\
import matplotlib.pyplot as plt
import pandas as pd
visits = pd.read_csv("visits.csv")
print(visits.shape)
"""


def test_where_all_is_shown_the_data_are_made_apart_from_the_report() -> None:
    source = write(
        "a.ipynb",
        LOOKED_AT,
        "# ages in decades\nvisits['age'] = visits['age'] / 10",
        "old = visits[visits['age'] > 6]\nprint(old['age'].mean())",
        "plt.style.use('ggplot')",
        "plt.hist(visits['age'])",
    )
    convert(source, "made")
    made = {
        path.stem: [n.name for n in ast.parse(path.read_text()).body if hasattr(n, "name")]
        for path in Path("made").glob("src/*/*.py")
    }
    assert made["data"] == ["load_visits", "clean_age"]
    assert made["report"] == [
        "print_shape",
        "print_mean",
        "set_plot_style",
        "age_histogram",
        "write",
    ]


MODELS = """\
import matplotlib.pyplot as plt
import pandas as pd
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.metrics import r2_score
visits = pd.read_csv("visits.csv")
"""
MODEL = """\
{name} = {model}().fit(visits[["age"]], visits["back"])
{name}_guess = {name}.predict(visits[["age"]])
"""
DRAWN = """\
plt.scatter(visits["back"], {name}_guess)
plt.title("Said and true")
plt.show()
"""


def test_what_is_drawn_of_two_models_is_drawn_by_one_function() -> None:
    cells = [MODELS]
    for name, model in (("line", "LinearRegression"), ("ridge", "Ridge")):
        cells += [MODEL.format(name=name, model=model), DRAWN.format(name=name)]
    cells.append("r2_score(visits['back'], ridge_guess)")
    convert(write("a.ipynb", *cells), "made")
    (report,) = Path("made").glob("src/*/report.py")
    tree = ast.parse(report.read_text())
    made = {n.name: ast.unparse(n) for n in tree.body if isinstance(n, ast.FunctionDef)}
    drawing = [name for name, text in made.items() if "plt.scatter" in text]
    assert drawing == ["said_and_true"]
    assert "output.figure(name)" in made["said_and_true"]
    assert "'said_and_true', output" in made["write"]
    assert "'said_and_true_of_ridge_guess', output" in made["write"]


OWN = """\
import pandas as pd
from sklearn.linear_model import LinearRegression
visits = pd.read_csv("visits.csv")
ages, back = visits[["age"]], visits["back"]
def score_of(model):
    model.fit(ages, back)
    print(model.score(ages, back))
    return model
"""


def test_calls_that_are_alike_of_a_function_that_reads_the_notebook() -> None:
    """What is handed in beside the arguments has no name in the call."""
    cells = [OWN]
    for name in ("one", "two", "three"):
        cells.append(f"{name} = LinearRegression()\n{name}_fitted = score_of({name})")
    done = convert(write("a.ipynb", *cells), "made")
    assert (done.folder / "pyproject.toml").exists()


SHOWN_INSIDE = """\
def compare(left, right):
    plt.figure()
    plt.plot(left)
    plt.plot(right)
    plt.show()
"""


def test_a_helper_that_shows_its_figure_leaves_none_to_save() -> None:
    convert(
        write("a.ipynb", READ, SHOWN_INSIDE, "title = 'both'\ncompare(df['a'], df['b'])"), "made"
    )
    (saving,) = functions_that("output.figure(")
    assert saving.startswith("def compare(")


def test_a_helper_that_may_end_before_it_shows_leaves_its_figure_to_the_cell() -> None:
    early = SHOWN_INSIDE.replace(
        "    plt.show()", "    if left is right:\n        return\n    plt.show()"
    )
    convert(write("a.ipynb", READ, early, "compare(df['a'], df['b'])"), "made")
    assert len(functions_that("output.figure(")) == 2


def test_a_package_looks_for_no_more_pictures_of_a_cell_than_it_surely_had() -> None:
    source = write("a.ipynb", READ, "plt.plot(df['a'])\nplt.show()\nplt.subplots_adjust(top=3)")
    content = json.loads(source.read_text())
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "aaaa"}}
    content["cells"][1]["outputs"] = [picture]
    source.write_text(json.dumps(content))
    convert(source, "made")
    assert len(functions_that("output.figure(")) == 2
    tests = Path("made/tests/test_notebook.py").read_text()
    assert tests.count(".png") == 1
