"""``chasm review``: what it compares, its exit codes, and what it says of bad input."""

import json
import re
from pathlib import Path

import pytest
from support.command import chasm_, error_line, write
from support.history import commit, git, repository
from support.process import run

import chasm
from chasm.review.model import How, Part

pytestmark = pytest.mark.usefixtures("own_folder")

LOAD = "import pandas as pd\ndf = pd.read_csv('a.csv')"
SPLIT = (
    "from sklearn.model_selection import train_test_split\n"
    "a, b = train_test_split(df, test_size=0.2, random_state=1)"
)


def changed(*cells: str) -> None:
    """A repository whose notebook was ``LOAD`` and ``SPLIT``, and has ``cells`` now."""
    repository(Path())
    write("nb/a.ipynb", LOAD, SPLIT)
    commit(Path(), "one")
    write("nb/a.ipynb", *cells)


def test_two_files_are_compared_as_they_are() -> None:
    write("old.ipynb", LOAD, SPLIT)
    write("new.ipynb", LOAD, SPLIT.replace("0.2", "0.3"))
    result = chasm_("review", "old.ipynb", "new.ipynb")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "new.ipynb (was old.ipynb): 1 change"
    assert lines[1] == (
        "  Split changed: train_test_split with test_size 0.2 -> 0.3 (cell 2, line 2)"
    )


def test_python_callers_get_the_review_itself() -> None:
    write("old.ipynb", LOAD, SPLIT)
    write("new.ipynb", LOAD.replace("a.csv", "b.csv"), SPLIT)
    (change,) = chasm.review("old.ipynb", "new.ipynb").changes
    assert (change.part, change.how) == (Part.INPUT, How.CHANGED)


def test_json_has_places_in_the_notebook_and_in_the_file() -> None:
    write("old.ipynb", LOAD, SPLIT)
    write("new.ipynb", LOAD, SPLIT.replace("0.2", "0.3"))
    said = json.loads(chasm_("review", "old.ipynb", "new.ipynb", "--output-format", "json").stdout)
    (one,) = said["notebooks"]
    (change,) = one["changes"]
    assert change["part"] == "split"
    assert change["deltas"] == [{"name": "test_size", "old": "0.2", "new": "0.3"}]
    assert change["new_at"]["cell"] == 2
    assert one["package"]["config"] == [{"name": "split.test_size", "old": "0.2", "new": "0.3"}]


def test_annotations_stand_on_the_lines_of_the_file() -> None:
    changed(LOAD, SPLIT.replace("0.2", "0.3"))
    text = json.dumps(json.loads(Path("nb/a.ipynb").read_text(encoding="utf-8")), indent=1)
    text = text.replace("\\nfrom", "from").replace(
        json.dumps(SPLIT.replace("0.2", "0.3")),
        "[\n" + ",\n".join(json.dumps(f"{x}\n") for x in SPLIT.replace("0.2", "0.3").split("\n"))
        + "\n]",
    )  # fmt: skip
    Path("nb/a.ipynb").write_text(text, encoding="utf-8")
    result = chasm_("review", "--base", "HEAD", "--output-format", "github")
    match = re.fullmatch(
        r"::notice title=Split changed,file=nb/a.ipynb,line=(\d+)::"
        r"cell 2: test_size 0.2 -> 0.3\n",
        result.stdout,
    )
    assert match
    assert "test_size=0.3" in text.split("\n")[int(match[1]) - 1]


def test_only_what_lies_below_the_paths_is_reviewed() -> None:
    changed(LOAD, SPLIT.replace("0.2", "0.3"))
    write("other/b.ipynb", "x = 1")
    git(Path(), "add", "-A")
    assert chasm_("review", "--base", "HEAD", "nb").stdout.startswith("nb/a.ipynb: 1 change")
    assert chasm_("review", "--base", "HEAD", "other").stdout.startswith(
        "other/b.ipynb: new notebook"
    )
    assert chasm_("review", "--base", "HEAD", "none").stdout == "\nNo notebook changed.\n".lstrip()


