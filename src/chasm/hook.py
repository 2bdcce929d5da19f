"""``chasm-hook``: `chasm check` for pre-commit, with as little to load as there can be."""

import argparse
import gc
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from chasm.cli.saying import complain
from chasm.errors import InputError, outside

if TYPE_CHECKING:
    from chasm.checking import Options, Run

FORMAT_VARIABLE = "CHASM_OUTPUT_FORMAT"


class _Unclear(Exception):
    """The words of a call are not all plain."""


class _Parser(argparse.ArgumentParser):
    """Reads what a check is asked for."""

    def __init__(self, name: str, add_help: bool = True, allow_abbrev: bool = True) -> None:
        told = "Check notebooks; run no cell."
        super().__init__(name, description=told, add_help=add_help, allow_abbrev=allow_abbrev)
        self.add_argument("files", nargs="*", type=Path)
        for option in ("select", "extend-select", "ignore", "exclude", "extend-exclude"):
            self.add_argument(f"--{option}", action="append", default=[], metavar="LIST")
        for option in ("fix", "exit-zero", "no-cache", "force-exclude", "isolated"):
            self.add_argument(f"--{option}", action="store_true")
        self.add_argument("-q", "--quiet", action="store_true")
        for option in ("config", "python", "output-file", "stdin-filename"):
            self.add_argument(f"--{option}", type=Path, metavar="FILE")
        self.add_argument("--output-format")


class PlainParser(_Parser):
    """The same, but asks nobody for help and leaves it to others to tell of mistakes."""

    def __init__(self) -> None:
        super().__init__("chasm check", add_help=False, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """What is said in its stead is not said here."""
        raise _Unclear(message)


def run(arguments: Sequence[str] | None = None) -> int:
    """The entry point of the ``chasm-hook`` command."""
    given = _Parser("chasm-hook").parse_args(arguments)
    ready()
    return _asked(given.files, given)


def check_plainly(arguments: Sequence[str]) -> int | None:
    """The exit code of ``chasm check``; None when its words need more than to be read."""
    try:
        given = PlainParser().parse_args(arguments)
    except _Unclear:
        return None
    return _asked(given.files or [Path()], given)


def _asked(files: Sequence[Path], given: argparse.Namespace) -> int:
    from chasm.checking import Options
    from chasm.checking.options import words

    options = Options(
        words(given.select),
        words(given.extend_select),
        words(given.ignore),
        words(given.exclude),
        words(given.extend_exclude),
        given.force_exclude,
        given.fix,
        not given.no_cache,
        given.config,
        given.isolated,
        given.python,
    )
    return ended(
        lambda: checked(
            files,
            options,
            given.output_format,
            given.exit_zero,
            given.quiet,
            given.stdin_filename,
            given.output_file,
        )
    )


def ended(work: Callable[[], int]) -> int:
    """The exit code of the work, also where a reader or the user ends it."""
    try:
        code = work()
        if sys.stdout is not None:
            # Whoever called may have closed it.
            sys.stdout.flush()
    except BrokenPipeError:
        # Who reads has seen enough; what is left to say goes nowhere.
        sys.stdout = io.StringIO()
        return 1
    except KeyboardInterrupt:
        print("Aborted!", file=sys.stderr)
        return 130
    return code


def ready() -> None:
    """What every command does first."""
    # Syntax trees are many small objects that live to the end; collecting them in between
    # only costs time, about a tenth of a conversion.
    gc.set_threshold(400_000, 20, 50)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            # A name that the terminal's encoding lacks must not end the program.
            reconfigure(errors="backslashreplace")


def checked(
    paths: Sequence[Path],
    options: "Options",
    output_format: str | None = None,
    exit_zero: bool = False,
    quiet: bool = False,
    stdin_name: Path | None = None,
    output_file: Path | None = None,
) -> int:
    """Check, say what was found, and return the exit code."""
    # ``ready`` is for every command: those that check nothing must not load the checks.
    from chasm.checking import check_files, check_text
    from chasm.report import render

    try:
        if [str(path) for path in paths] == ["-"]:
            done = check_text(sys.stdin.read(), stdin_name or Path("stdin.ipynb"), options)
        else:
            done = check_files(paths, options)
        wanted = output_format or os.environ.get(FORMAT_VARIABLE) or done.settings.output_format
        text = render(wanted, done.files)
        if output_file is not None:
            from chasm.place import write_report

            write_report(output_file, text)
    except (InputError, OSError) as error:
        complain(outside(error))
        return 2
    _say(done, "" if output_file is not None else text, wanted, quiet)
    return 0 if exit_zero and done.exit_code == 1 else done.exit_code


def _say(done: "Run", text: str, wanted: str, quiet: bool) -> None:
    found = any(one.findings for one in done.files)
    # A list without entries is an answer too; words of praise are none.
    if text and (found or wanted not in ("full", "concise") or not quiet):
        print(text)
    fixed = sum(one.fixed for one in done.files)
    if fixed and not quiet:
        print(f"Mended {fixed} finding{'s' * (fixed != 1)}", file=sys.stderr)
    for one in done.files:
        if one.error is not None:
            complain(one.error)


def main() -> None:
    """The same as a process."""
    sys.exit(run())


if __name__ == "__main__":
    main()
