"""Last values of a notebook that nobody reads: which of them the package hands over."""

from pathlib import Path

import pytest
from support.stages import make

from chasm import convert

NOTEBOOK = """\
# %%
import matplotlib.pyplot as plt
import pandas as pd
data = pd.read_csv("visits.csv")
# %%
rest, _ = divmod(len(data), 7)
# %%
mean = data["age"].mean()
print("Mean", mean)
# %%
fig, ax = plt.subplots()
ax.plot(data["age"])
"""


def test_the_package_keeps_values_but_no_figure_and_nothing_unwanted(tmp_path: Path) -> None:
    texts = make(NOTEBOOK, tmp_path).module_texts()
    own = "\n".join(texts.values())
    assert "    return rest\n" in own
    assert "return fig" not in own
    assert "return ax" not in own


def test_the_report_names_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    files = make(NOTEBOOK, tmp_path).files
    (report,) = (text for path, text in files.items() if path.endswith("report.py"))
    written = report.partition("def write(")[2]
    assert "mean = " not in written
    assert "noqa: F841" not in report


PAIR = """\
# %%
import pandas as pd
train = pd.read_csv("train.csv")
later = pd.read_csv("later.csv")
# %%
both = [train, later]
for table in both:
    table["sex"] = table["sex"].map({"male": 0, "female": 1})
# %%
print(train["sex"].mean(), later["sex"].mean())
"""


def test_a_list_that_a_loop_alone_went_through_goes_with_it(tmp_path: Path) -> None:
    model = "from sklearn.linear_model import LinearRegression\n"
    model += "model = LinearRegression().fit(train[['sex']], train['age'])\nprint(model.coef_)\n"
    (tmp_path / "pair.py").write_text(PAIR + model)
    folder = convert(tmp_path / "pair.py", tmp_path / "made", name="pair").folder
    own = "\n".join(path.read_text() for path in folder.glob("src/pair/*.py"))
    assert "both =" not in own
    assert own.count('.map({"male": 0, "female": 1})') == 2


LEFTOVER = """\
# %%
import pandas as pd
visits = pd.read_csv("visits.csv").dropna()
# %%
visits["age"].hist()
# %%
count = 0
"""


def test_a_constant_that_nobody_reads_takes_no_step_out_of_the_data(tmp_path: Path) -> None:
    texts = make(LEFTOVER, tmp_path).module_texts()
    assert "pd.read_csv(" in texts["data"]
    assert "count = 0" in texts["data"]
    assert "read_csv" not in texts["report"]


@pytest.mark.parametrize("drawn", ["visits.plot()", "sns.pairplot(visits)", "sns.displot(visits)"])
def test_what_draws_in_the_call_that_shows_it_stays(drawn: str, tmp_path: Path) -> None:
    part = "get_figure()" if drawn == "visits.plot()" else "figure"
    code = f"# %%\nimport seaborn as sns\n{LEFTOVER[5:]}# %%\n{drawn}.{part}.show()\n"
    report = make(code, tmp_path).module_texts()["report"]
    assert f"    {drawn}.{part}.show()\n    output.figure(" in report


DRAWN = """\
# %%
import numpy as np
import pandas as pd
import statsmodels.api as sm
visits = pd.read_csv("visits.csv")
np.random.seed(0)
# %%
noise = np.random.normal(size=3)
print(noise.mean())
# %%
fit = sm.Logit(visits["back"], visits[["age"]]).fit({given})
print(fit.params)
"""


@pytest.mark.parametrize(("given", "waits"), [("", True), ("method='basinhopping'", False)])
def test_a_draw_stands_before_a_fit_that_draws_itself(
    given: str, waits: bool, tmp_path: Path
) -> None:
    texts = make(DRAWN.format(given=given), tmp_path).module_texts()
    assert ("np.random.normal" in texts["report"]) is waits


@pytest.mark.parametrize("value", ["\\x00", "\\u202e", "\\x1b[0m", "a'b\\n"])
def test_what_is_compared_with_reaches_no_name_unless_it_is_plain(
    value: str, tmp_path: Path
) -> None:
    code = f'{LEFTOVER}# %%\nprint((visits["town"] == "{value}").sum())\n'
    made = make(code, tmp_path)
    assert all(text.isprintable() for text in "".join(made.files.values()).split("\n"))
    assert "Print the count" in made.module_texts()["report"]


NEVER_MADE = """\
# %%
import odd
kinds = ["time"]
first = odd.Data("a.nc", kinds)
second = odd.Data(never_made, kinds)
# %%
print("First: %s" % first.kind("time"))
print("Second: %s" % second.kind("time"))
# %%
print(second)
"""


def test_what_nothing_has_made_is_not_there_after_a_change_either(tmp_path: Path) -> None:
    texts = make(NEVER_MADE, tmp_path).module_texts()
    assert any('first.kind("time")' in text for text in texts.values())
    assert not any("second" in text for text in texts.values())
