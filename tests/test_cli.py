"""The command line: exit codes, one line an error, and nothing written when something is wrong."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.folders import tree
from support.process import python
from typer.testing import CliRunner, Result

import chasm
from chasm.cli import app

PRINTS = ["x = 1", "print(x)"]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test runs in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    yield


def write(name: str, *cells: str) -> Path:
    """A notebook with these code cells."""
    listed = [
        {"cell_type": "code", "source": c, "metadata": {}, "outputs": [], "execution_count": None}
        for c in cells or PRINTS
    ]
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"cells": listed, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    path.write_text(text, encoding="utf-8")
    return path


def chasm_(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)


def error_line(result: Result) -> str:
    """The one line of an error; the exit code is 2 and nothing else was said."""
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    return line


def folders() -> list[str]:
    return sorted(path.name for path in Path().iterdir() if path.is_dir())


def test_version() -> None:
    result = chasm_("--version")
    assert (result.exit_code, result.stdout) == (0, f"chasm {chasm.__version__}\n")


@pytest.mark.parametrize("arguments", [("--help",), ("convert", "--help")])
def test_help_names_what_there_is(arguments: tuple[str, ...]) -> None:
    result = chasm_(*arguments)
    assert result.exit_code == 0
    assert ("convert" if len(arguments) == 1 else "--check") in result.stdout


@pytest.mark.parametrize("arguments", [("frobnicate",), ("convert",), ("convert", "--nope", "a")])
def test_a_wrong_call_ends_with_2(arguments: tuple[str, ...]) -> None:
    result = chasm_(*arguments)
    assert result.exit_code == 2
    assert result.stderr


def test_convert_writes_a_package_named_for_the_notebook() -> None:
    write("My Analysis (1).ipynb")
    result = chasm_("convert", "My Analysis (1).ipynb")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.count("\n") == 1
    assert "my-analysis: package my_analysis" in result.stdout
    assert Path("my-analysis/src/my_analysis/__main__.py").is_file()


def test_output_and_name() -> None:
    write("a.ipynb")
    assert chasm_("convert", "a.ipynb", "-o", "some/where", "--name", "tidy").exit_code == 0
    assert Path("some/where/src/tidy/__main__.py").is_file()


def test_findings_go_to_standard_error_and_end_with_0() -> None:
    write("a.ipynb", "%frobnicate\nx = 1", "x = (", "print(x)")
    result = chasm_("convert", "a.ipynb")
    assert result.exit_code == 0
    assert "a.ipynb:cell 1:1: warning: CH002 %frobnicate left out" in result.stderr
    assert "a.ipynb:cell 2:1: warning: CH003" in result.stderr


def test_quiet_says_nothing_but_errors() -> None:
    write("a.ipynb", "%frobnicate\nx = 1", "print(x)")
    result = chasm_("convert", "-q", "a.ipynb")
    assert (result.exit_code, result.output) == (0, "")
    assert "no such file" in error_line(chasm_("convert", "-q", "b.ipynb"))


def test_check_writes_nothing_and_says_whether_something_would_change() -> None:
    write("a.ipynb")
    before = chasm_("convert", "--check", "a.ipynb")
    assert (before.exit_code, folders()) == (1, [])
    assert "would change" in before.stdout
    assert chasm_("convert", "a.ipynb").exit_code == 0
    after = chasm_("convert", "--check", "a.ipynb")
    assert after.exit_code == 0
    assert "is up to date" in after.stdout
    write("a.ipynb", "x = 2", "print(x)")
    files = tree(Path("a"))
    assert chasm_("convert", "--check", "-q", "a.ipynb").exit_code == 1
    assert tree(Path("a")) == files


def test_converting_again_is_said_to_change_nothing() -> None:
    write("a.ipynb")
    chasm_("convert", "a.ipynb")
    result = chasm_("convert", "a.ipynb")
    assert (result.exit_code, result.stdout) == (0, "a.ipynb -> a: unchanged\n")


def test_edited_files_are_refused_until_forced() -> None:
    write("a.ipynb")
    chasm_("convert", "a.ipynb")
    readme = Path("a/README.md")
    made = readme.read_text(encoding="utf-8")
    readme.write_text("mine", encoding="utf-8")
    line = error_line(chasm_("convert", "a.ipynb"))
    assert "README.md" in line
    assert "--force" in line
    assert readme.read_text(encoding="utf-8") == "mine"
    assert chasm_("convert", "--check", "a.ipynb").exit_code == 1
    assert chasm_("convert", "--force", "a.ipynb").exit_code == 0
    assert readme.read_text(encoding="utf-8") == made


BAD = {
    "truncated.ipynb": '{"cells": [',
    "empty.ipynb": "",
    "list.ipynb": "[]",
    "plain.py": "x = 1\n",
    "words.txt": "words",
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_line_and_nothing_is_written(name: str) -> None:
    Path(name).write_text(BAD[name], encoding="utf-8")
    assert error_line(chasm_("convert", name)).startswith(f"error: {name}: ")
    assert [path.name for path in Path().iterdir()] == [name]


def test_a_folder_and_a_missing_file_are_refused() -> None:
    Path("a.ipynb").mkdir()
    assert "is a folder" in error_line(chasm_("convert", "a.ipynb"))
    assert "no such file" in error_line(chasm_("convert", "b.ipynb"))


NAMES = {
    "class.ipynb": "class_notebook",
    "match.ipynb": "match_notebook",
    "tests.ipynb": "tests_notebook",
    "json.ipynb": "json_notebook",
    "1st try.ipynb": None,
    "été.ipynb": None,
    "日本.ipynb": None,
    "-rf.ipynb": None,
    "a`b|c.ipynb": None,
    "$(touch x).ipynb": None,
}


@pytest.mark.parametrize("name", NAMES)
def test_any_name_of_a_file_gives_a_package_that_can_be_imported(name: str) -> None:
    write(name)
    result = chasm_("convert", "--", name)
    assert (result.exit_code, result.stderr) == (0, "")
    (package,) = [path for path in Path().glob("*/src/*") if path.is_dir()]
    assert NAMES[name] in (None, package.name)
    done = python(["-m", package.name, "run"], package.parents[1], {"PYTHONPATH": "src"})
    assert (done.returncode, done.stdout) == (0, "1\n")


def test_a_name_that_leads_elsewhere_stays_in_the_folder() -> None:
    write("in/../evil.ipynb")
    Path("in").mkdir(exist_ok=True)
    os.chdir("in")
    assert chasm_("convert", "../evil.ipynb").exit_code == 0
    assert folders() == ["evil"]
    assert sorted(path.name for path in Path("..").iterdir()) == ["evil.ipynb", "in"]


@pytest.mark.parametrize("name", ["../evil", "a b", "class", "1a", "", "a.b", "a/b"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    write("a.ipynb")
    assert "--name" in error_line(chasm_("convert", "a.ipynb", "--name", name))
    assert folders() == []


def test_output_that_cannot_be_written_is_refused() -> None:
    write("a.ipynb")
    Path("file").write_text("x", encoding="utf-8")
    assert "file" in error_line(chasm_("convert", "a.ipynb", "-o", "file"))
    assert "file" in error_line(chasm_("convert", "a.ipynb", "-o", "file/below"))
    Path("link").symlink_to(Path("there"))
    assert "symbolic link" in error_line(chasm_("convert", "a.ipynb", "-o", "link"))
    assert folders() == []


def test_several_notebooks_each_into_a_folder_of_its_own() -> None:
    paths = [write("a.ipynb"), write("b.ipynb"), write("sub/a.ipynb"), write("c d.ipynb")]
    result = chasm_("convert", *paths, "-o", "out")
    assert (result.exit_code, result.stderr) == (0, "")
    assert [line.split(" -> ")[0] for line in result.stdout.splitlines()] == [
        path.name for path in paths
    ]
    assert sorted(path.name for path in Path("out").iterdir()) == ["a", "a-2", "b", "c-d"]
    assert chasm_("convert", "--check", *paths, "-o", "out").exit_code == 0


def test_one_bad_notebook_of_several_does_not_stop_the_others() -> None:
    paths = [write("a.ipynb"), Path("missing.ipynb"), write("b.ipynb"), write("c.ipynb")]
    result = chasm_("convert", *paths, "-o", "out")
    assert result.exit_code == 2
    assert result.stderr == "error: missing.ipynb: no such file\n"
    assert sorted(path.name for path in Path("out").iterdir()) == ["a", "b", "c"]


def test_one_name_for_several_notebooks_is_refused() -> None:
    paths = [write("a.ipynb"), write("b.ipynb")]
    assert "--name" in error_line(chasm_("convert", *paths, "--name", "x"))
    assert folders() == []


def test_deeply_nested_code_is_no_traceback() -> None:
    write("a.ipynb", "x = " + "(" * 150 + "1" + ")" * 150, "y = " + "-" * 50_000 + "1", "print(x)")
    result = chasm_("convert", "a.ipynb")
    assert result.exit_code in (0, 2)
    assert "Traceback" not in result.output


def test_a_terminal_is_told_nothing_that_it_would_act_on() -> None:
    write("a\x1b[31mb.ipynb", "%nope\x1b[2J\nx = 1", "print(x)")
    result = chasm_("convert", "a\x1b[31mb.ipynb")
    assert result.exit_code == 0
    assert "\x1b" not in result.output


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no byte locale to choose")
def test_a_poor_locale_is_no_obstacle() -> None:
    write("été.ipynb")
    extra = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = python(["-m", "chasm.cli", "convert", "été.ipynb"], Path.cwd(), extra)
    assert (done.returncode, done.stderr) == (0, "")
