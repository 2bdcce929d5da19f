"""The command line: exit codes, one line an error, and nothing written when something is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.command import chasm_, error_line, folders, write
from support.folders import tree
from support.process import python

import chasm

pytestmark = pytest.mark.usefixtures("own_folder")


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


def test_several_notebooks_each_into_a_folder_of_its_own() -> None:
    paths = [write("a.ipynb"), write("b.ipynb"), write("sub/a.ipynb"), write("c d.ipynb")]
    result = chasm_("convert", *paths, "-o", "out")
    assert (result.exit_code, result.stderr) == (0, "")
    assert [line.split(" -> ")[0] for line in result.stdout.splitlines()] == [
        path.name for path in paths
    ]
    assert sorted(path.name for path in Path("out").iterdir()) == ["a", "a-2", "b", "c-d"]
    assert chasm_("convert", "--check", *paths, "-o", "out").exit_code == 0


def test_a_notebook_that_is_named_twice_is_one() -> None:
    write("a.ipynb")
    result = chasm_("convert", "a.ipynb", "./a.ipynb")
    assert (result.exit_code, result.stdout.count("\n"), folders()) == (0, 1, ["a"])


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


def test_a_folder_stands_for_the_notebooks_that_git_sees_below_it() -> None:
    for name in ("a.ipynb", "deep/b.ipynb", "deep/.ipynb_checkpoints/c.ipynb", "left/d.ipynb"):
        Path("notes", name).parent.mkdir(parents=True, exist_ok=True)
        write(f"notes/{name}", "x = 1\nprint(x)")
    Path("notes/.gitignore").write_text("left/\n", encoding="utf-8")
    Path("notes/deep/again").symlink_to(Path("notes").resolve())
    result = chasm_("convert", "notes", "-o", "made")
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in Path("made").iterdir()) == ["a", "b"]


def test_a_folder_without_a_notebook_is_one_line() -> None:
    Path("empty").mkdir()
    result = chasm_("convert", "empty", "-o", "made")
    assert error_line(result) == "error: empty: no notebook in this folder"
    assert not Path("made").exists()


def test_the_plain_words_of_a_conversion_are_words_of_the_command() -> None:
    from typer.main import get_command

    from chasm.cli.commands import app
    from chasm.cli.plain import PlainParser

    command = get_command(app).commands["convert"]  # type: ignore[attr-defined]
    told = {name for one in command.params for name in one.opts if name.startswith("-")}
    plain = {name for one in PlainParser()._actions for name in one.option_strings}
    assert told - plain == {"--run", "--kernel", "--timeout"}
    assert plain <= told


@pytest.mark.parametrize(
    ("words", "code"),
    [(["-q"], 0), (["--check", "-o", "here"], 1), (["--name=a b"], 2), (["--serve", "none"], 2)],
)
def test_a_plain_conversion_is_read_without_the_command_and_ends_alike(
    words: list[str], code: int
) -> None:
    write("a.ipynb", "%frobnicate\nx = 1", "print(x)")
    arguments = ["convert", "a.ipynb", *words]
    script = (
        f"import sys\nimport chasm.cli\nsys.argv = ['chasm', *{arguments}]\n"
        "try:\n    chasm.cli.run()\nexcept SystemExit as end:\n    code = end.code\n"
        "print(code, 'typer' in sys.modules)"
    )
    done = python(["-c", script], Path.cwd())
    *said, last = done.stdout.splitlines()
    assert last == f"{code} False", done.stderr
    shown = chasm_(*arguments, "--force")
    assert shown.exit_code == code
    assert (done.stderr, said) == (shown.stderr, shown.stdout.splitlines()) or code == 0


def test_help_and_mistakes_of_a_conversion_are_told_by_the_command() -> None:
    for word, code in (("--help", 0), ("--chekc", 2), ("--kernel", 2)):
        done = python(["-m", "chasm.cli", "convert", "a.ipynb", word], Path.cwd())
        shown = chasm_("convert", "a.ipynb", word)
        assert (done.returncode, shown.exit_code) == (code, code)
        assert done.stderr.splitlines()[-1:] == shown.stderr.splitlines()[-1:]


def test_a_short_option_with_its_value_in_one_word_is_read_alike() -> None:
    write("a.ipynb")
    for word in ("-o=here", "-ohere", "-qo"):
        arguments = ["convert", "a.ipynb", "--check", word]
        done = python(["-m", "chasm.cli", *arguments], Path.cwd())
        shown = chasm_(*arguments)
        assert (done.returncode, done.stdout) == (shown.exit_code, shown.stdout)


@pytest.mark.parametrize("words", [[""], ["a.ipynb", "-o", ""], ["", "--timeout", "9"]])
def test_an_empty_word_is_refused(words: list[str]) -> None:
    write("a.ipynb")
    done = python(["-m", "chasm.cli", "convert", *words], Path.cwd())
    assert (done.returncode, done.stderr) == (2, "error: an empty word names nothing\n")
    assert {path.name for path in Path().iterdir()} - {"cache"} == {"a.ipynb"}


def test_a_stream_that_is_closed_ends_nothing() -> None:
    write("a.ipynb", "print(1)")
    for closed in (">&-", "2>&-"):
        shell = f'exec "$0" -m chasm.cli convert a.ipynb -o made --force {closed}'
        done = subprocess.run(["sh", "-c", shell, sys.executable], check=False, timeout=120)
        assert done.returncode == 0
    assert Path("made/pyproject.toml").is_file()
