"""Looks at one file with all that this needs, and mends it where that is asked for."""

import os
from dataclasses import replace
from pathlib import Path

from chasm.analyse import analyse, imported_roots
from chasm.checking.fix import fixed_text
from chasm.checking.known import Job, remember
from chasm.checking.locate import located
from chasm.checks import CHECKS, Subject, chosen, run_checks
from chasm.errors import InputError, NotPython
from chasm.findings import Checked, Located
from chasm.read import parse_notebook
from chasm.read.discover import depth_in_repository, matches_any
from chasm.read.environment import missing_modules
from chasm.read.files import printable, read_text
from chasm.read.settings import Settings
from chasm.rulebook import load_rulebook

#: Rounds of mending: one edit may make way for another.
MAX_ROUNDS = 5


def looked_at(job: Job) -> Checked:
    """What is in the file; whatever goes wrong with it is one line, and not the others' fault."""
    try:
        text, odd = read_text(job.path)
        found = _or_nothing(text, odd, job)
        count = 0
        if job.options.fix and any(one.finding.edits for one in found):
            found, text, count = _mended(job, text, odd, found)
        remember(job, text, found)
        return Checked(job.shown, found, None, count)
    except InputError as error:
        return Checked(job.shown, error=_with_folder(str(error), job))
    except RecursionError:
        return Checked(job.shown, error=f"{job.shown}: the code is nested too deeply")
    except Exception as error:
        if os.environ.get("CHASM_TRACEBACK"):
            raise
        fault = f"{job.shown}: a fault in chasm ({type(error).__name__}: {error}). Please report it"
        return Checked(job.shown, error=f"{fault}; CHASM_TRACEBACK=1 shows where")


def found_in(text: str, odd: str, job: Job) -> tuple[Located, ...]:
    """The findings of ``text`` as what stands in the job's file."""
    path, settings, python = job.path, job.settings, job.options.python
    notebook = parse_notebook(path, text, odd)
    roots = imported_roots(notebook)
    book = load_rulebook(roots)
    missing = missing_modules(python, roots, path) if python is not None else frozenset()
    depth = depth_in_repository(path)
    subject = Subject(analyse(notebook, book), book, settings, depth, missing)
    findings = run_checks(subject, CHECKS, codes_for(settings, path))
    if odd or path.suffix.lower() != ".ipynb":
        # Of what is not written in place nothing says that it could be mended.
        findings = tuple(replace(one, edits=()) for one in findings)
    return located(findings, notebook, path, text, {c.code: c.name for c in CHECKS})


def codes_for(settings: Settings, path: Path | None) -> frozenset[str]:
    """The codes that hold for the file at ``path``; an :class:`InputError` when one is unknown."""
    codes = chosen(CHECKS, settings.select, settings.ignore, settings.extend_select)
    for pattern, words in settings.per_file_ignores:
        unwanted = chosen(CHECKS, words)
        if path is not None and matches_any(path, settings.root, pattern):
            codes -= unwanted
    return codes


def _or_nothing(text: str, odd: str, job: Job) -> tuple[Located, ...]:
    try:
        return found_in(text, odd, job)
    except NotPython:
        return ()


def _mended(
    job: Job, text: str, odd: str, found: tuple[Located, ...]
) -> tuple[tuple[Located, ...], str, int]:
    """Mend as long as there is anything to mend; the file is written once, at the end."""
    from chasm.place import replace_text

    if odd:
        return found, text, 0
    before, total = text, 0
    for _ in range(MAX_ROUNDS):
        text, count = fixed_text(text, (one.finding for one in found), job.path.suffix.lower())
        total += count
        if not count:
            break
        found = found_in(text, odd, job)
    if text != before:
        replace_text(job.path, text)
    return found, text, total


def _with_folder(message: str, job: Job) -> str:
    """Of many files the name alone would not say which one is meant."""
    name = printable(job.path.name)
    return job.shown + message[len(name) :] if message.startswith(name) else message
