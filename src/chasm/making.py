"""From the path of a notebook to the package as text: every layer but the one that writes."""

import os
import posixpath
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chasm.errors import InputError
from chasm.model import Notebook

if TYPE_CHECKING:
    from chasm.model import Facts
    from chasm.plan.model import Plan
    from chasm.rulebook import Rulebook
    from chasm.seen import Seen


#: What can be mended in a notebook on its way into a package.
LEAKAGE = "leakage"
FIXES = (LEAKAGE,)


@dataclass(frozen=True, slots=True)
class Made:
    """A package that is not on the disk yet, and what it was made of."""

    notebook: Notebook
    plan: "Plan"
    files: dict[str, str]
    folder: Path


def made_package(
    path: Path,
    output: str | os.PathLike[str] | None = None,
    name: str | None = None,
    serve: str | None = None,
    fix: str | None = None,
    seen: "Seen | None" = None,
    recall: bool = False,
) -> Made:
    """The package of the notebook at ``path`` as text: the whole compiler but for its end.

    ``seen`` is what a run of the notebook saw. With ``recall`` it is what the last run saw that
    the package's folder keeps, as long as the notebook's code is the same.
    """
    from chasm.emit import check_formatting, emit_project, formatted
    from chasm.place import RUN, known_run, ruff_formatted
    from chasm.read.settled import keep_settled, recall_settled
    from chasm.remembered import code_digest, seen_from, seen_text

    read, plan = planned(path, name, serve, fix)
    folder = Path(output) if output is not None else Path(plan.package.replace("_", "-"))
    of = code_digest(read, serve)
    if seen is None and recall and fix is None:
        seen = seen_from(known_run(folder), of)
    project = emit_project(replace(plan, seen=seen), _way(folder, path.parent))
    # black decides; what it was seen to leave as ruff made it, it need not see again.
    settled = recall_settled("black")
    known = len(settled)
    files = _linted(formatted(ruff_formatted(project.files), settled), settled)
    if len(settled) > known:
        keep_settled("black", settled)
    check_formatting(project.files, files, read.file)
    if seen is not None:
        files[RUN] = seen_text(seen, of)
    return Made(read, plan, files, folder)


def planned(
    path: Path, name: str | None = None, serve: str | None = None, fix: str | None = None
) -> "tuple[Notebook, Plan]":
    """The notebook at ``path`` and its plan; ``fix`` is what to mend in it, of ``FIXES``."""
    from chasm.analyse import analyse, imported_roots, with_known_names
    from chasm.analyse.statements import Tree
    from chasm.plan import make_plan
    from chasm.read import read_notebook
    from chasm.rulebook import load_rulebook

    if fix is not None and fix not in FIXES:
        raise InputError(
            f"--fix {fix!r}: nothing that can be mended (there is: {', '.join(FIXES)})"
        )
    read = with_known_names(read_notebook(path))
    book = load_rulebook(imported_roots(read))
    taken = sys.stdlib_module_names | book.distributions.keys()
    package = _package(name, read.name, taken)
    trees: list[Tree] = []
    facts = analyse(read, book, trees)
    plan = make_plan(facts, book, package, trees, serve, mends=fix == LEAKAGE)
    return read, plan if fix == LEAKAGE else _doubted(plan, facts, book)


def _doubted(plan: "Plan", facts: "Facts", book: "Rulebook") -> "Plan":
    """The plan with what checks say of the notebook that holds for the package as well."""
    from chasm.checks import CHECKS, Subject, run_checks
    from chasm.plan.doubts import doubting, with_doubts

    found = run_checks(Subject(facts, book), CHECKS, doubting(plan, facts))
    return with_doubts(plan, facts, found)


def _package(name: str | None, stem: str, taken: "set[str] | frozenset[str]") -> str:
    from chasm.emit.names import package_name

    if name is None:
        return package_name(stem, taken)
    made = package_name(name, taken)
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


def _linted(files: dict[str, str], settled: set[str]) -> dict[str, str]:
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
        files = files | {
            path: excuse(files[path], found, settled) for path, found in by_path.items()
        }
    return files
