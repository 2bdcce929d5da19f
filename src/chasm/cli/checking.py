"""``chasm check`` and ``chasm explain``."""

import sys
from pathlib import Path

import click

from chasm.cli.app import PATH, app, fail
from chasm.errors import InputError

CODES = "Codes, prefixes of codes or names, divided by commas."
GLOBS = "Patterns as in .gitignore, divided by commas."


@app.command()
@click.argument("paths", nargs=-1, type=PATH)
@click.option("--select", multiple=True, metavar="LIST", help=CODES)
@click.option("--extend-select", multiple=True, metavar="LIST", help=CODES)
@click.option("--ignore", multiple=True, metavar="LIST", help=CODES)
@click.option("--exclude", multiple=True, metavar="LIST", help=GLOBS)
@click.option("--extend-exclude", multiple=True, metavar="LIST", help=GLOBS)
@click.option("--force-exclude", is_flag=True, help="Exclude files that are named, too.")
@click.option("--fix", is_flag=True, help="Mend what can be mended safely.")
@click.option(
    "--output-format", help="full, concise, json, json-lines, github, gitlab, sarif or markdown."
)
@click.option("--output-file", type=PATH, metavar="FILE")
@click.option("--stdin-filename", type=PATH, metavar="FILE")
@click.option("--config", type=PATH, metavar="FILE")
@click.option(
    "--python", type=PATH, metavar="PATH", help="Look for missing imports in this environment."
)
@click.option("--isolated", is_flag=True, help="Read no settings.")
@click.option("--exit-zero", is_flag=True, help="0 with findings, too.")
@click.option("--no-cache", is_flag=True, help="Look at every file.")
@click.option("-q", "--quiet", is_flag=True, help="Only findings.")
def check(
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    exclude: tuple[str, ...],
    extend_exclude: tuple[str, ...],
    force_exclude: bool,
    fix: bool,
    output_format: str | None,
    output_file: Path | None,
    stdin_filename: Path | None,
    config: Path | None,
    python: Path | None,
    isolated: bool,
    exit_zero: bool,
    no_cache: bool,
    quiet: bool,
) -> None:
    """Say what stands between notebooks and production. Runs no cell.

    PATHS are notebooks, folders of them, or - for standard input.
    """
    from chasm.checking import Options
    from chasm.checking.options import words
    from chasm.hook import checked

    options = Options(
        words(select),
        words(extend_select),
        words(ignore),
        words(exclude),
        words(extend_exclude),
        force_exclude,
        fix,
        not no_cache,
        config,
        isolated,
        python,
    )
    given = paths or (Path(),)
    sys.exit(checked(given, options, output_format, exit_zero, quiet, stdin_filename, output_file))


@app.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Tell what a check finds, why it matters and how to mend it; without a code, list all.

    CODE is the code or the name of a check.
    """
    from chasm.checks import explained

    try:
        click.echo(explained(code))
    except InputError as error:
        fail(str(error))
