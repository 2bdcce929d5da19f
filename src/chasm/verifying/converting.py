"""The way of ``chasm convert --run``: the notebook is run, and its package says what was seen."""

import os
from dataclasses import replace
from pathlib import Path

from chasm.checking import Options, check_files
from chasm.checks.personal_data import DOMAIN
from chasm.checks.secrets import find_formats
from chasm.emit.serving import serving_values
from chasm.findings import Finding
from chasm.making import Made, made_package
from chasm.place import changes_of, write_project
from chasm.report.verdict_text import summary_line
from chasm.rulebook import Rulebook
from chasm.seen import Column, Seen, Table
from chasm.verify import Request, Trial, Verdict, package_folder, try_package
from chasm.verifying.run import Progress, Subject, Wanted, kept, request_for, subject_of

#: Findings about secrets and about people: where there is one, no record is shown.
SENSITIVE = ("CH401", "CH402", "CH407")
#: What stands for a value that nobody should read.
ADDRESS_OF_NOBODY, NOTHING = "somebody@example.com", "..."


def run_and_make(
    path: Path,
    output: str | os.PathLike[str] | None,
    name: str | None,
    serve: str | None,
    force: bool,
    wanted: Wanted,
    progress: Progress,
) -> tuple[Made, Verdict]:
    """The package of the notebook at ``path`` after a run of both, and what the run proved.

    A notebook that does not run to its end leaves the package as it is without a run.
    """
    made = made_package(path, output, name, serve)
    changes = changes_of(made.files, made.folder)
    if changes.edited and not force:
        # A run may take long: what will not be written is refused before.
        write_project(made.files, made.folder)
    subject = subject_of(path)

    def make(folder: Path) -> None:
        write_project(made_package(path, folder, name, serve).files, folder)

    with package_folder(None, make) as folder:
        request = _request(path, folder, subject, made, wanted)
        trial = try_package(subject.notebook, request, progress)
    if any(failure.what == "notebook" for failure in trial.verdict.failures):
        return made, trial.verdict
    seen = _seen(trial, path, subject.book)
    return made_package(path, output, name, serve, seen=seen), trial.verdict


def with_tests(path: Path, folder: Path, wanted: Wanted, verdict: Verdict) -> Verdict:
    """``verdict``, with what the package in ``folder`` did written down as its tests."""
    subject = subject_of(path)
    return kept(subject, request_for(path, folder, subject, wanted), verdict)


def _request(path: Path, folder: Path, subject: Subject, made: Made, wanted: Wanted) -> Request:
    request = replace(request_for(path, folder, subject, wanted), once=True)
    serving = made.plan.serving
    values = serving_values(made.plan)
    if serving is None or values is None or serving.raw is None:
        return request
    name, cell, text, turn = serving.raw
    raw = {"name": name, "cell": cell, "text": text, "turn": turn}
    return replace(request, watch=request.watch | {"raw": raw}, artifacts=str(values["artifacts"]))


def _seen(trial: Trial, path: Path, book: Rulebook) -> Seen:
    table = trial.table
    if table is not None:
        shown = not any(finding.code in SENSITIVE for finding in _findings(path))
        table = _discreet(table, shown, book.checks.get("secrets", frozenset()))
    versions = tuple(sorted(trial.verdict.versions.items()))
    return Seen(table, trial.metrics, summary_line(trial.verdict), versions)


def _findings(path: Path) -> list[Finding]:
    checked = check_files([path], Options(isolated=True, select=SENSITIVE)).files
    return [located.finding for file in checked for located in file.findings]


def _discreet(table: Table, shown: bool, secrets: frozenset[str]) -> Table:
    """``table`` without what nobody should read; without any of its records unless ``shown``."""
    return replace(table, columns=tuple(_harmless(c, shown, secrets) for c in table.columns))


def _harmless(column: Column, shown: bool, secrets: frozenset[str]) -> Column:
    texts = [
        value
        for value in (*column.categories, column.example, column.typical)
        if isinstance(value, str)
    ]
    address = any(DOMAIN.search(text) for text in texts)
    if address or any(next(find_formats(text, secrets), None) for text in texts):
        nobody = ADDRESS_OF_NOBODY if address else NOTHING
        return replace(
            column, kind="text", categories=(), closed=False, example=nobody, typical=nobody
        )
    if column.role != "input":
        # No example has it.
        return replace(column, example=None, typical=None)
    return column if shown else replace(column, example=column.typical)


__all__ = ["run_and_make", "with_tests"]
