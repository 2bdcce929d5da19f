"""``chasm convert``: its words."""

from pathlib import Path
from typing import Annotated

import typer

from chasm.cli.app import app, fail
from chasm.cli.conversion import Asked, converted


@app.command()
def convert(
    notebooks: Annotated[
        list[Path],
        typer.Argument(help="Notebooks: .ipynb, .py with cells, or folders of notebooks."),
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="The project's folder; of several, their parent."),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(help="The package's name; by default that of the notebook."),
    ] = None,
    serve: Annotated[
        str | None,
        typer.Option(help="The notebook's name of the model to serve."),
    ] = None,
    fix: Annotated[
        str | None,
        typer.Option(metavar="leakage", help="Learn after the split what was learned before it."),
    ] = None,
    force: Annotated[bool, typer.Option(help="Write over files that were edited.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if a package would change.")
    ] = False,
    run: Annotated[
        bool, typer.Option("--run", help="Run the notebook, for schema, tests and verdict.")
    ] = False,
    kernel: Annotated[str | None, typer.Option(help="With --run: the installed kernel.")] = None,
    timeout: Annotated[
        float, typer.Option(help="With --run: seconds that each run may take.", min=1)
    ] = 600,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Only errors.")] = False,
) -> None:
    """Write a package whose `python -m PKG run` does what the notebook did.

    Runs no cell without --run.
    """
    if kernel is not None and not run:
        fail("--kernel goes with --run")
    asked = Asked(output, name, serve, fix, force, check, run, kernel, timeout, quiet)
    raise typer.Exit(converted(notebooks, asked))
