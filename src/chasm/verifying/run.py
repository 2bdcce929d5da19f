"""The way of ``chasm verify`` through the layers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from chasm.analyse import analyse, imported_roots
from chasm.analyse.statements import Tree
from chasm.errors import InputError
from chasm.model import Facts, Notebook
from chasm.place import keep_environment, ruff_formatted
from chasm.plan import make_plan
from chasm.read import read_notebook
from chasm.rulebook import Rulebook, load_rulebook, load_watch
from chasm.verify import (
    Environment,
    Request,
    Verdict,
    environment_for,
    installed_versions,
    package_folder,
    package_in,
    recorded_tests,
    verify_package,
    verify_stored,
    write_tests,
)
from chasm.verifying.finals import Finals, finals_of

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a call of ``chasm verify`` asks for, besides the two that it compares."""

    kernel: str | None = None
    python: str | None = None
    timeout: float = 600
    write_tests: bool = False
    install: bool = False
    stored: bool = False


def verify_files(
    path: Path,
    package: Path | None,
    wanted: Wanted,
    convert: Callable[[Path, Path], object],
    progress: Progress,
) -> Verdict:
    """The verdict on a notebook's package; ``convert`` makes one where none was given."""
    if wanted.write_tests and package is None:
        raise InputError("--write-tests: name the package's folder, where the tests are to go")
    if wanted.write_tests and wanted.stored:
        raise InputError("--stored proves nothing: it does not go with --write-tests")
    if wanted.install and wanted.kernel is not None:
        raise InputError("--install makes its own kernel: it does not go with --kernel")
    subject = subject_of(path)
    notebook, book = subject.notebook, subject.book
    with package_folder(package, lambda folder: convert(path, folder)) as folder:
        python = wanted.python
        if wanted.install:
            progress(0, 1, "installing")
            python = environment_for(folder, _imported(notebook, book), python)
        request = request_for(path, folder, subject, replace(wanted, python=python))
        if wanted.stored:
            return verify_stored(notebook, request, progress)
        verdict = verify_package(notebook, request, progress)
        return kept(subject, request, verdict) if wanted.write_tests else verdict


@dataclass(frozen=True, slots=True)
class Subject:
    """A notebook that is to be run, and what is known of it."""

    notebook: Notebook
    book: Rulebook
    facts: Facts
    trees: list[Tree]


def subject_of(path: Path) -> Subject:
    """The notebook at ``path``."""
    notebook = read_notebook(path)
    book = load_rulebook(imported_roots(notebook))
    trees: list[Tree] = []
    return Subject(notebook, book, analyse(notebook, book, trees), trees)


def request_for(path: Path, folder: Path, subject: Subject, wanted: Wanted) -> Request:
    """How the notebook at ``path`` and the package in ``folder`` are run."""
    module, facts = package_in(folder), subject.facts
    finals = _finals(facts, subject.book, module, subject.trees)
    return Request(
        notebook=path,
        package=folder,
        module=module,
        order=_order(facts),
        shown=frozenset(s.cell for s in facts.statements if s.shown and not s.shown.look),
        watch=load_watch() | {"finals": finals.watch},
        finals=finals.cells,
        kernel=wanted.kernel,
        python=wanted.python,
        timeout=wanted.timeout,
        random=any(s.effects.random or s.effects.unknown for s in facts.statements),
    )


def _finals(facts: Facts, book: Rulebook, module: str, trees: list[Tree]) -> Finals:
    """Which last values can be compared; none where no package can be planned."""
    try:
        return finals_of(make_plan(facts, book, module, trees), book)
    except InputError:
        return Finals({}, {})


def kept(subject: Subject, request: Request, verdict: Verdict) -> Verdict:
    """Write tests and environment where there is something to hold on to; note what came of it."""
    from chasm.emit import formatted

    if not verdict.agrees:
        note = "no tests were written, since the package does not agree"
        return replace(verdict, notes=(*verdict.notes, note))
    notebook, book = subject.notebook, subject.book
    try:
        files = recorded_tests(notebook, request, verdict)
        write_tests(formatted(ruff_formatted(files)), request.package)
        found = _environment(notebook, book, request)
        written = keep_environment(request.package, found.text, found.imported)
        note = f"tests were written: {', '.join(sorted(files))}; {', '.join(written)} with them"
    except InputError as error:
        note = f"no tests were written: {error}"
    return replace(verdict, notes=(*verdict.notes, note))


def _environment(notebook: Notebook, book: Rulebook, request: Request) -> Environment:
    return installed_versions(
        request.package, _imported(notebook, book), request.python, notebook.file
    )


def _imported(notebook: Notebook, book: Rulebook) -> tuple[str, ...]:
    """The distributions that the notebook imports, as far as the rules know them.

    A name that nobody described is not looked for: whoever registered it may be anybody.
    """
    found = {
        book.libraries[r].distribution for r in imported_roots(notebook) & book.libraries.keys()
    }
    return tuple(sorted(found))


def _order(facts: Facts) -> tuple[int, ...]:
    """The cells in the order in which the package has them, all others where they stand."""
    ran = list(dict.fromkeys(statement.cell for statement in facts.statements))
    if ran == sorted(ran):
        return tuple(cell.index for cell in facts.notebook.cells)
    return tuple(ran)
