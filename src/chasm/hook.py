"""``chasm-hook``: `chasm check` for pre-commit, with as little to load as there can be."""

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chasm.errors import InputError

if TYPE_CHECKING:
    from chasm.checking import Options, Run

FORMAT_VARIABLE = "CHASM_OUTPUT_FORMAT"


def run(arguments: Sequence[str] | None = None) -> int:
    """The entry point of the ``chasm-hook`` command."""
    import argparse

    from chasm.checking import Options
    from chasm.checking.options import words

    parser = argparse.ArgumentParser("chasm-hook", description="Check notebooks; run no cell.")
    parser.add_argument("files", nargs="*", type=Path)
    for name in ("select", "extend-select", "ignore", "exclude", "extend-exclude"):
        parser.add_argument(f"--{name}", action="append", default=[], metavar="LIST")
    for name in ("fix", "exit-zero", "no-cache", "force-exclude", "isolated"):
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("-q", "--quiet", action="store_true")
    parser.add_argument("--config", type=Path)
    parser.add_argument("--python", type=Path)
    parser.add_argument("--output-format")
    given = parser.parse_args(arguments)
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
    ready()
    return checked(given.files, options, given.output_format, given.exit_zero, given.quiet)


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
    except InputError as error:
        _complain(str(error))
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
            _complain(one.error)


def _complain(message: str) -> None:
    from chasm.read.files import printable

    print(f"error: {printable(message, 1000)}", file=sys.stderr)


def main() -> None:
    """The same as a process."""
    sys.exit(run())


if __name__ == "__main__":
    main()
