"""From a file's text to a version of a notebook with all that a review looks at."""

import os
from pathlib import Path

from chasm.analyse import analyse, imported_roots
from chasm.analyse.statements import Tree
from chasm.checking.locate import located
from chasm.checks import CHECKS, Subject, chosen, run_checks
from chasm.emit import emit_project
from chasm.errors import InputError
from chasm.model import Facts
from chasm.plan import make_plan
from chasm.plan.model import Fate, Plan
from chasm.read import parse_notebook
from chasm.read.discover import depth_in_repository, matches_any
from chasm.read.files import printable
from chasm.read.places import lines_of_cells
from chasm.read.settings import Settings
from chasm.review import Version
from chasm.rulebook import Rulebook, load_rulebook


def version_of(
    path: Path, text: str, odd: str, shown: str, settings: Settings, package: str
) -> Version:
    """The version of the notebook in ``text``, which stands or stood in ``path``.

    ``package`` is the name of the package of both versions. An :class:`InputError` when it is
    no notebook; where only its package cannot be made, the version
    says why.
    """
    try:
        return _version(path, text, odd, shown, settings, package)
    except RecursionError:
        raise InputError(f"{printable(shown)}: the code is nested too deeply") from None


def _version(
    path: Path, text: str, odd: str, shown: str, settings: Settings, package: str
) -> Version:
    notebook = parse_notebook(path, text, odd)
    book = load_rulebook(imported_roots(notebook))
    trees: list[Tree] = []
    facts = analyse(notebook, book, trees)
    subject = Subject(facts, book, settings, depth_in_repository(path))
    found = run_checks(subject, CHECKS, _codes(settings, path))
    sources = [cell.raw for cell in notebook.cells]
    plan, files, fates, refused = _package(facts, book, trees, package)
    return Version(
        file=shown,
        facts=facts,
        book=book,
        trees=tuple(trees),
        findings=located(found, notebook, path, text, {c.code: c.name for c in CHECKS}),
        lines=tuple(map(tuple, lines_of_cells(text, path.suffix.lower(), sources))),
        fates=fates,
        plan=plan,
        files=files,
        refused=refused,
    )


def _codes(settings: Settings, path: Path) -> frozenset[str]:
    codes = chosen(CHECKS, settings.select, settings.ignore, settings.extend_select)
    for pattern, words in settings.per_file_ignores:
        if matches_any(path, settings.root, pattern):
            codes -= chosen(CHECKS, words)
    return codes


def _package(
    facts: Facts, book: Rulebook, trees: list[Tree], name: str
) -> tuple[Plan | None, dict[str, str], dict[int, Fate], str]:
    """The plan and the modules of the package, or why there is none; the statements' fates."""
    fates: dict[int, Fate] = {}
    try:
        # With a served model a plan is that of the normal form, which has other statements.
        fates = {n: fate for n, (fate, _) in make_plan(facts, book, name).fates.items()}
        plan = make_plan(facts, book, name, trees)
        files = emit_project(plan).files
    except InputError as error:
        return None, {}, fates, str(error)
    except Exception as error:
        if os.environ.get("CHASM_TRACEBACK"):
            raise
        # What changed in the notebook can be told all the same.
        return None, {}, fates, f"a fault in chasm ({type(error).__name__}); please report it"
    modules = {path: text for path, text in files.items() if path.endswith(".py")}
    return plan, {p: text for p, text in modules.items() if p.startswith("src/")}, fates, ""
