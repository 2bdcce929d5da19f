"""`chasm check` as a command: which files, which checks, which exit code, what it writes."""

import io
import json
from pathlib import Path

import pytest
from support.command import chasm_, error_line
from support.process import python
from support.snippets import ipynb

from chasm.checking import Options, check_files
from chasm.hook import run as hook

pytestmark = pytest.mark.usefixtures("own_folder", "own_cache")

STAR = "# %%\nfrom math import *\nprint(pi)"
CLEAN = "# %%\nprint(1)"


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache is empty and in a folder of the test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def put(path: str, text: str = STAR) -> Path:
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(ipynb(text), encoding="utf-8")
    return target


def found_in(*arguments: str | Path) -> list[str]:
    """File and code of every finding."""
    done = chasm_("check", "--output-format", "json", *arguments)
    return [f"{one['filename']} {one['code']}" for one in json.loads(done.stdout)]


def test_a_finding_is_one_line_and_exit_code_1() -> None:
    done = chasm_("check", put("a.ipynb"), "--output-format", "concise")
    first, last = done.stdout.splitlines()
    assert first == (
        "a.ipynb:cell 1:1:1: CH503 binds whatever names math has, and hides others of the same name"
    )
    assert last == "Found 1 warning in 1 of 1 notebook"
    assert done.exit_code == 1


def test_no_finding_is_exit_code_0() -> None:
    done = chasm_("check", put("a.ipynb", CLEAN))
    assert (done.exit_code, done.stdout) == (0, "No findings in 1 notebook\n")
    assert chasm_("check", "a.ipynb", "--quiet").stdout == ""


def test_exit_zero_is_for_findings_only() -> None:
    put("a.ipynb")
    assert chasm_("check", "a.ipynb", "--exit-zero").exit_code == 0
    Path("b.ipynb").write_text("{", encoding="utf-8")
    assert chasm_("check", ".", "--exit-zero").exit_code == 2


def test_a_broken_file_is_one_line_and_the_others_are_checked() -> None:
    put("a.ipynb")
    Path("b.ipynb").write_text("{", encoding="utf-8")
    done = chasm_("check", ".", "--output-format", "concise")
    assert done.exit_code == 2
    assert "a.ipynb:cell 1" in done.stdout
    assert done.stderr == (
        "error: b.ipynb: not valid JSON (line 1, column 2: "
        "Expecting property name enclosed in double quotes)\n"
    )


def test_a_missing_file_is_an_error() -> None:
    assert error_line(chasm_("check", "no.ipynb")) == "error: no.ipynb: no such file"


def test_a_notebook_in_another_language_has_no_findings() -> None:
    path = put("r.ipynb")
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(data | {"metadata": {"kernelspec": {"language": "R"}}}))
    assert chasm_("check", path).exit_code == 0


def test_folders_are_walked_as_git_sees_them() -> None:
    Path(".git").mkdir()
    Path(".gitignore").write_text("*_old.ipynb\n/made/\n!keep_old.ipynb\n", encoding="utf-8")
    for name in (
        "a.ipynb", "b_old.ipynb", "keep_old.ipynb", "made/c.ipynb", "deep/made/d.ipynb",
        "deep/.ipynb_checkpoints/a-checkpoint.ipynb", ".venv/x.ipynb", "deep/e.txt",
    ):  # fmt: skip
        put(name)
    Path("deep/.gitignore").write_text("x*.ipynb\n", encoding="utf-8")
    put("deep/x1.ipynb")
    wanted = ["a.ipynb CH503", "deep/made/d.ipynb CH503", "keep_old.ipynb CH503"]
    assert found_in(".") == wanted
    assert found_in() == wanted
    assert found_in("deep") == ["deep/made/d.ipynb CH503"]
    assert found_in("b_old.ipynb") == ["b_old.ipynb CH503"]


def test_links_that_lead_nowhere_are_passed_over() -> None:
    put("a.ipynb")
    Path("loop.ipynb").symlink_to("loop.ipynb")
    Path("gone.ipynb").symlink_to("nothing.ipynb")
    Path("again").symlink_to(".")
    assert found_in(".") == ["a.ipynb CH503"]


def test_rules_of_folders_above_the_one_that_is_named_hold() -> None:
    Path(".git").mkdir()
    Path(".gitignore").write_text("draft*\n", encoding="utf-8")
    put("deep/draft.ipynb")
    put("deep/a.ipynb")
    assert found_in("deep") == ["deep/a.ipynb CH503"]


def test_exclude_and_force_exclude() -> None:
    put("a.ipynb")
    put("lessons/b.ipynb")
    assert found_in(".", "--extend-exclude", "lessons") == ["a.ipynb CH503"]
    assert found_in("lessons/b.ipynb", "--extend-exclude", "lessons") == ["lessons/b.ipynb CH503"]
    assert found_in("lessons/b.ipynb", "--extend-exclude", "lessons", "--force-exclude") == []


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        ([], ["CH403", "CH503"]),
        (["--select", "CH5"], ["CH503"]),
        (["--select", "star-import"], ["CH503"]),
        (["--select", "CH4,CH503"], ["CH403", "CH503"]),
        (["--ignore", "CH5"], ["CH403"]),
        (["--select", "CH5", "--ignore", "CH50"], []),
        (["--select", "CH503", "--ignore", "CH5"], ["CH503"]),
        (["--select", "CH1", "--extend-select", "CH4"], ["CH403"]),
    ],
)
def test_checks_are_chosen_by_code_prefix_and_name(arguments: list[str], codes: list[str]) -> None:
    put("a.ipynb", "# %%\nfrom math import *\nprint(eval(input()), pi)")
    assert sorted(one.split()[1] for one in found_in("a.ipynb", *arguments)) == codes


