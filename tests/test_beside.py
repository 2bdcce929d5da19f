"""What lies beside a notebook and what is nowhere: own modules, and imports that fail."""

from pathlib import Path

import pytest
from support.command import write
from support.process import python

from chasm.api import Conversion, convert

NOTEBOOK = """\
# %%
import helper, math
from parts.tools import double as twice
import parts.more as more
import data as table
# %%
def triple(n):
    import helper as again
    return again.add(twice(n), n)
# %%
print(helper.add(1, 2), triple(3), more.ONE, table.ROWS, math.floor(2.5))
"""
MODULES = {
    "helper.py": "import parts.tools\ndef add(a, b): return parts.tools.double(a) // 2 + b\n",
    "parts/__init__.py": "",
    "parts/tools.py": "def double(n):\n    return 2 * n\n",
    "parts/more.py": "from . import tools\nONE = tools.double(1) // 2\n",
    "data.py": "ROWS = 4\n",
    "unused.py": "raise RuntimeError\n",
}


def made(folder: Path, notebook: str, modules: dict[str, str]) -> Conversion:
    for name, text in {"book.py": notebook, **modules}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return convert(folder / "book.py", folder / "package", name="book_made")


def run(done: Conversion) -> str:
    process = python(["-m", done.package, "run"], done.folder, {"PYTHONPATH": "src"})
    assert process.returncode == 0, process.stderr
    return process.stdout


def test_own_modules_come_along(tmp_path: Path) -> None:
    done = made(tmp_path, NOTEBOOK, MODULES)
    source = done.folder / "src" / "book_made"
    for name in MODULES:
        (tmp_path / name).unlink()
    assert run(done) == "3 9 1 4 2\n"
    assert not (source / "unused.py").exists()
    assert (source / "notebook_data.py").exists()
    assert [f.message for f in done.findings] == []


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("helper.py", "def f(:\n", "not valid Python"),
        ("helper.py", "x = 1\0\n", "not valid Python"),
    ],
)
def test_a_module_that_cannot_come_along_is_a_finding(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    done = made(tmp_path, "# %%\nimport helper\nprint(1)\n", {name: text})
    assert any(said in finding.message for finding in done.findings)
    assert run(done) == "1\n"


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.txt").write_text("SECRET = 1\n", encoding="utf-8")
    (tmp_path / "helper.py").symlink_to(tmp_path / "elsewhere.txt")
    done = made(tmp_path, "# %%\nimport helper\nprint(1)\n", {})
    assert not (done.folder / "src" / "book_made" / "helper.py").exists()


def test_what_nobody_can_install_stops_no_other_step(tmp_path: Path) -> None:
    text = "# %%\nimport nowhere_at_all as no\nprint('before')\n# %%\nprint(no.more(1))\n"
    done = made(tmp_path, text, {})
    process = python(["-m", done.package, "run"], done.folder, {"PYTHONPATH": "src"})
    assert process.stdout == "before\n"
    assert "ModuleNotFoundError: No module named 'nowhere_at_all'" in process.stderr
    assert any("nowhere_at_all" in finding.message for finding in done.findings)


def test_what_only_a_hosted_notebook_has_is_left_out(tmp_path: Path) -> None:
    text = (
        "# %%\nfrom google.colab import drive\ndrive.mount('/content')\n"
        "where = drive.here()\nprint(where)\n# %%\nprint('after')\n"
    )
    done = made(tmp_path, text, {})
    assert run(done) == "after\n"
    assert any("exists only in" in finding.message for finding in done.findings)
    assert "exists only in" in (done.folder / "README.md").read_text(encoding="utf-8")


def test_cells_may_await(tmp_path: Path) -> None:
    text = (
        "# %%\nimport asyncio\nasync def double(n):\n    await asyncio.sleep(0)\n    return 2 * n\n"
        "async def numbers():\n    for n in range(3):\n        yield n\n"
        "# %%\na = await double(2)\nasync for n in numbers():\n    a += n\n"
        "# %%\nprint(a, await double(a), [n async for n in numbers()])\n"
    )
    assert run(made(tmp_path, text, {})) == "7 14 [0, 1, 2]\n"


def test_the_order_in_which_every_name_is_defined(tmp_path: Path) -> None:
    text = "# %%\nprint(total)\n# %%\ntotal = sum(values)\n# %%\nvalues = [1, 2, 3]\n"
    done = made(tmp_path, text, {})
    assert run(done) == "6\n"
    assert ["order in which every name is defined" in f.message for f in done.findings] == [True]


def test_a_module_that_a_cell_writes_comes_along(tmp_path: Path) -> None:
    before = "def twice(n):\n    return 'what lay there before'\n"
    (tmp_path / "helper.py").write_text(before, encoding="utf-8")
    book = write(
        str(tmp_path / "book.ipynb"),
        "%%writefile helper.py\n# A helper\ndef twice(n):\n    return 2 * n",
        "%%writefile -a ./helper.py\nONE = twice(1) // 2\n",
        "%%writefile nobody.py\nraise RuntimeError",
        "import helper\nprint(helper.twice(4), helper.ONE)",
    )
    done = convert(book, tmp_path / "package", name="book_made")
    assert run(done) == "8 1\n"
    readme = (done.folder / "README.md").read_text(encoding="utf-8")
    assert "the text of a module, which the package has" in readme
    assert [f.cell for f in done.findings if "writefile" in f.message] == [3]


def test_a_module_that_remembers_is_asked_in_the_order_of_the_notebook(tmp_path: Path) -> None:
    text = (
        "# %%\nimport game\nfrom game import total\n"
        "# %%\npoints = game.add(3)\nprint(total(), game.scores)\n"
        "# %%\nrest = sorted([2, 1])[0]\nmore = game.add(rest)\n"
        "# %%\ngame.add(4)\nprint(total())\n# %%\nlast = game.add(5)\n"
    )
    module = (
        "scores = []\n\ndef add(n):\n    scores.append(n)\n    return n\n\n"
        "def total():\n    return sum(scores)\n"
    )
    assert run(made(tmp_path, text, {"game.py": module})) == "3 [3]\n8\n"
