"""``chasm review``."""

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chasm.cli.app import app, fail
from chasm.cli.saying import clean, internal_error
from chasm.errors import InputError

if TYPE_CHECKING:
    from chasm.reviewing import Reviewed

SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"


class Format(StrEnum):
    """How reviews are shown."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    GITHUB = "github"


@app.command()
def review(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="OLD and NEW; with --base, notebooks or folders.", metavar="PATHS"),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(metavar="REV", help="Review what changed since the work left this commit."),
    ] = None,
    package: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="A package of the notebook: is it out of date?"),
    ] = None,
    output_format: Annotated[Format, typer.Option(help="How to say it.")] = Format.TEXT,
    output_file: Annotated[Path | None, typer.Option(metavar="FILE")] = None,
    fail_on: Annotated[
        str,
        typer.Option(
            metavar="LIST",
            help="Exit with 1 on: new findings of a level (error, warning, note), breaking, stale.",
        ),
    ] = "none",
    summary: Annotated[
        bool, typer.Option("--summary", help="Add it to the summary of the GitHub job.")
    ] = False,
    comment: Annotated[
        bool, typer.Option("--comment", help="Keep it as one comment on the pull request.")
    ] = False,
) -> None:
    """Say what changed in a notebook's pipeline, and what of it reaches the package. Runs no cell.

    Two files are compared as they are. With --base, all notebooks are that git has another
    version of; renamed ones are followed.
    """
    from chasm.reviewing import review_base, review_files

    given = paths or []
    try:
        if base is not None:
            done = review_base(base, given, package or [])
        elif len(given) == 2:
            done = review_files(given[0], given[1], package or [])
        else:
            fail("name an old and a new notebook, or a commit with --base")
        failed = done.fails([word.strip() for word in fail_on.split(",") if word.strip()])
        _show(done, output_format, output_file)
        _publish(done, summary, comment)
    except InputError as error:
        fail(str(error))
    except RecursionError:
        fail("the code is nested too deeply")
    except (typer.Exit, KeyboardInterrupt):
        raise
    except Exception as error:
        fail(internal_error(given[-1] if given else Path(), error))
    _end(done, failed)


def _show(done: "Reviewed", wanted: Format, file: Path | None) -> None:
    text = _rendered(done, wanted)
    if file is not None:
        from chasm.place import write_report

        write_report(file, text)
    elif text:
        typer.echo(text)


def _rendered(done: "Reviewed", wanted: Format) -> str:
    from chasm.report import review_github, review_json, review_markdown, review_text

    if wanted is Format.MARKDOWN:
        return review_markdown.render(done.reviews, done.note)
    renderers = {
        Format.TEXT: review_text.render,
        Format.JSON: review_json.render,
        Format.GITHUB: review_github.render,
    }
    return renderers[wanted](done.reviews)


def _publish(done: "Reviewed", summary: bool, comment: bool) -> None:
    """Where a reviewer looks: the job's summary, and the comment if there is a right to write."""
    if not (summary or comment):
        return
    from chasm.place import append_report
    from chasm.report.review_markdown import SUMMARY, render
    from chasm.reviewing.comment import NotAllowed, post_comment, target_of

    if summary:
        place = os.environ.get(SUMMARY_VARIABLE)
        if not place:
            raise InputError(f"--summary: {SUMMARY_VARIABLE} names no file")
        append_report(Path(place), render(done.reviews, done.note, SUMMARY))
    if comment:
        try:
            text = render(done.reviews, done.note)
            said = post_comment(target_of(os.environ), text, begin=bool(done.reviews))
        except NotAllowed as error:
            # A pull request from a fork has no right to write; its reader has the summary.
            typer.echo(clean(f"no comment: {error}"), err=True)
        else:
            typer.echo(clean(said), err=True)


def _end(done: "Reviewed", failed: bool) -> None:
    for one in done.reviews:
        if one.error:
            typer.echo(f"error: {clean(one.error)}", err=True)
    if done.note:
        typer.echo(clean(f"note: {done.note}"), err=True)
    if done.broken:
        raise typer.Exit(2)
    if failed:
        raise typer.Exit(1)