def test_an_unknown_check_is_an_error() -> None:
    put("a.ipynb")
    line = error_line(chasm_("check", "a.ipynb", "--select", "CH777"))
    assert line == "error: no check is called 'CH777' (chasm explain lists them)"


def test_an_unknown_format_is_an_error() -> None:
    put("a.ipynb")
    assert "no output format is called 'xml'" in error_line(
        chasm_("check", "a.ipynb", "--output-format", "xml")
    )


def test_settings_of_the_project_hold_and_the_call_adds_to_them() -> None:
    Path("pyproject.toml").write_text(
        '[tool.chasm]\nignore = ["CH503"]\noutput-format = "concise"\nmax-cell-lines = 1\n'
        '[tool.chasm.per-file-ignores]\n"lessons/*" = ["long-cell"]\n',
        encoding="utf-8",
    )
    put("a.ipynb")
    put("lessons/a.ipynb")
    done = chasm_("check", ".")
    assert done.stdout.splitlines()[0] == "a.ipynb:cell 1:1:1: CH506 has 2 lines, more than 1"
    assert len(done.stdout.splitlines()) == 2
    assert found_in(".", "--ignore", "CH506") == []
    assert found_in("lessons/a.ipynb", "--isolated") == ["lessons/a.ipynb CH503"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.chasm]\nselekt = []\n", "unknown key 'selekt'"),
        ('[tool.chasm]\nselect = "CH1"\n', "select is no list of texts"),
        ("[tool.chasm]\nmax-cell-lines = true\n", "max-cell-lines is not a number"),
        ('[tool.chasm]\nper-file-ignores = ["a"]\n', "per-file-ignores is no table"),
        ("[tool.chasm\n", "not valid TOML"),
        ('[tool.chasm]\nselect = ["CH7777"]\n', "no check is called 'CH7777'"),
    ],
)
def test_wrong_settings_are_an_error(text: str, said: str) -> None:
    put("a.ipynb")
    Path("pyproject.toml").write_text(text, encoding="utf-8")
    assert said in error_line(chasm_("check", "a.ipynb"))


def test_the_format_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHASM_OUTPUT_FORMAT", "json-lines")
    (line,) = chasm_("check", put("a.ipynb")).stdout.splitlines()
    assert json.loads(line)["code"] == "CH503"


def test_a_report_goes_into_a_file() -> None:
    put("a.ipynb")
    done = chasm_("check", "a.ipynb", "--output-format", "json", "--output-file", "out/r.json")
    assert (done.exit_code, done.stdout) == (1, "")
    assert json.loads(Path("out/r.json").read_text(encoding="utf-8"))[0]["code"] == "CH503"


def test_standard_input_is_checked_under_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from chasm.cli.commands import app

    arguments = ["check", "-", "--stdin-filename", "x/y.ipynb", "--output-format", "concise"]
    done = CliRunner().invoke(app, arguments, input=ipynb(STAR))
    assert done.stdout.startswith("x/y.ipynb:cell 1:1:1: CH503")
    monkeypatch.setattr("sys.stdin", io.StringIO(ipynb(CLEAN)))
    assert hook(["-"]) == 0


def test_what_was_found_is_remembered_until_something_changes(tmp_path: Path) -> None:
    path = put("a.ipynb")
    first = check_files([path], Options())
    kept = list((tmp_path / "cache" / "chasm" / "checks").iterdir())
    assert len(kept) == 1
    assert check_files([path], Options()) == first
    kept[0].write_text("[]", encoding="utf-8")
    assert check_files([path], Options()).exit_code == 0
    assert check_files([path], Options(cache=False)) == first
    kept[0].write_text("[[1]]", encoding="utf-8")
    assert check_files([path], Options()) == first
    put("a.ipynb", CLEAN)
    assert check_files([path], Options()).exit_code == 0


def test_a_finding_of_a_whole_cell_stands_at_its_first_line_with_anything_in_it() -> None:
    path = put("a.ipynb", "# %% count=2\na = 1\n# %% count=1\n\n\nprint(a)")
    (one,) = json.loads(chasm_("check", path, "--output-format", "json").stdout)
    assert one["code"] == "CH101"
    assert "print(a)" in path.read_text(encoding="utf-8").split("\n")[one["raw_line"] - 1]


def test_many_files_give_what_each_gives_alone() -> None:
    paths = [put(f"n{number:02}.ipynb", STAR if number % 3 else CLEAN) for number in range(12)]
    together = check_files(paths, Options(cache=False))
    alone = [check_files([path], Options(cache=False)).files[0] for path in paths]
    assert list(together.files) == alone