def test_new_removed_and_renamed_notebooks_are_told_apart() -> None:
    changed(LOAD, SPLIT)
    write("gone.ipynb", "print('gone')\n" * 9)
    commit(Path(), "two")
    Path("gone.ipynb").unlink()
    Path("nb/a.ipynb").rename("nb/ä b.ipynb")
    write("new.ipynb", "y = [1]\ny.append(2)")
    git(Path(), "add", "-A")
    lines = chasm_("review", "--base", "HEAD").stdout.splitlines()
    heads = [line for line in lines if line and not line.startswith(" ")]
    assert heads == [
        "gone.ipynb: notebook removed",
        "nb/ä b.ipynb (was nb/a.ipynb): nothing that is computed changed",
        "new.ipynb: new notebook",
        "1 notebook changed, 1 added, 1 removed.",
    ]


def test_scripts_with_cells_are_notebooks_and_others_are_not() -> None:
    repository(Path())
    script = f"# %%\n{LOAD}\n# %%\n{SPLIT}\n"
    Path("cells.py").write_text(script, encoding="utf-8")
    Path("plain.py").write_text("x = 1\n", encoding="utf-8")
    commit(Path(), "one")
    Path("cells.py").write_text(script.replace("0.2", "0.3"), encoding="utf-8")
    Path("plain.py").write_text("x = 2\n", encoding="utf-8")
    result = chasm_("review", "--base", "HEAD", "--output-format", "github")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "::notice title=Split changed,file=cells.py,line=6::cell 2: test_size 0.2 -> 0.3\n"
    )


def test_what_does_not_meet_may_change_places() -> None:
    columns = ["df['a'] = df['x'] * 2", "df['b'] = df['y'] * 2"]
    write("old.ipynb", LOAD, *columns, SPLIT)
    write("new.ipynb", LOAD, *columns[::-1], SPLIT)
    assert chasm.review("old.ipynb", "new.ipynb").changes == ()
    chained = [columns[0], "df['b'] = df['a'] * 2"]
    write("old.ipynb", LOAD, *chained, SPLIT)
    write("new.ipynb", LOAD, *chained[::-1], SPLIT)
    (change,) = chasm.review("old.ipynb", "new.ipynb").changes
    assert (change.part, change.how) == (Part.FEATURE, How.ORDER)


@pytest.mark.parametrize(
    ("now", "parts"),
    [
        (SPLIT.replace("test_size=0.2, random_state=1", "random_state=1, test_size=0.2"), []),
        ("import sklearn.model_selection as ms\na, b = ms.train_test_split(df, test_size=0.2, "
         "random_state=1)", []),
        (SPLIT.partition("\n")[2], []),
        (SPLIT.replace("sklearn.model_selection", "other"), [Part.SPLIT]),
        (SPLIT.replace("random_state=1", "random_state=f()"), [Part.SPLIT]),
    ],
    ids=["keywords", "module", "lost-import", "other-library", "calls"],
)  # fmt: skip
def test_a_name_is_what_it_stands_for(now: str, parts: list[Part]) -> None:
    write("old.ipynb", LOAD, SPLIT)
    write("new.ipynb", LOAD, now)
    assert [one.part for one in chasm.review("old.ipynb", "new.ipynb").changes] == parts


def test_keywords_that_name_columns_have_an_order() -> None:
    write("old.ipynb", LOAD, "df = df.assign(x=1, y=2)", SPLIT)
    write("new.ipynb", LOAD, "df = df.assign(y=2, x=1)", SPLIT)
    assert len(chasm.review("old.ipynb", "new.ipynb").changes) == 1


def test_the_base_is_where_the_work_began() -> None:
    changed(LOAD, SPLIT)
    git(Path(), "checkout", "-q", "-b", "work")
    write("nb/a.ipynb", LOAD, SPLIT.replace("0.2", "0.3"))
    commit(Path(), "work")
    git(Path(), "checkout", "-q", "main")
    write("nb/a.ipynb", LOAD.replace("a.csv", "b.csv"), SPLIT)
    commit(Path(), "main goes on")
    git(Path(), "checkout", "-q", "work")
    result = chasm_("review", "--base", "main")
    assert "Split changed" in result.stdout
    assert "Input" not in result.stdout


@pytest.mark.parametrize(
    ("reasons", "code"),
    [("none", 0), ("error", 0), ("warning", 1), ("note,breaking", 1), ("breaking", 0)],
)
def test_what_fails_a_job_is_chosen(reasons: str, code: int) -> None:
    changed(LOAD.replace("a.csv", "/home/ann/a.csv"), SPLIT)
    result = chasm_("review", "--base", "HEAD", "--fail-on", reasons)
    assert "new warning CH105" in result.stdout
    assert result.exit_code == code


