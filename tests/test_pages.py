"""Interactive figures of a notebook are pages among the other figures of its package."""

from pathlib import Path

from support.process import python

from chasm import convert

NOTEBOOK = """\
# %%
import pandas as pd
import plotly.express as px
import plotly.graph_objs as go
from plotly.offline import init_notebook_mode, iplot
init_notebook_mode(connected=True)
df = pd.read_csv("visits.csv")
# %%
figure = go.Figure(data=[go.Scatter(x=df["age"], y=df["rooms"])], layout=dict(title="By age"))
iplot(figure)
# %%
px.bar(df, x="age", y="rooms", title="Bars <b>of</b> ../rooms").show()
# %%
px.line(df, x="age", y="rooms")
# %%
iplot([go.Scatter(x=df["age"], y=df["rooms"])])
print(df["age"].max())
"""


def test_whatever_shows_them_they_are_kept(tmp_path: Path) -> None:
    (tmp_path / "visits.csv").write_text("age,rooms\n31,2\n45,3\n")
    (tmp_path / "visits.py").write_text(NOTEBOOK)
    made = convert(tmp_path / "visits.py", tmp_path / "made", name="visits_made")
    assert "init_notebook_mode" not in (made.folder / "src/visits_made/report.py").read_text()
    done = python(["-m", "visits_made", "run"], made.folder, {"PYTHONPATH": "src"})
    assert (done.returncode, done.stdout) == (0, "45\n"), done.stderr
    pages = {path.name for path in (made.folder / "reports").glob("*.html")}
    assert pages == {"by_age.html", "bars_b_of_b_rooms.html", "rooms_against_age.html", "page.html"}
    text = (made.folder / "reports" / "by_age.html").read_text("utf-8")
    assert "plotly.min.js" in text
    assert (made.folder / "reports" / "plotly.min.js").is_file()


def test_without_them_nothing_asks_for_pages(tmp_path: Path) -> None:
    (tmp_path / "visits.py").write_text("# %%\nprint(1)\n")
    made = convert(tmp_path / "visits.py", tmp_path / "made", name="visits_made")
    assert "page" not in (made.folder / "src/visits_made/output.py").read_text()
