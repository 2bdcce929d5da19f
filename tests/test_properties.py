"""What holds for any notebook: the same lines are printed, any error is a clear one."""

import ast
import contextlib
import importlib
import io
import json
import re
import sys
import tempfile
import tomllib
from collections import Counter
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from support.programs import programs
from support.stages import make_cells

from chasm.emit import text as escaping
from chasm.errors import InputError

NUMBERS = count()
RUNS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
#: Pieces of Python, of IPython and of nonsense.
PIECES = """
x = 1|x|print(x)|def f(a, b=x):|    return a|class A:|    y = x|for i in x:|if x:|else:|try:
except E as e:|finally:|with open(x) as f:|while x:|lambda: (yield)|async def g():|    await x
await x|yield x|return x|break|global x|nonlocal x|del x|import os|import os.path as p
from . import y|from x import *|from __future__ import annotations|@x|*a, b = x|x: int|x: int = 2
(y := x)|match x:|    case 1:|type X = int|x[1:2, ...] = x|x.y.z = x|"|'''|\"\"\"|\\|(|)|[|{|#|;
%time x = 1|%%time|%%bash|%matplotlib inline|%|%%|!ls|!|x = !ls|x = %who|x?|??x|?|pip install x
    pass|\tx = 1|# %%|```|<script>|\x0c|\x00|\ufeff|é = 1|𝒳 = 2|print(f"{x!r:>{y}}")|x = yield|...
""".strip("\n").replace("\n", "|").split("|")


def printed_by_cells(cells: list[str]) -> list[str] | None:
    """What the notebook prints; None when it does not run to its end."""
    stream = io.StringIO()
    space: dict[str, object] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(stream):
        try:
            for cell in cells:
                exec(compile(cell, "cell", "exec"), space)
        except Exception:
            return None
    return stream.getvalue().splitlines()


def printed_by_package(files: dict[str, str], package: str, folder: Path) -> list[str]:
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    stream = io.StringIO()
    sys.path.insert(0, str(folder / "src"))
    try:
        with contextlib.chdir(folder), contextlib.redirect_stdout(stream):
            importlib.import_module(f"{package}.__main__").run()
    finally:
        sys.path.remove(str(folder / "src"))
        for name in [name for name in sys.modules if name.partition(".")[0] == package]:
            del sys.modules[name]
    return stream.getvalue().splitlines()


#: A print of what a function of the product changes later, found once by this very test.
BETWEEN = [
    "low = 0\nrows = [1]",
    "print(3, rows)",
    "def f0(x):\n    global high\nif low > low:\n    rows.append(1)",
    "def f1(x):\n    return f0(x)",
]


@RUNS
@given(programs())
@example(BETWEEN)
def test_the_package_prints_what_the_notebook_prints(cells: list[str]) -> None:
    wanted = printed_by_cells(cells)
    assume(wanted is not None)
    assert wanted is not None
    package = f"random_{next(NUMBERS)}"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        files = make_cells(cells, folder, package).files
        found = printed_by_package(files, package, folder / "project")
    # What a function of the product prints comes before what the report prints.
    assert Counter(found) == Counter(wanted), "\n# %%\n".join(cells)


CELLS = st.lists(
    st.one_of(
        st.lists(st.sampled_from(PIECES), max_size=8).map("\n".join),
        st.lists(st.sampled_from(PIECES), max_size=4).map(" ".join),
        st.text(max_size=60),
    ),
    min_size=1,
    max_size=4,
)


def made_or_refused(cells: list[str]) -> tuple[dict[str, str], str]:
    """The files of the package, or why there are none."""
    with tempfile.TemporaryDirectory() as name:
        try:
            return make_cells(cells, Path(name), "made").files, ""
        except InputError as error:
            return {}, str(error)


@settings(RUNS, max_examples=250)
@given(CELLS)
def test_any_text_gives_a_package_or_a_clear_error(cells: list[str]) -> None:
    made, refusal = made_or_refused(cells)
    assert refusal.isprintable()
    assert "would not mean the same" not in refusal
    for path, content in made.items():
        if path.endswith(".py"):
            compile(content, path, "exec", dont_inherit=True)
        elif path.endswith(".toml"):
            tomllib.loads(content)


def words(text: str) -> str:
    """``text`` on one line without invisible characters, as all escaping starts with."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


@given(st.text())
def test_toml_reads_as_it_was(text: str) -> None:
    assert tomllib.loads(f"value = {escaping.toml(text)}") == {"value": words(text)}


#: Text that would be a link, a list, a heading, a table, a rule or HTML, were it not escaped.
MARKUP = st.text(alphabet=st.sampled_from("ab1 .`|<>[](){}*_#!\\&@~:/=\n\r-+\u202e"))
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@given(MARKUP)
@example("1. one")
@example("===")
@example("a_b_ __c__ _d_")
@pytest.mark.parametrize("around", ["{}", "Title\n{}", "- {}", "| a |\n| - |\n| {} |"])
def test_markdown_holds_no_markup(around: str, text: str) -> None:
    assume(words(text))
    found = escaping.markdown(text)
    assert not set("<>@\n\r\u202e") & set(found)
    read, plain = (READER.parse(around.replace("{}", inner)) for inner in (found, "word"))
    assert [token.type for token in read] == [token.type for token in plain]
    parts = [token for token in read if token.type == "inline"][-1].children or []
    assert {part.type for part in parts} <= {"text", "text_special", "softbreak"}
    assert "".join(part.content for part in parts).removeprefix("Title") == words(text)


@given(st.text(alphabet=st.sampled_from("ab `|<\n\\\u202e")))
def test_code_is_one_span_even_in_a_table(text: str) -> None:
    found = escaping.code(text)
    assert re.fullmatch(r"`[^`\n]*`", found)
    assert "|" not in re.sub(r"\\.", "", found)


@given(st.text())
def test_a_docstring_reads_as_it_was_written(text: str) -> None:
    found = escaping.docstring(text)
    assert ast.literal_eval(f'"""{found}"""') == found
    assert "\n" not in found


@given(st.text())
def test_a_label_ends_where_its_quotes_end(text: str) -> None:
    found = json.loads(escaping.label(text))
    assert all(c.isalnum() or c in " ._-/" for c in found)