def test_a_package_that_is_out_of_date_is_told() -> None:
    repository(Path())
    write("a.ipynb", LOAD, SPLIT)
    assert chasm_("convert", "a.ipynb", "-o", "made").exit_code == 0
    commit(Path(), "one")
    write("a.ipynb", LOAD, SPLIT.replace("0.2", "0.3"))
    result = chasm_("review", "--base", "HEAD", "--package", "made", "--fail-on", "stale")
    assert result.exit_code == 1
    assert "  out of date: made (chasm convert)" in result.stdout.splitlines()
    assert chasm_("convert", "a.ipynb", "-o", "made").exit_code == 0
    again = chasm_("review", "--base", "HEAD", "--package", "made", "--fail-on", "stale")
    assert again.exit_code == 0


def test_a_broken_notebook_is_one_line_and_the_others_are_reviewed() -> None:
    changed(LOAD, SPLIT.replace("0.2", "0.3"))
    Path("nb/b.ipynb").write_text('{"cells": [', encoding="utf-8")
    git(Path(), "add", "-A")
    result = chasm_("review", "--base", "HEAD")
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: b.ipynb: not valid JSON")
    assert "Split changed" in result.stdout
    assert "nb/b.ipynb: could not be reviewed" in result.stdout


BAD = ["-x", "--output=x", "nosuch", "", "HEAD..HEAD", "main:nb/a.ipynb", "a\0b", "$(touch x)"]


@pytest.mark.parametrize("base", BAD)
def test_a_base_that_is_no_commit_is_one_line(base: str) -> None:
    changed(LOAD, SPLIT)
    before = sorted(Path().rglob("*"))
    assert "--base" in error_line(chasm_("review", f"--base={base}"))
    assert sorted(Path().rglob("*")) == before


def test_wrong_calls_are_one_line() -> None:
    write("a.ipynb", LOAD)
    assert "old and a new" in error_line(chasm_("review", "a.ipynb"))
    assert "no such file" in error_line(chasm_("review", "a.ipynb", "b.ipynb"))
    assert "not in a git repository" in error_line(chasm_("review", "--base", "HEAD"))
    told = error_line(chasm_("review", "a.ipynb", "a.ipynb", "--fail-on", "all"))
    assert "--fail-on 'all'" in told


def test_nothing_that_a_repository_configures_is_run() -> None:
    changed(LOAD, SPLIT.replace("0.2", "0.3"))
    canary = "touch canary; cat"
    for name in ("diff.external", "core.fsmonitor", "diff.n.textconv", "diff.n.command"):
        git(Path(), "config", name, canary)
    Path(".gitattributes").write_text("*.ipynb diff=n\n", encoding="utf-8")
    assert "Split changed" in chasm_("review", "--base", "HEAD").stdout
    assert not Path("canary").exists()


def test_links_are_not_followed(tmp_path: Path) -> None:
    changed(LOAD, SPLIT.replace("0.2", "0.3"))
    outside = tmp_path.parent / f"{tmp_path.name}-outside.ipynb"
    write(str(outside), "secret = 'outside'")
    Path("nb/link.ipynb").symlink_to(outside)
    git(Path(), "add", "-A")
    result = chasm_("review", "--base", "HEAD")
    assert result.exit_code == 0
    assert "link" not in result.stdout
    assert "outside" not in result.stdout


def test_names_of_files_are_names_only() -> None:
    repository(Path())
    names = ["-o.ipynb", ":(top)a.ipynb", "a\nb.ipynb", "'; touch canary;'.ipynb", "$(x).ipynb"]
    for name in names:
        write(name, LOAD, SPLIT)
    commit(Path(), "one")
    for name in names:
        write(name, LOAD, SPLIT.replace("0.2", "0.3"))
    result = chasm_("review", "--base", "HEAD")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.count("Split changed") == len(names)
    assert not Path("canary").exists()


def test_the_installed_command_does_the_same() -> None:
    write("old.ipynb", LOAD, SPLIT)
    write("new.ipynb", LOAD, SPLIT)
    command = Path(chasm.__file__).parents[2] / ".venv" / "bin" / "chasm"
    if not command.exists():
        pytest.skip("chasm is installed elsewhere")
    done = run([command, "review", "old.ipynb", "new.ipynb"], Path())
    assert done.returncode == 0
    assert "nothing that is computed" in done.stdout
