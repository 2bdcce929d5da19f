"""The flow as a drawing: complete, legible, the same every time, and no more than a drawing."""

import json
import re
import xml.etree.ElementTree as ElementTree
from itertools import combinations
from pathlib import Path

import pytest
from support.command import chasm_, error_line, write
from support.folders import ROOT, fixtures, source_in
from support.graphs import flow_of
from support.process import python

from chasm.api import graph
from chasm.plan.flow import Part
from chasm.report.drawing import GRAPH_FORMATS
from chasm.report.drawing.layout import layout_of

CASES = sorted((ROOT / "tests" / "cases" / "graph").glob("*.py"))
HOSTILE = sorted((ROOT / "tests" / "cases" / "hostile").glob("*.ipynb"))
SVG = "{http://www.w3.org/2000/svg}"
#: What a statement of a flowchart may be, with labels that hold nothing but words.
WORDS = r"[\w ._\-/,…]*"
OPEN, CLOSE = r"(\(\[|\[|\{\{|\[/|\[\[|\(\()", r"(\]\)|\]|\}\}|/\]|\]\]|\)\))"
MERMAID = re.compile(
    rf"flowchart TB|    accTitle: {WORDS}"
    rf'|    \w+{OPEN}"{WORDS}(<br>{WORDS})*"{CLOSE}'
    rf'|    \w+ (-->|-\.->)(\|"{WORDS}"\|)? \w+'
    r"|    classDef finding stroke-width:3px|    class [\w,]+ finding"
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
@pytest.mark.parametrize("form", GRAPH_FORMATS)
def test_a_flow_is_drawn_as_expected(case: Path, form: str, update: bool) -> None:
    drawn = graph(case, form)
    expected = case.with_suffix(f".{form}")
    if update:
        expected.write_text(drawn, encoding="utf-8", newline="\n")
    assert drawn == expected.read_text(encoding="utf-8")
    assert not update, "expectations were written; look at them"


@pytest.mark.usefixtures("own_folder")
def test_a_long_notebook_is_drawn_upright() -> None:
    steps = [
        f"df['c{n}'] = df['a{n}'].fillna(df['a{n}'].median())\n"
        f"df = df[df['b{n}'] < {n}]\nprint(df['c{n}'].mean())"
        for n in range(40)
    ]
    fit = "LogisticRegression().fit(df.drop(columns=['y']), df['y'])"
    path = write(
        "long.ipynb",
        "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression",
        "df = pd.read_csv('a.csv')",
        *steps,
        f"model = {fit}",
    )
    layout = layout_of(flow_of(path))
    chain = [key for key in layout.boxes if key.startswith(("add", "clean", "filter"))]
    assert len(chain) > 50
    lefts = [layout.corners[key][0] for key in chain]
    assert max(lefts) - min(lefts) < 2 * max(layout.boxes[key].width for key in chain)


@pytest.mark.parametrize("folder", fixtures(), ids=lambda folder: folder.name)
def test_boxes_stand_apart_and_edges_lead_down(folder: Path) -> None:
    flow = flow_of(source_in(folder))
    layout = layout_of(flow)
    boxes = {
        node.id: (
            *layout.corners[node.id],
            layout.boxes[node.id].width,
            layout.boxes[node.id].height,
        )
        for node in flow.nodes
    }
    assert boxes
    for (x, y, width, height), (left, top, wide, high) in combinations(boxes.values(), 2):
        assert x + width < left or left + wide < x or y + height < top or top + high < y
    for x, y, width, height in boxes.values():
        assert x > 0
        assert y > 0
        assert x + width < layout.width
        assert y + height < layout.height
    for edge in flow.edges:
        assert boxes[edge.source][1] + boxes[edge.source][3] < boxes[edge.target][1]


@pytest.mark.parametrize("folder", fixtures(), ids=lambda folder: folder.name)
def test_every_call_of_the_pipeline_is_a_step(folder: Path) -> None:
    flow = flow_of(source_in(folder))
    steps = {node.id for node in flow.nodes if node.part is Part.STEP}
    ends = {edge.source for edge in flow.edges} | {edge.target for edge in flow.edges}
    assert steps
    assert ends <= {node.id for node in flow.nodes}
    learned = {node.id for node in flow.nodes if node.part is Part.LEARNED}
    assert {edge.source for edge in flow.edges if edge.learned} <= learned | steps


@pytest.mark.parametrize("notebook", HOSTILE, ids=lambda path: path.stem)
def test_no_text_of_the_notebook_breaks_out_of_a_drawing(notebook: Path) -> None:
    drawing = ElementTree.fromstring(graph(notebook, "svg"))
    kinds = {element.tag.removeprefix(SVG) for element in drawing.iter()}
    assert kinds <= {
        "svg",
        "title",
        "style",
        "defs",
        "marker",
        "path",
        "rect",
        "g",
        "text",
        "circle",
    }
    names = {name for element in drawing.iter() for name in element.attrib}
    assert not [name for name in names if name.startswith("on") or "href" in name]

    assert all(MERMAID.fullmatch(line) for line in graph(notebook, "mermaid").splitlines())

    strings = r'"(?:[^"\\]|\\.)*"'
    bare = re.sub(strings, "", graph(notebook, "dot")).splitlines()
    assert all(re.fullmatch(r"[\w \[\]{}=,;>-]*", line) for line in bare)
    assert not any("href" in line.lower() or "url" in line.lower() for line in bare)

    assert json.loads(graph(notebook, "json"))["nodes"]


def test_a_drawing_does_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    script = f"from chasm import graph; print(graph({str(CASES[0])!r}))"
    drawn = {
        python(["-c", script], tmp_path, {"PYTHONHASHSEED": seed}).stdout for seed in ("1", "2")
    }
    assert len(drawn) == 1
    assert "<svg" in drawn.pop()


@pytest.mark.usefixtures("own_folder")
def test_the_command_draws_to_standard_output_or_a_file() -> None:
    notebook = write("a.ipynb", "x = open('a.txt').read()", "print(x)")
    shown = chasm_("graph", notebook, "--output-format", "mermaid")
    assert shown.exit_code == 0
    assert shown.stdout.startswith("flowchart")
    kept = chasm_("graph", notebook, "--output-file", "flow.svg")
    assert kept.stdout == ""
    assert Path("flow.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.usefixtures("own_folder")
def test_a_missing_notebook_is_one_clear_line() -> None:
    assert "missing.ipynb" in error_line(chasm_("graph", "missing.ipynb"))
    assert not list(Path().iterdir())
