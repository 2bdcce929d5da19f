"""What the command line and Python callers use: one function a verb."""

import os
import posixpath
import sys
from dataclasses import dataclass
from pathlib import Path

from chasm.errors import InputError
from chasm.findings import Checked, Finding


@dataclass(frozen=True, slots=True)
class Conversion:
    """What converting one notebook gave."""

    notebook: str
    package: str
    folder: Path
    findings: tuple[Finding, ...]
    written: tuple[str, ...]
    removed: tuple[str, ...]
    functions: int
    edited: tuple[str, ...] = ()


def convert(
    notebook: str | os.PathLike[str],
    output: str | os.PathLike[str] | None = None,
    *,
    name: str | None = None,
    force: bool = False,
    dry_run: bool = False,
    serve: str | None = None,
) -> Conversion:
    """Write the package of ``notebook`` into ``output``; nothing of the notebook is run.

    ``output`` is by default a folder of the package's name in the working directory. With
    ``dry_run`` nothing is written. ``serve`` is the notebook's name of the model to serve. Raises :class:`~chasm.errors.InputError`, and then
    nothing is written either.
    """
    from chasm.analyse import analyse, imported_roots
    from chasm.analyse.statements import Tree
    from chasm.emit import check_formatting, emit_project, formatted
    from chasm.place import changes_of, ruff_formatted, write_project
    from chasm.plan import make_plan
    from chasm.read import read_notebook
    from chasm.rulebook import load_rulebook

    path = Path(notebook)
    read = read_notebook(path)
    book = load_rulebook(imported_roots(read))
    taken = sys.stdlib_module_names | book.distributions.keys()
    package = _package(name, read.name, taken)
    folder = Path(output) if output is not None else Path(package.replace("_", "-"))
    trees: list[Tree] = []
    plan = make_plan(analyse(read, book, trees), book, package, trees, serve)
    project = emit_project(plan, _way(folder, path.parent))
    # black decides; it needs one pass instead of two for what it finds as it leaves it.
    files = _linted(formatted(ruff_formatted(project.files)))
    check_formatting(project.files, files, read.file)
    if dry_run:
        changes = changes_of(files, folder)
    else:
        changes = write_project(files, folder, force)
    return Conversion(
        read.file,
        package,
        folder,
        plan.findings,
        (*changes.new, *changes.changed, *(changes.edited if force else ())),
        changes.removed,
        len(plan.functions),
        changes.edited,
    )


def check(*paths: str | os.PathLike[str]) -> tuple[Checked, ...]:
    """What stands between the notebooks that ``paths`` name and production; no cell is run.

    Raises :class:`~chasm.errors.InputError` when a path or the settings are wrong; what is
    wrong with one file is in its own result.
    """
    from chasm.checking import Options, check_files

    return check_files([Path(path) for path in paths], Options()).files


def _package(name: str | None, stem: str, taken: "set[str] | frozenset[str]") -> str:
    from chasm.emit.names import package_name

    if name is None:
        return package_name(stem, taken)
    made = package_name(name, frozenset())
    if made != name.replace("-", "_"):
        raise InputError(f"--name {name!r}: not the name of a package (try {made!r})")
    return made


def _way(folder: Path, notebook_folder: Path) -> str:
    """From the project's folder to that of the notebook, with ``/``; empty for the same one."""
    try:
        way = os.path.relpath(notebook_folder.resolve(), folder.resolve())
    except (OSError, ValueError):
        return ""
    way = posixpath.normpath(way.replace(os.sep, "/"))
    return "" if way == "." else way


def _linted(files: dict[str, str]) -> dict[str, str]:
    """``files`` with what ruff says of the notebook's own statements excused."""
    from chasm.emit.excuses import excuse
    from chasm.place import ruff_complaints

    for _ in range(5):
        complaints = ruff_complaints(files)
        if not complaints:
            break
        by_path: dict[str, list[tuple[int, str]]] = {}
        for one in complaints:
            by_path.setdefault(one.path, []).append((one.line, one.code))
        files = files | {path: excuse(files[path], found) for path, found in by_path.items()}
    return files


__all__ = ["Conversion", "check", "convert"]
