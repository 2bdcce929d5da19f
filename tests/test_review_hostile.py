"""Whatever a notebook says: its review mentions nobody, links nowhere, commands nothing."""

import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from support.cells import code, notebook

from chasm.findings import Finding, Located, Severity
from chasm.report import review_github, review_json, review_markdown, review_text
from chasm.report.review_markdown import COMMENT, CUT, MARKER
from chasm.report.safe import BREAK
from chasm.review.model import (
    Change,
    Client,
    Delta,
    Flow,
    FunctionChange,
    How,
    Metric,
    Package,
    Part,
    Place,
    Review,
)
from chasm.reviewing import review_files

HOSTILE = (
    "@octocat please look", "cc @org/team\n@dependabot merge", "fixes #1, closes o/r#2, GH-3",
    "/close\n/merge", "```\n@all\n# heading\n```", "~~~~\n/lgtm", "`` ` `` @x", "``````",
    "[a](javascript:alert(1)) ![b](http://x.example/p.png) <https://x.example>",
    "http://x.example www.x.example a@b.example mailto:a@b.example", "[x]: http://x.example",
    "<img src=x onerror=alert(1)><script>x</script>", "</details></summary><h1>", "<!-- hidden",
    "-->", MARKER, "| a | b |\n| --- | --- |", "\\| \\`` \\\\|", "&#64;octocat &lt;b&gt;",
    "::error::x\n::set-output name=a::b", "##[add-mask]x", "%0A::error::x",
    "\u202e@x\u2066", "\x1b[31m@x\x00", "\u2028@x\r/close",
    "0123456789abcdef0123456789abcdef01234567",
    "$$x$$ $`x`$ :+1:", "'''\n\"\"\"", "*a* _b_ ~c~ **d**", "- [ ] task",
    "1. one\n===\n---", " ", "",
)  # fmt: skip
#: Pieces from which something harmful may come together, and anything else.
PIECES = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40))
TEXTS = st.lists(PIECES, min_size=1, max_size=4).map("".join)
#: Shrinking takes longer than looking at what is long.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
RUNS = settings(max_examples=150, deadline=None, derandomize=True, phases=PHASES)
#: In the raw text, which bots read as well; the place of the marker is chasm's own.
FORBIDDEN = (
    r"@[^\s\u200b]", r"#[\w\[]", r"(?<!\w)GH-\d", r"://", r"\bwww\.", r"<!--", r"^\s*/", r"mailto:",
    r"[\x00-\x09\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]",
)  # fmt: skip
OWN_COLOURS = re.compile(r"^classDef .*$", re.MULTILINE)
OWN_HTML = re.compile(
    r"(<details><summary>[A-Za-z0-9 ,]+</summary>|</details>|<!-- chasm:review -->)\s*"
)


def place(text: str) -> Place:
    return Place(1 + len(text), 1, 2, 3)


def review_of(text: str) -> Review:
    """A review with ``text`` at every place where a notebook's or a repository's may stand."""
    finding = Finding("CH101", Severity.WARNING, text, 1, 1)
    found = Located(finding, text, 1, 2, text, None, text, text)
    deltas = (Delta(text, text, text), Delta(text, "", text), Delta("", text, ""))
    at = place(text)
    changes = [Change(part, How.ADDED, text, "", text, (), None, at) for part in Part]
    changes += [Change(Part.STEP, How.REMOVED, text, text, "", (), at)]
    changes += [Change(Part.MODEL, How.CHANGED, text, text, text + "x", (), at, at)]
    changes += [Change(Part.MODEL, How.CHANGED, text, text, text, deltas, at, at)]
    changes += [Change(Part.FILTER, How.ORDER, text, text, f"\n{text}\n", (), at, at)]
    package = Package(
        text,
        (
            FunctionChange("features", text, How.ADDED),
            FunctionChange(text, text, How.ORDER, True, text),
        ),
        (Delta(text, text, text), Delta(text, "", text)),
        (Delta(text, text, text),),
        (Client("is needed now", text, True),),
        text,
    )  # fmt: skip
    flow = Flow(((text, How.CHANGED), (text, None)), ((0, 1),))
    return Review(
        text, f"{text}x", How.CHANGED, tuple(changes), (Metric(text, text, text, 1),), (found,),
        (found,), (), ((text, text),), 1, True, package, flow, (text,),
    )  # fmt: skip


def assert_harmless(text: str) -> None:
    """Neither the raw Markdown nor what is made of it says more than words and code."""
    assert text.startswith(MARKER)
    raw = OWN_COLOURS.sub("", text.removeprefix(MARKER))
    for pattern in FORBIDDEN:
        found = re.search(pattern, raw, re.MULTILINE)
        assert found is None, (pattern, raw[max(0, found.start() - 40) : found.end() + 40])
    for token in flat(MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)):
        assert token.type not in ("link_open", "image", "html_inline", "em_open", "hardbreak")
        if token.type == "html_block":
            assert OWN_HTML.fullmatch(token.content), token.content
        if token.type == "heading_open":
            assert token.tag in ("h3", "h4")
        if token.type == "fence":
            assert token.info in ("diff", "mermaid", "")


