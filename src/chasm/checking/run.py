"""Checks files, several at a time where that is worth it, and remembers what it found.

What was found before is told without loading a check: on most commits a hook has nothing else to
do.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chasm.checking.known import Job, remembered
from chasm.checking.options import Options
from chasm.errors import InputError, NotPython
from chasm.findings import Checked
from chasm.read.discover import common_folder, notebooks_in
from chasm.read.settings import Settings

#: Fewer files than this cost less than the processes that would share them.
MIN_FOR_POOL = 8


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


def check_files(paths: Sequence[Path], options: Options, start: Path | None = None) -> Run:
    """Check all that ``paths`` name; an :class:`InputError` when the call itself is wrong."""
    settings = options.settings(start if start is not None else common_folder(paths))
    if options.python is not None:
        from chasm.read.environment import ask_first

        ask_first(options.python)
    jobs = [
        Job(path, settings, options)
        for path in notebooks_in(paths, settings, options.force_exclude)
    ]
    known = [remembered(job) for job in jobs]
    if None in known or not jobs and _names_checks(settings):
        from chasm.checking.look import codes_for

        codes_for(settings, None)
    return Run(tuple(_all(jobs, known)), settings)


def check_text(text: str, path: Path, options: Options) -> Run:
    """Check ``text`` as if it stood in ``path``; nothing is written."""
    from chasm.checking.look import found_in

    settings = options.settings(path.parent)
    job = Job(path, settings, options)
    try:
        return Run((Checked(job.shown, found_in(text, "", job)),), settings)
    except NotPython:
        return Run((Checked(job.shown),), settings)
    except InputError as error:
        return Run((Checked(job.shown, error=str(error)),), settings)


def _names_checks(settings: Settings) -> bool:
    """Whether there are names of checks to be wrong about."""
    plain = Settings()
    return settings != replace(
        settings,
        select=plain.select,
        extend_select=plain.extend_select,
        ignore=plain.ignore,
        per_file_ignores=plain.per_file_ignores,
    )


def _all(jobs: list[Job], known: list[Checked | None]) -> Iterator[Checked]:
    made = iter(_several([job for job, one in zip(jobs, known, strict=True) if one is None]))
    for one in known:
        yield one if one is not None else next(made)


def _several(jobs: list[Job]) -> Iterable[Checked]:
    if not jobs:
        return ()
    from chasm.checking.look import looked_at

    workers = min(os.cpu_count() or 1, len(jobs))
    if len(jobs) < MIN_FOR_POOL or workers < 2:
        return map(looked_at, jobs)
    from concurrent.futures import ProcessPoolExecutor

    # What the first file makes this process load, the others find there.
    first, rest = looked_at(jobs[0]), jobs[1:]
    with ProcessPoolExecutor(workers) as pool:
        size = max(1, len(rest) // (workers * 8))
        return [first, *pool.map(looked_at, rest, chunksize=size)]