def test_explain_tells_of_one_check_and_lists_all() -> None:
    page = chasm_("explain", "CH503").stdout
    assert page.startswith("# CH503 star-import (warning)")
    assert chasm_("explain", "star-import").stdout == page
    assert chasm_("explain", "ch503").stdout == page
    assert "CH301  warning  preprocessed-before-split" in chasm_("explain").stdout
    assert "no check is called 'CH1'" in error_line(chasm_("explain", "CH1"))


def test_the_hook_does_the_same_without_anything_heavy(tmp_path: Path) -> None:
    path = put("a.ipynb")
    code = (
        "import sys\nfrom chasm.hook import run\nstatus = run(['--no-cache', 'a.ipynb'])\n"
        "print(*sys.modules, file=sys.stderr)\nsys.exit(status)\n"
    )
    done = python(["-c", code], path.absolute().parent)
    assert done.returncode == 1
    assert "CH503" in done.stdout
    loaded = set(done.stderr.split())
    heavy = {"libcst", "typer", "nbformat", "black", "jinja2", "rich", "multiprocessing"}
    assert loaded & heavy == set()


@pytest.mark.parametrize("arguments", [[], ["a.ipynb"], ["--select", "CH5", "a.ipynb"]])
def test_the_hook_loads_no_check_when_there_is_nothing_to_look_at(arguments: list[str]) -> None:
    put("a.ipynb")
    code = (
        "import sys\nfrom chasm.hook import run\n"
        f"run({['--force-exclude', *arguments]!r})\nprint(*sys.modules, file=sys.stderr)\n"
    )
    first = python(["-c", code], Path().absolute())
    again = python(["-c", code], Path().absolute())
    assert again.stdout == first.stdout
    assert ("CH503" in again.stdout) == bool(arguments)
    unwanted = {"chasm.checks", "chasm.analyse", "chasm.rulebook", "pathspec", "tempfile"}
    assert set(again.stderr.split()) & unwanted == set()


@pytest.mark.parametrize("arguments", [[], ["a.ipynb"]])
def test_an_unknown_check_is_an_error_with_nothing_to_look_at(arguments: list[str]) -> None:
    put("a.ipynb")
    chasm_("check", "a.ipynb")
    assert hook(["--select", "CH999", *arguments]) == 2


def test_names_are_excluded_as_git_would() -> None:
    for path in (
        "data/a.ipynb",
        "sub/data/b.ipynb",
        "database/c.ipynb",
        "d.ipynb",
        "sub/data.ipynb",
    ):
        put(path)
    left = ["d.ipynb CH503", "database/c.ipynb CH503", "sub/data.ipynb CH503"]
    assert found_in(".", "--exclude", "data") == left
    # The same, by way of the language that only other patterns need.
    assert found_in(".", "--exclude", "data,*.nothing") == left
    assert found_in(".", "--exclude", "data,d.ipynb") == left[1:]


def test_no_cell_is_run_and_nothing_is_written() -> None:
    path = put("a.ipynb", "# %%\nopen('canary', 'w').write('x')\nimport os\nos.system('touch c2')")
    before = path.read_bytes()
    chasm_("check", ".", "--no-cache")
    # Of chasm's own there may be the parsed rules.
    assert {one.name for one in Path().iterdir()} - {"cache"} == {"a.ipynb"}
    assert not Path("cache/chasm/checks").exists()
    assert path.read_bytes() == before


def test_python_callers_get_the_same() -> None:
    import chasm

    (file,) = chasm.check(put("a.ipynb"))
    assert [one.finding.code for one in file.findings] == ["CH503"]


def test_the_plain_words_of_a_check_are_those_of_the_command() -> None:
    from typer.main import get_command

    from chasm.cli.commands import app
    from chasm.hook import PlainParser

    command = get_command(app).commands["check"]  # type: ignore[attr-defined]
    told = {name for one in command.params for name in one.opts if name.startswith("-")}
    plain = {name for one in PlainParser()._actions for name in one.option_strings}
    assert plain == told - {"--help"}


def test_a_plain_check_is_read_without_the_commands() -> None:
    put("a.ipynb")
    arguments = ["check", "a.ipynb", "--output-format", "concise", "--ignore=CH1", "--no-cache"]
    script = (
        f"import sys\nimport chasm.cli\nsys.argv = ['chasm', *{arguments}]\n"
        "try:\n    chasm.cli.run()\nexcept SystemExit as end:\n    code = end.code\n"
        "print(code, 'typer' in sys.modules)"
    )
    done = python(["-c", script], Path.cwd())
    assert done.stdout.splitlines()[-1] == "1 False", done.stderr
    assert done.stdout.startswith(chasm_(*arguments).stdout)


def test_help_and_mistakes_are_told_by_the_command() -> None:
    for word, code in (("--help", 0), ("--selcet", 2)):
        done = python(["-m", "chasm.cli", "check", word], Path.cwd())
        shown = chasm_("check", word)
        assert (done.returncode, shown.exit_code) == (code, code)
        assert "Usage: " in done.stdout + done.stderr
