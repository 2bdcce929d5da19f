"""``chasm check`` and ``chasm explain``."""

from pathlib import Path
from typing import Annotated

import typer

from chasm.cli.app import app, fail
from chasm.errors import InputError

Words = Annotated[
    list[str] | None,
    typer.Option(metavar="LIST", help="Codes, prefixes of codes or names, divided by commas."),
]
Globs = Annotated[
    list[str] | None,
    typer.Option(metavar="LIST", help="Patterns as in .gitignore, divided by commas."),
]
File = Annotated[Path | None, typer.Option(metavar="FILE")]


@app.command()
def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Notebooks, folders of them, or - for standard input.", metavar="PATHS"
        ),
    ] = None,
    select: Words = None,
    extend_select: Words = None,
    ignore: Words = None,
    exclude: Globs = None,
    extend_exclude: Globs = None,
    force_exclude: Annotated[
        bool, typer.Option("--force-exclude", help="Exclude files that are named, too.")
    ] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended safely.")] = False,
    output_format: Annotated[
        str | None,
        typer.Option(help="full, concise, json, json-lines, github, gitlab, sarif or markdown."),
    ] = None,
    output_file: File = None,
    stdin_filename: File = None,
    config: File = None,
    python: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Look for missing imports in this environment."),
    ] = None,
    isolated: Annotated[bool, typer.Option("--isolated", help="Read no settings.")] = False,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="0 with findings, too.")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Look at every file.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Only findings.")] = False,
) -> None:
    """Say what stands between notebooks and production. Runs no cell."""
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
    given = paths or [Path()]
    raise typer.Exit(
        checked(given, options, output_format, exit_zero, quiet, stdin_filename, output_file)
    )


@app.command()
def explain(
    code: Annotated[str | None, typer.Argument(help="The code or the name of a check.")] = None,
) -> None:
    """Tell what a check finds, why it matters and how to mend it; without a code, list all."""
    from chasm.checks import explained

    try:
        typer.echo(explained(code))
    except InputError as error:
        fail(str(error))
