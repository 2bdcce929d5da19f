"""Invariants 1 and 7 of the design: who imports whom, who prints, who touches the disk."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from support.code import Module, called, modules, words_of
from support.folders import ROOT, fixtures
from support.process import python

#: What each layer may import of chasm. The vocabulary is free for all that come after it.
VOCABULARY = {"model", "findings", "errors", "seen"}
READING = VOCABULARY | {"read", "rulebook"}
LAYERS = {
    "__init__": {"api", "errors", "findings", "model"},
    "model": {"findings"},
    "findings": set(),
    "errors": set(),
    "seen": set(),
    "read": VOCABULARY,
    "rulebook": VOCABULARY,
    "analyse": READING,
    "checks": READING | {"analyse"},
    "plan": READING | {"analyse"},
    "emit": READING | {"analyse", "plan"},
    "place": {"errors"},
    "verify": VOCABULARY,
    "review": READING | {"analyse", "plan"},
    "report": VOCABULARY | {"plan", "verify", "review"},
}
ABOVE = {
    "api", "checking", "cli", "hook", "making", "many", "remembered", "reviewing", "verifying",
    "__main__",
}  # fmt: skip
PRINTING = {"cli", "hook"}
DISK = {"read", "rulebook", "place", "verify"}
PURE = {"model", "findings", "errors", "seen", "analyse", "checks", "plan", "emit", "review"}
#: Modules whose answers differ from machine to machine, or from run to run.
WORLD = {
    "os", "pathlib", "tempfile", "subprocess", "shutil", "glob", "random", "time", "datetime",
    "uuid", "socket", "locale", "getpass", "platform",
}  # fmt: skip
PRINTS = {"print", "input", "exit", "quit"}
PRINT_ATTRIBUTES = {"echo", "secho", "exit", "_exit", "write", "writelines"}
DISK_ATTRIBUTES = {
    "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "rename", "rmdir",
    "touch", "iterdir", "glob", "rglob", "stat", "lstat", "exists", "is_file", "is_dir",
    "is_symlink", "symlink_to", "chmod",
}  # fmt: skip
#: Of ``os``, what only handles text or asks for the number of processors.
HARMLESS = ("os.PathLike", "os.path.relpath", "os.sep", "os.fspath", "os.environ", "os.cpu_count")
MAX_LINES = 300
#: chasm's own dependencies stand in no rule file for a notebook's sake.
OWN = {"black", "jinja2", "libcst", "nbformat", "ruff", "typer", "rich"}
#: Words that are IPython's own: magics named after a library, a name that every notebook has.
NOT_LIBRARIES = {
    "analyse.order": {"ipython"},
    "read.magics": {"ipython", "matplotlib", "pylab"},
    "read.script": {"matplotlib"},
    "verify.kernel": {"ipython"},
}

EACH = pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)


def permitted_disk_access(module: Module) -> set[str]:
    """Accesses that a pure layer has for a stated reason."""
    if module.name in ("emit.templating", "report.drawing.svg", "report.page.page"):
        return {"read_text"}  # its own templates, as resources of the installed package
    return set()


@cache
def libraries() -> set[str]:
    """Import names of the libraries that rules/ describes, but for those that Python has."""
    found = set()
    for path in (ROOT / "rules").glob("*.toml"):
        library = tomllib.loads(path.read_text(encoding="utf-8")).get("library", {})
        found |= {str(library[word]) for word in ("import",) if word in library}
    return {name.casefold() for name in found - sys.stdlib_module_names - OWN}


@EACH
def test_imports_run_one_way(module: Module) -> None:
    if module.layer in ABOVE:
        assert module.layer in PRINTING | {"__main__"} or not module.imported_layers() & PRINTING
        return
    assert module.layer in LAYERS, f"{module.layer} is no layer of the design"
    allowed = LAYERS[module.layer] | {module.layer}
    assert module.imported_layers() <= allowed


@EACH
def test_only_the_command_line_prints_or_exits(module: Module) -> None:
    if module.layer in PRINTING:
        return
    names, attributes = called(module.tree)
    raised = {n.id for n in ast.walk(module.tree) if isinstance(n, ast.Name)} & {"SystemExit"}
    # A stream's ``write`` is the disk's business, which the next test looks at.
    spoken = (attributes & PRINT_ATTRIBUTES) - {"write"}
    assert (names & PRINTS) | spoken | raised == set()
    assert not {"sys.stdout", "sys.stderr"} & module.dotted()


@EACH
def test_only_four_layers_touch_the_disk(module: Module) -> None:
    if module.layer in DISK:
        return
    names, attributes = called(module.tree)
    touched = (attributes & DISK_ATTRIBUTES) - permitted_disk_access(module)
    touched |= names & {"open"}
    used = {name for name in module.dotted() if name.startswith("os.")}
    touched |= {name for name in used if not name.startswith(HARMLESS)}
    touched |= module.imported_roots() & {"tempfile", "subprocess", "shutil", "glob"}
    assert touched == set()


@EACH
def test_pure_layers_know_nothing_of_the_world(module: Module) -> None:
    if module.layer in PURE:
        assert module.imported_roots() & WORLD == set()


@EACH
def test_names_of_libraries_stand_only_in_rules(module: Module) -> None:
    names = libraries() - NOT_LIBRARIES.get(module.name, set())
    found = {f"{line}: {word}" for word, line in words_of(module.tree) if word in names}
    assert found == set()


@EACH
def test_modules_stay_readable(module: Module) -> None:
    assert len(module.text.splitlines()) <= MAX_LINES


def test_no_fixture_is_named_in_a_test() -> None:
    slugs = [folder.name for folder in fixtures()]
    named = [
        (path.name, slug)
        for path in (ROOT / "tests").rglob("*.py")
        for slug in slugs
        if slug in path.read_text(encoding="utf-8")
    ]
    assert slugs
    assert named == []


def loaded_by(code: str, folder: Path) -> set[str]:
    """The modules that are loaded in a fresh Python after ``code``."""
    script = f"import sys\n{code}\nprint(*sys.modules, file=sys.stderr)\n"
    done = python(["-c", script], folder)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


HEAVY = {"libcst", "black", "jinja2", "nbformat", "rich", "asyncio", "multiprocessing"}


def start_ups() -> Iterator[str]:
    yield "import chasm.cli"
    for argument in ("--version", "--help"):
        yield (
            f"import chasm.cli\nsys.argv = ['chasm', '{argument}']\n"
            "try:\n    chasm.cli.run()\nexcept SystemExit as end:\n    assert not end.code"
        )


@pytest.mark.parametrize("code", list(start_ups()), ids=["import", "version", "help"])
def test_starting_loads_nothing_heavy(code: str, tmp_path: Path) -> None:
    loaded = loaded_by(code, tmp_path)
    assert "chasm.cli" in loaded
    assert loaded & HEAVY == set()


def test_analysing_needs_the_standard_library_only(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("# %%\nx = [1]\nx.append(2)\nprint(x)\n", encoding="utf-8")
    code = """
from pathlib import Path
from chasm.analyse import analyse, imported_roots
from chasm.read import read_notebook
from chasm.rulebook import load_rulebook
notebook = read_notebook(Path("a.py"))
assert analyse(notebook, load_rulebook(imported_roots(notebook))).statements
"""
    loaded = loaded_by(code, tmp_path)
    assert "chasm.analyse" in loaded
    assert loaded & (HEAVY | {"typer"}) == set()


def test_converting_loads_only_the_cheap_part_of_libcst(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("# %%\nx = [1]\nx.append(2)\nprint(x)\n", encoding="utf-8")
    loaded = loaded_by("from chasm.api import convert\nassert convert('a.py').written", tmp_path)
    assert "libcst" in loaded
    assert loaded & {"libcst.matchers", "libcst.codemod", "nbformat", "rich", "asyncio"} == set()
