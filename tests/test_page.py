"""The page as text: one file, a policy that holds, nothing of the notebook that is no text."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from support.cells import code, notebook
from support.command import chasm_, error_line, write
from support.folders import ROOT

from chasm import report
from chasm.report.page.prose import prose

HOSTILE = sorted((ROOT / "tests" / "cases" / "hostile").glob("*.ipynb"))
CASE = ROOT / "tests" / "cases" / "graph" / "learned.py"


class Tags(HTMLParser):
    """The elements of a page with their attributes, and the text of its script and style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][0] in ("script", "style"):
            self.raw.setdefault(self.found[-1][0], data)

    def policy(self) -> dict[str, str]:
        (text,) = (
            attributes["content"] or ""
            for tag, attributes in self.found
            if attributes.get("http-equiv") == "Content-Security-Policy"
        )
        return dict(rule.strip().split(" ", 1) for rule in text.split(";"))


def hash_of(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def test_the_policy_allows_the_page_itself_and_nothing_else() -> None:
    page = Tags(report(CASE))
    policy = page.policy()
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == hash_of(page.raw["script"])
    assert policy["style-src"] == hash_of(page.raw["style"])
    assert not re.search(r"\beval\(|innerHTML|new Function|https?:", page.raw["script"])


@pytest.mark.parametrize("notebook", HOSTILE, ids=lambda path: path.stem)
def test_a_notebook_gives_the_page_text_and_no_markup(notebook: Path) -> None:
    page = Tags(report(notebook))
    tags = [tag for tag, _ in page.found]
    assert tags.count("script") == tags.count("style") == 1
    assert not {"img", "iframe", "object", "embed", "form", "base"} & set(tags)
    for _, attributes in page.found:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("style", "src")
        ]
        assert (attributes.get("href") or "#").startswith(("#", "data:,"))


def test_markdown_becomes_prose(tmp_path: Path) -> None:
    text = "# A *b* `c<d`\n\n- [one](https://x.example)\n- **two**\n\n![p](q.png)\n\n```\n<x>\n```"
    words = {"cell_type": "markdown", "metadata": {}, "source": text}
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(notebook(words, code("print(1)"))), encoding="utf-8")
    page = report(path)
    assert "<h3>A <em>b</em> <code>c&lt;d</code></h3>" in page
    assert "<ul><li>one</li><li><strong>two</strong></li></ul>" in page
    assert "<em>[picture: p]</em>" in page
    assert "<pre>&lt;x&gt;</pre>" in page
    assert "x.example" not in page.partition('id="package"')[0].partition("<article")[2]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\ntwo", "<p>one two</p>"),
        ("one  \ntwo\\\nthree<br/>four", "<p>one<br>two<br>three<br>four</p>"),
        ("> a\n> > b", "<blockquote><p>a</p>\n<blockquote><p>b</p></blockquote></blockquote>"),
        ("- a\n  - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("Title\n=====\nwords", "<h3>Title</h3>\n<p>words</p>"),
        ("as follows:\n- a", "<p>as follows:</p>\n<ul><li>a</li></ul>"),
        ("a\n\n***", "<p>a</p>\n<hr>"),
        ("<h1 style='x'>A <font color=red>b</font></h1>", "<p>A b</p>"),
        (
            "<script>x</script> <svg onload=y>",
            "&lt;script&gt;x&lt;/script&gt; &lt;svg onload=y&gt;",
        ),
        ("<b <img>> `<b>`", "&lt;b &gt; <code>&lt;b&gt;</code>"),
        (
            "| a | b |\n|---|:-:|\n| 1 | x \\| y | 3 |\n| <i>2</i>",
            "<thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>x | y</td></tr>"
            "<tr><td>2</td><td></td></tr></tbody>",
        ),
    ],
)
def test_markdown_is_read_as_a_notebook_reads_it(text: str, shown: str) -> None:
    assert shown in prose(text)


def test_what_would_read_otherwise_than_it_runs_is_shown(tmp_path: Path) -> None:
    hidden = "allowed = 'no\u202e\u2066'  # \u200bif admin\u00a0\nprint(allowed)"
    cells = [
        code(hidden),
        {"cell_type": "markdown", "metadata": {}, "source": "a\u2067b\u00a0\u200dc"},
    ]
    cells.append({"cell_type": "raw", "metadata": {}, "source": "r\u202d"})
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(notebook(*cells)), encoding="utf-8")
    page = report(path)
    assert not re.search("[\u200b\u202a-\u202e\u2066-\u2069]", page)
    assert page.count("no\\u202e\\u2066") >= 2
    assert "\\u200bif admin\\u00a0" in page
    assert "a\\u2067b\u00a0\u200dc" in page
    assert "r\\u202d" in page


def test_what_is_said_of_many_cells_is_told_once(tmp_path: Path) -> None:
    cells = [code(f"open('/home/ann/a.csv').read({n})") for n in range(3)]
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(notebook(*cells)), encoding="utf-8")
    findings = report(path).partition('id="findings"')[2].partition('id="settings"')[0]
    told = [item for item in findings.split("<li>")[1:] if "/home/ann/a.csv" in item]
    assert len(told) == 1
    assert re.findall(r'href="#cell-(\d)"', told[0]) == ["1", "2", "3"]