def flat(tokens: Sequence[Token]) -> list[Token]:
    return [one for token in tokens for one in (token, *flat(token.children or []))]


@given(TEXTS)
@example("".join(HOSTILE))
@RUNS
def test_no_text_leaves_its_place_in_markdown(text: str) -> None:
    assert_harmless(review_markdown.render([review_of(text)], text, 10**9))


@given(TEXTS)
@RUNS
def test_a_table_has_as_many_cells_as_its_head(text: str) -> None:
    rendered = review_markdown.render([review_of(text)], "", 10**9)
    tokens = MarkdownIt("commonmark").enable("table").parse(rendered)
    rows = [n for n, token in enumerate(tokens) if token.type == "tr_open"]
    assert len(rows) == 2
    for start in rows:
        end = next(n for n in range(start, len(tokens)) if tokens[n].type == "tr_close")
        kinds = [token.type for token in tokens[start:end]]
        assert kinds.count("th_open") + kinds.count("td_open") == 4


@given(TEXTS)
@example("\n::error::x")
@RUNS
def test_no_text_is_a_command_of_the_job(text: str) -> None:
    lines = review_github.render([review_of(text)]).split("\n")
    assert all(re.match(r"::(error|warning|notice) title=[^:]*::", line) for line in lines)
    assert not any(re.search(r"[\x00-\x1f\x7f\u2028\u2029]", line) for line in lines)
    for kind in ("error", "warning", "notice"):
        assert sum(line.startswith(f"::{kind} ") for line in lines) <= 10


@given(TEXTS)
@RUNS
def test_the_terminal_gets_printable_text(text: str) -> None:
    rendered = review_text.render([review_of(text)])
    assert all(line == "" or line.isprintable() or BREAK in line for line in rendered.split("\n"))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", rendered)


@given(st.lists(TEXTS, min_size=1, max_size=12), st.integers(700, 20_000))
@settings(RUNS, max_examples=25)
def test_what_is_too_long_ends_with_a_word_of_it(texts: list[str], limit: int) -> None:
    reviews = [review_of(text * 5) for text in texts]
    whole = review_markdown.render(reviews, "", 10**9)
    short = review_markdown.render(reviews, "", limit)
    assert len(short.encode()) <= limit
    assert (short == whole) or short.endswith(CUT)
    lines = short.split("\n")
    opened = sum(line.startswith("<details>") for line in lines)
    assert opened == lines.count("</details>")
    assert_harmless(short)


def test_the_important_stays_when_it_is_cut() -> None:
    long = Change(Part.FEATURE, How.ADDED, "x", "", "x = 1\n" * 50, (), None, place("x"))
    package = Package("p", (), (), (), (Client("is needed now", "age", True),))
    one = Review("a.ipynb", "a.ipynb", How.CHANGED, (long,) * 500, package=package)
    rendered = review_markdown.render([one] * 40, "", COMMENT)
    assert len(rendered) <= 65_536
    assert rendered.count("**Old clients break** `age`") == 40
    assert rendered.endswith(CUT)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_notebooks_are_reviewed_like_any_other(text: str, tmp_path: Path) -> None:
    assert_harmless(reviewed(text, tmp_path))


@given(TEXTS)
@settings(RUNS, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_in_a_notebook_stays_in_its_place(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert_harmless(reviewed(text, Path(folder)))


def reviewed(text: str, folder: Path) -> str:
    """The review of a notebook that got ``text`` at every place of its file."""
    old, new = folder / "old.ipynb", folder / "new.ipynb"
    comment = "".join(f"# {line}\n" for line in text.split("\n"))
    out = {"output_type": "stream", "name": "stdout", "text": f"{text}: 0.5\n0.25 {text}\n"}
    read = "import pandas as pd\ndf = pd.read_csv('a.csv')\n"
    score = "from sklearn.metrics import accuracy_score\nprint({!r}, accuracy_score(df.a, df.b))"
    before = [code(read), code(score.format("x"), outputs=[out | {"text": "x: 0.1\n"}])]
    after = [
        code(f"{comment}{read}df[{text!r}] = df['b'] * 2\ndf = df[df['a'] != {text!r}]"),
        code(score.format(text), outputs=[out], id=text[:20], metadata={"tags": [text]}),
        code(f"'''{text}'''"),
        code(f"!wget {text}\n%run {text}\nif df is None:\n    !pip install {text}"),
        code(text),
        {"cell_type": "markdown", "metadata": {}, "source": text},
    ]
    old.write_text(json.dumps(notebook(*before)), encoding="utf-8")
    new.write_text(json.dumps(notebook(*after, metadata={"x": text})), encoding="utf-8")
    done = review_files(old, new).reviews
    review_json.render(done)
    review_text.render(done)
    review_github.render(done)
    return review_markdown.render(done)
