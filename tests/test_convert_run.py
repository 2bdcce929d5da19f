"""``chasm convert --run``: schema, tests and verdict by a run; and nothing runs without it."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.command import chasm_, error_line, write
from support.folders import tree
from support.process import python

import chasm
from chasm.emit.record import example_record, record_fields
from chasm.remembered import seen_from, seen_text
from chasm.seen import Column, Metric, Seen, Table

CASES = Path(__file__).parent / "cases" / "run"
TESTS = ["-m", "pytest", "-q", "-p", "no:cacheprovider"]
EACH = pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)


def table_in(folder: Path) -> Table:
    text = (folder / ".chasm/run.json").read_text(encoding="utf-8")
    seen = seen_from(text, json.loads(text)["code"])
    assert seen is not None
    assert seen.table is not None
    return seen.table


def texts_in(folder: Path) -> str:
    """Everything that stands in a project."""
    return "\n".join(tree(folder).values()) + (folder / ".chasm/run.json").read_text("utf-8")


@EACH
def test_the_schema_is_that_of_the_raw_records(case: Path, own_folder: Path) -> None:
    shutil.copytree(case, "case")
    done = chasm.convert("case/notebook.py", "made", run=True)
    assert done.verdict is not None
    assert done.verdict.agrees
    fields = record_fields(table_in(Path("made")))
    for line in (case / "expected.txt").read_text(encoding="utf-8").splitlines():
        assert line in fields
    (schema,) = Path("made/src").glob("*/schema.py")
    for line in fields:
        assert f"\n    {line.partition(' = ')[0]}" in schema.read_text("utf-8").replace('"', "'")
    for address in ("@shop", "@homes"):
        assert address not in texts_in(Path("made"))
    # Every record alone, over HTTP, with what the schema says of bad ones.
    tested = python(TESTS, Path("made"))
    assert tested.returncode == 0, tested.stdout
    assert "test_recorded.py" in {path.name for path in Path("made/tests").iterdir()}
    assert chasm_("convert", "case/notebook.py", "-o", "made", "--check").exit_code == 0


@pytest.mark.usefixtures("own_folder")
def test_tests_and_verdict_come_in_one_command_and_stay() -> None:
    write("a.ipynb", "rows = [3, 4]\nprint('rows', len(rows))")
    result = chasm_("convert", "a.ipynb", "-o", "p", "--run")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1] == "1 of 1 results equal: a does what a.ipynb does"
    assert Path("p/README.md").read_text("utf-8").splitlines()[-1] == (
        "1 of 1 results equal: a does what a.ipynb does."
    )
    assert python([*TESTS, "tests/test_recorded.py"], Path("p")).returncode == 0
    before = tree(Path("p"))
    assert chasm_("convert", "a.ipynb", "-o", "p", "--check").exit_code == 0
    assert chasm_("convert", "a.ipynb", "-o", "p").exit_code == 0
    assert tree(Path("p")) == before
    # Of another notebook nothing is known.
    write("a.ipynb", "rows = [3, 4, 5]\nprint('rows', len(rows))")
    assert chasm_("convert", "a.ipynb", "-o", "p").exit_code == 0
    assert "results equal" not in Path("p/README.md").read_text("utf-8")


@pytest.mark.usefixtures("own_folder")
def test_a_notebook_that_fails_gives_what_its_code_gives() -> None:
    write("a.ipynb", "open('ran.txt', 'w').close()\nprint('one')", "raise ValueError('no')")
    assert chasm_("convert", "a.ipynb", "-o", "plain", "--name", "a").exit_code == 0
    assert not Path("ran.txt").exists(), "nothing runs without --run"
    result = chasm_("convert", "a.ipynb", "-o", "p", "--name", "a", "--run")
    assert result.exit_code == 1
    (line,) = [one for one in result.stderr.splitlines() if " error: " in one]
    assert line == "a.ipynb:cell 2: error: ValueError: no; the package is made of the code alone"
    assert tree(Path("p")) == tree(Path("plain"))
    assert not Path("ran.txt").exists(), "it runs in a copy of its folder"


@pytest.mark.usefixtures("own_folder")
def test_what_differs_ends_with_1_and_stands_in_the_readme() -> None:
    write("a.ipynb", "import os\nprint('in a package:', os.path.exists('pyproject.toml'))")
    result = chasm_("convert", "a.ipynb", "-o", "p", "--run")
    assert result.exit_code == 1
    assert "is not shown to do what" in Path("p/README.md").read_text("utf-8").splitlines()[-1]
    assert not Path("p/tests/recorded.json").exists()


@pytest.mark.usefixtures("own_folder")
def test_what_is_another_in_every_run_is_no_difference() -> None:
    write("a.ipynb", "import random\nprint(random.random())", "print('sum', 1 + 2)")
    result = chasm_("convert", "a.ipynb", "-o", "p", "--run")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1].startswith("1 of 1 results equal, 1 unstable")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("a.ipynb", "--run", "--check"), "--check writes nothing"),
        (("a.ipynb", "--kernel", "python3"), "--kernel goes with --run"),
        (("a.ipynb", "b.ipynb", "--run"), "--run goes with one notebook"),
        (("a.ipynb", "--run", "--kernel", "no-such-kernel"), "no such kernel"),
    ],
)
@pytest.mark.usefixtures("own_folder")
def test_a_wrong_call_is_one_line_and_writes_nothing(arguments: tuple[str, ...], said: str) -> None:
    write("a.ipynb")
    assert said in error_line(chasm_("convert", *arguments))
    assert [path.name for path in Path().iterdir()] == ["a.ipynb"]


PLAIN = st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False)
COLUMNS = st.builds(
    Column,
    st.text() | st.sampled_from(["class", "copy", "str", "model_x", "_a", "a b", "A B", "Field"]),
    st.sampled_from(["integer", "number", "boolean", "category", "text", "any"]),
    st.integers(0, 3),
    st.floats(-9, 9) | st.none(),
    st.floats(-9, 9) | st.none(),
    st.lists(st.text(min_size=1), max_size=20, unique=True).map(tuple),
    st.sampled_from(["input", "unused", "target", "index"]),
    st.booleans(),
    st.text(),
)


@given(st.lists(COLUMNS, max_size=6, unique_by=lambda column: column.key))
def test_whatever_the_columns_are_called_they_are_a_type_of_records(columns: list[Column]) -> None:
    from typing import Any, Literal

    from pydantic import BaseModel, Field

    scope: dict[str, Any] = {
        "BaseModel": BaseModel, "Field": Field, "Any": Any, "Literal": Literal, "Whole": int,
    }  # fmt: skip
    table = Table(5, tuple(columns))
    body = "\n".join(f"    {line}" for line in record_fields(table)) or "    pass"
    exec(f"class Record(BaseModel):\n{body}\n", scope)
    fields = scope["Record"].model_fields
    named = {name if field.alias is None else field.alias: field for name, field in fields.items()}
    assert list(named) == [column.key for column in columns if column.role != "index"]
    required = {key for key, field in named.items() if field.is_required()}
    assert required == set(example_record(table))


@given(st.lists(COLUMNS, max_size=3), PLAIN, st.text())
def test_what_a_run_saw_comes_back_from_its_file(
    columns: list[Column], value: object, verdict: str
) -> None:
    metrics = (Metric("accuracy_score", 3, 0.5),)
    seen = Seen(Table(7, tuple(columns)), metrics, verdict, (("Python", "3.12"),))
    assert seen_from(seen_text(seen, "now"), "now") == seen
    assert seen_from(seen_text(seen, "then"), "now") is None
    assert seen_from(json.dumps({"code": "now", "seen": value}), "now") is None
