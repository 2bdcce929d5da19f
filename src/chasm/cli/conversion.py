"""``chasm convert`` once its words are read: what is done, and what is said of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chasm.cli.saying import (
    clean,
    complain,
    internal_error,
    progress_bar,
    say,
    shows_progress,
    warn,
)
from chasm.errors import OUTSIDE, InputError, outside

if TYPE_CHECKING:
    from chasm.api import Conversion


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of a call, as README.md describes them; ``timeout`` is in seconds."""

    output: Path | None = None
    name: str | None = None
    serve: str | None = None
    fix: str | None = None
    force: bool = False
    check: bool = False
    run: bool = False
    kernel: str | None = None
    timeout: float = 600
    quiet: bool = False


def converted(notebooks: list[Path], asked: Asked) -> int:
    """Convert, say what came of it, and return the exit code."""
    try:
        return _converted(notebooks, asked)
    except (InputError, OSError) as error:
        complain(outside(error))
        return 2


def _converted(notebooks: list[Path], asked: Asked) -> int:
    from chasm.read.discover import with_folders

    found = with_folders(notebooks)
    if len(found) > 1 or found != notebooks:
        for option, given in (
            ("--name", asked.name),
            ("--serve", asked.serve),
            ("--fix", asked.fix),
            ("--run", asked.run or None),
        ):
            if given is not None:
                raise InputError(f"{option} goes with one notebook")
        return _convert_many(found, asked)
    done = _convert_one(
        notebooks[0],
        asked.output,
        name=asked.name,
        force=asked.force,
        dry_run=asked.check,
        serve=asked.serve,
        fix=asked.fix,
        run=asked.run,
        kernel=asked.kernel,
        timeout=asked.timeout,
        progress=progress_bar(asked.quiet),
    )
    _tell(done, asked)
    _tell_verdict(done, asked.quiet)
    agrees = done.verdict is None or done.verdict.agrees
    return int(not agrees or (asked.check and _would_change(done)))


def _convert_one(notebook: Path, output: Path | None, **options: Any) -> "Conversion":
    from chasm.api import convert as run

    try:
        return run(notebook, output, **options)
    except RecursionError:
        raise InputError(f"{notebook.name}: the code is nested too deeply") from None
    except MemoryError:
        raise InputError(f"{notebook.name}: too large for this machine's memory") from None
    except InputError:
        raise
    except OSError as error:
        if error.errno in OUTSIDE:
            raise
        raise InputError(internal_error(notebook, error)) from error
    except Exception as error:
        raise InputError(internal_error(notebook, error)) from error


def _convert_many(notebooks: list[Path], asked: Asked) -> int:
    """Several notebooks in several processes, each into a folder of its own below OUTPUT."""
    from chasm.many import convert_many

    worst = 0
    bar = shows_progress(asked.quiet)
    for done, error in convert_many(notebooks, asked.output, asked.force, asked.check, bar=bar):
        if error is not None:
            complain(error)
            worst = 2
        elif done is not None:
            _tell(done, asked)
            if asked.check and _would_change(done):
                worst = max(worst, 1)
    return worst


def _would_change(done: "Conversion") -> bool:
    return bool(done.written or done.removed or done.edited)


def _tell(done: "Conversion", asked: Asked) -> None:
    if asked.quiet:
        return
    for finding in done.findings:
        where = f"{done.notebook}:"
        if finding.cell is not None:
            where += f"cell {finding.cell}:"
        if finding.line is not None:
            where += f"{finding.line}:"
        text = f"{where} {finding.severity.value}: {finding.code} {finding.message}"
        warn(clean(text))
    count = len(done.written)
    if asked.check:
        verb = "would change" if _would_change(done) else "is up to date"
        say(clean(f"{done.notebook}: {done.folder} {verb}"))
    elif count or done.removed:
        text = f"{done.notebook} -> {done.folder}: package {done.package}, "
        say(clean(text + f"{done.functions} functions, {count} files written"))
    else:
        say(clean(f"{done.notebook} -> {done.folder}: unchanged"))


def _tell_verdict(done: "Conversion", quiet: bool) -> None:
    """What a run came to: one line where the package agrees, else all that differs."""
    verdict = done.verdict
    if verdict is None:
        return
    from chasm.report.verdict_text import summary_line, verdict_text

    for failure in verdict.failures:
        if failure.what == "notebook":
            where = f"{done.notebook}:" + (f"cell {failure.cell}:" if failure.cell else "")
            text = f"{where} error: {failure.message}; the package is made of the code alone"
            warn(clean(text))
            return
    if quiet and verdict.agrees:
        return
    lines = [*(f"note: {note}" for note in verdict.notes), summary_line(verdict)]
    for line in lines if verdict.agrees else verdict_text(verdict).splitlines():
        say(clean(line))