def test_a_cell_tells_where_it_went_and_what_was_left_out() -> None:
    page = report(CASE)
    cell = page.partition('id="cell-5"')[2].partition("</article>")[0]
    places = re.findall(r'<a class="place" href="#([\w-]+)">', cell)
    assert places
    for place in places:
        assert re.search(rf'id="{place}" class="block carried" data-cells="[\d ]*5', page)
    looked = page.partition('id="cell-3"')[2].partition("</article>")[0]
    assert "left out: a look at a value" in looked


def test_no_secret_reaches_the_page(tmp_path: Path) -> None:
    secret = "ghp_" + "a1B2" * 9
    path = tmp_path / "a.ipynb"
    printed = [{"output_type": "stream", "name": "stdout", "text": f"using {secret}\n"}]
    cells = [
        code(f"token = '{secret}'\nprint('using', token)", outputs=printed),
        code(f"%env TOKEN={secret}"),
        code(f"%%bash\ncurl -H 'Authorization: {secret}' x"),
        {"cell_type": "markdown", "metadata": {}, "source": f"the token: {secret}"},
    ]
    path.write_text(json.dumps(notebook(*cells)), encoding="utf-8")
    page = report(path)
    assert "using ***" in page
    assert secret not in page


@pytest.mark.usefixtures("own_folder")
def test_a_verdict_is_part_of_the_page() -> None:
    notebook = write("a.ipynb", "print(0.5)")
    result = {"kind": "print", "name": "<b>", "cell": 1}
    told = {"where": "value", "notebook": "0.5", "package": "0.25"}
    verdict = {
        "notebook": "a.ipynb", "package": "a_notebook", "agrees": False,
        "results": [
            result | {"status": "equal", "difference": None},
            result | {"status": "differs", "difference": told},
        ],
        "failures": [], "stored": [], "notes": ["<i>"], "versions": {},
    }  # fmt: skip
    Path("verdict.json").write_text(json.dumps(verdict), encoding="utf-8")
    done = chasm_("report", notebook, "-o", "out/page.html", "--verdict", "verdict.json")
    assert done.exit_code == 0
    page = Path("out/page.html").read_text(encoding="utf-8")
    assert "1 of 2 results equal, 1 differs" in page
    assert "printed line &lt;b&gt;" in page
    assert "value: 0.5 in the notebook, 0.25 in the package" in page


@pytest.mark.usefixtures("own_folder")
@pytest.mark.parametrize("text", ["", "[]", "{}", '{"agrees": true}', "[" * 100_000])
def test_what_is_no_verdict_is_one_clear_line(text: str) -> None:
    notebook = write("a.ipynb")
    Path("verdict.json").write_text(text, encoding="utf-8")
    line = error_line(chasm_("report", notebook, "-o", "page.html", "--verdict", "verdict.json"))
    assert "verdict.json" in line
    assert not Path("page.html").exists()


@pytest.mark.usefixtures("own_folder")
def test_a_page_is_the_same_wherever_it_is_made(tmp_path: Path) -> None:
    notebook = write(
        "deep/in/a.ipynb", "import pandas as pd", "pd.read_csv('b.csv').to_csv('c.csv')"
    )
    page = report(notebook)
    assert page == report(notebook.resolve())
    assert str(tmp_path) not in page


@pytest.mark.parametrize(("count", "last"), [(13, "line 13"), (14, "… 2 more lines")])
def test_what_a_cell_printed_is_cut_where_that_saves_room(
    tmp_path: Path, count: int, last: str
) -> None:
    text = "".join(f"line {n}\n" for n in range(1, count + 1))
    out = {"output_type": "stream", "name": "stdout", "text": text}
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(notebook(code("print(1)", outputs=[out]))), encoding="utf-8")
    (shown,) = re.findall(r"line 12\n(.*?)<", report(path))
    assert shown == last


@pytest.mark.parametrize(
    ("cells", "title"),
    [
        (["### Homes", "x = 1"], "Homes"),
        (["x = 1", "### **Rescaling**"], "a"),
        (["import os", "### Setting up", "# Homes"], "Homes"),
        (["x = 1", "# So the score is 95"], "a"),
    ],
)
def test_a_heading_of_a_part_is_no_title(cells: list[str], title: str, tmp_path: Path) -> None:
    found = [
        {"cell_type": "markdown", "metadata": {}, "source": text} if "#" in text else code(text)
        for text in cells
    ]
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(notebook(*found)), encoding="utf-8")
    assert f"<h1>{title}</h1>" in report(path)


@pytest.mark.parametrize("text", ["import os", "# only words", "def f(x):\n    return x"])
def test_a_notebook_that_computes_nothing_has_a_drawing_with_a_size(
    text: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(notebook(code(text))), encoding="utf-8")
    (height,) = re.findall(r'<svg [^>]*height="([^"]+)" viewBox', report(path))
    assert float(height) > 0
