"""Checks files, several at a time where that is worth it, and remembers what it found."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chasm.checking.fix import fixed_text
from chasm.checking.locate import located
from chasm.checking.memory import from_json, to_json
from chasm.checking.options import Options
from chasm.checks import CHECKS, Subject, chosen, run_checks
from chasm.errors import InputError, NotPython
from chasm.findings import Checked, Located
from chasm.read.discover import (
    common_folder,
    depth_in_repository,
    matches_any,
    notebooks_in,
)
from chasm.read.environment import ask_first, missing_modules
from chasm.read.files import printable, read_text
from chasm.read.memory import digest, keep, program_state, recall
from chasm.read.settings import Settings

#: Fewer files than this cost less than the processes that would share them.
MIN_FOR_POOL = 8
#: Rounds of mending: one edit may make way for another.
MAX_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Run:
    """What one call of ``chasm check`` gave, and the settings that held."""

    files: tuple[Checked, ...]
    settings: Settings

    @property
    def exit_code(self) -> int:
        """0 clean, 1 findings, 2 when a file could not be checked."""
        if any(one.error is not None for one in self.files):
            return 2
        return int(any(one.findings for one in self.files))


@dataclass(frozen=True, slots=True)
class _Job:
    path: Path
    settings: Settings
    options: Options


def check_files(paths: Sequence[Path], options: Options, start: Path | None = None) -> Run:
    """Check all that ``paths`` name; an :class:`InputError` when the call itself is wrong."""
    settings = options.settings(start if start is not None else common_folder(paths))
    _codes(settings, None)
    if options.python is not None:
        ask_first(options.python)
    jobs = [
        _Job(path, settings, options)
        for path in notebooks_in(paths, settings, options.force_exclude)
    ]
    return Run(tuple(_all(jobs)), settings)


def check_text(text: str, path: Path, options: Options) -> Run:
    """Check ``text`` as if it stood in ``path``; nothing is written."""
    settings = options.settings(path.parent)
    try:
        found = _findings(text, "", path, settings, options.python)
        return Run((Checked(_shown(path), found),), settings)
    except NotPython:
        return Run((Checked(_shown(path)),), settings)
    except InputError as error:
        return Run((Checked(_shown(path), error=str(error)),), settings)


def _all(jobs: list[_Job]) -> Iterator[Checked]:
    known = [None if job.options.fix else _remembered(job) for job in jobs]
    left = [job for job, one in zip(jobs, known, strict=True) if one is None]
    made = iter(_several(left))
    for one in known:
        yield one if one is not None else next(made)


def _several(jobs: list[_Job]) -> Iterable[Checked]:
    workers = min(os.cpu_count() or 1, len(jobs))
    if len(jobs) < MIN_FOR_POOL or workers < 2:
        return map(_one, jobs)
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(_one, jobs, chunksize=max(1, len(jobs) // (workers * 8))))


def _key(job: _Job, text: str) -> str:
    path, settings = job.path, job.settings
    depth = depth_in_repository(path)
    return digest(program_state(), repr(settings), path.suffix, f"{depth} {path.absolute()}", text)


def _remembered(job: _Job) -> Checked | None:
    if not job.options.cache or job.options.python is not None:
        return None
    try:
        text, _ = read_text(job.path)
    except InputError:
        return None
    data = recall(_key(job, text))
    found = from_json(data) if data is not None else None
    return Checked(_shown(job.path), found) if found is not None else None


def _one(job: _Job) -> Checked:
    shown = _shown(job.path)
    try:
        text, odd = read_text(job.path)
        found = _or_nothing(text, odd, job)
        count = 0
        if job.options.fix and any(one.finding.edits for one in found):
            found, text, count = _mended(job, text, odd, found)
        if job.options.cache and job.options.python is None:
            keep(_key(job, text), to_json(found))
        return Checked(shown, found, None, count)
    except InputError as error:
        return Checked(shown, error=_with_folder(str(error), job.path))
    except RecursionError:
        return Checked(shown, error=f"{shown}: the code is nested too deeply")
    except Exception as error:
        if os.environ.get("CHASM_TRACEBACK"):
            raise
        fault = f"{shown}: a fault in chasm ({type(error).__name__}: {error}). Please report it"
        return Checked(shown, error=f"{fault}; CHASM_TRACEBACK=1 shows where")


def _or_nothing(text: str, odd: str, job: _Job) -> tuple[Located, ...]:
    try:
        return _findings(text, odd, job.path, job.settings, job.options.python)
    except NotPython:
        return ()


def _mended(
    job: _Job, text: str, odd: str, found: tuple[Located, ...]
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
        found = _findings(text, odd, job.path, job.settings, job.options.python)
    if text != before:
        replace_text(job.path, text)
    return found, text, total


def _findings(
    text: str, odd: str, path: Path, settings: Settings, python: Path | None
) -> tuple[Located, ...]:
    from chasm.analyse import analyse, imported_roots
    from chasm.read import parse_notebook
    from chasm.rulebook import load_rulebook

    notebook = parse_notebook(path, text, odd)
    roots = imported_roots(notebook)
    book = load_rulebook(roots)
    missing = missing_modules(python, roots, path) if python is not None else frozenset()
    depth = depth_in_repository(path)
    subject = Subject(analyse(notebook, book), book, settings, depth, missing)
    findings = run_checks(subject, CHECKS, _codes(settings, path))
    if odd or path.suffix.lower() != ".ipynb":
        # Of what is not written in place nothing says that it could be mended.
        findings = tuple(replace(one, edits=()) for one in findings)
    return located(findings, notebook, path, text, {c.code: c.name for c in CHECKS})


def _codes(settings: Settings, path: Path | None) -> frozenset[str]:
    """The codes that hold for the file at ``path``."""
    codes = chosen(CHECKS, settings.select, settings.ignore, settings.extend_select)
    for pattern, words in settings.per_file_ignores:
        unwanted = chosen(CHECKS, words)
        if path is not None and matches_any(path, settings.root, pattern):
            codes -= unwanted
    return codes


def _with_folder(message: str, path: Path) -> str:
    """Of many files the name alone would not say which one is meant."""
    name = printable(path.name)
    return _shown(path) + message[len(name) :] if message.startswith(name) else message


def _shown(path: Path) -> str:
    """The path as it was given, on one line."""
    return printable(path.as_posix(), 500)
