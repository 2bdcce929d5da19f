"""``chasm graph`` and ``chasm report``: what a person can look at."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from chasm.cli.app import app, fail
from chasm.cli.saying import clean, internal_error
from chasm.errors import InputError

Notebook = Annotated[Path, typer.Argument(help="A notebook: .ipynb, or .py with cells.")]
Serve = Annotated[str | None, typer.Option(help="The notebook's name of the model to serve.")]


class GraphFormat(StrEnum):
    """How a flow is drawn."""

    SVG = "svg"
    MERMAID = "mermaid"
    DOT = "dot"
    JSON = "json"


@app.command()
def graph(
    notebook: Notebook,
    output_format: Annotated[GraphFormat, typer.Option(help="How to draw it.")] = GraphFormat.SVG,
    output_file: Annotated[
        Path | None,
        typer.Option("--output-file", help="Where to write it; by default standard output."),
    ] = None,
    serve: Serve = None,
) -> None:
    """Draw the flow of data: files, steps, what is learned, what is served. Runs no cell."""
    from chasm.api import graph as run
    from chasm.place import write_report

    try:
        text = run(notebook, output_format.value, serve=serve)
        if output_file is not None:
            write_report(output_file, text.removesuffix("\n"))
        else:
            typer.echo(text, nl=False)
    except InputError as error:
        fail(str(error))
    except Exception as error:
        fail(internal_error(notebook, error))


@app.command()
def report(
    notebook: Notebook,
    output: Annotated[Path, typer.Option("-o", "--output", help="The page to write.")] = Path(
        "report.html"
    ),
    verdict: Annotated[
        Path | None,
        typer.Option(help="What `chasm verify --output-format json` said."),
    ] = None,
    serve: Serve = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Only errors.")] = False,
) -> None:
    """Write one page with the notebook, its package, and where each cell went. Runs no cell."""
    from chasm.api import report as run
    from chasm.place import write_report

    try:
        text = run(notebook, verdict=verdict, serve=serve)
        write_report(output, text.removesuffix("\n"))
    except InputError as error:
        fail(str(error))
    except Exception as error:
        fail(internal_error(notebook, error))
    if not quiet:
        typer.echo(clean(f"{notebook.name} -> {output}"))
