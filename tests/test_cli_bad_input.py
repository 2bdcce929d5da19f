"""Bad input and odd names: one line and exit code 2, or a package that can be imported."""

import os
import sys
from pathlib import Path

import pytest
from support.command import chasm_, error_line, folders, write
from support.process import python

pytestmark = pytest.mark.usefixtures("own_folder")

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
    assert "no notebook in this folder" in error_line(chasm_("convert", "a.ipynb"))
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


@pytest.mark.parametrize(
    "name", ["../evil", "a b", "class", "1a", "", "a.b", "a/b", "json", "test"]
)
def test_a_name_that_is_none_or_is_taken_is_refused(name: str) -> None:
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


@pytest.mark.parametrize("verb", ["convert", "check"])
def test_what_nobody_may_look_at_is_one_line(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.ipynb")

    def locked(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_dir", locked)
    result = chasm_(verb, "a.ipynb")
    assert result.exit_code == 2
    assert "a.ipynb: Permission denied" in error_line(result)


def test_a_folder_that_is_locked_beside_a_notebook_is_no_module(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write("a.ipynb")
    Path("pgdata").mkdir()
    real = Path.is_file

    def locked(path: Path) -> bool:
        if path.parent.name == "pgdata":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "is_file", locked)
    assert chasm_("convert", "a.ipynb").exit_code == 0
