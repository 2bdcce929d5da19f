"""``chasm review``."""

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chasm.cli.app import PATH, app, clean, fail
from chasm.cli.converting import internal_error
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
@click.argument("paths", nargs=-1, type=PATH)
@click.option("--base", metavar="REV", help="Review what changed since the work left this commit.")
@click.option(
    "--package",
    multiple=True,
    type=PATH,
    metavar="DIR",
    help="A package of the notebook: is it out of date?",
)
@click.option(
    "--output-format",
    type=click.Choice([one.value for one in Format]),
    default=Format.TEXT.value,
    show_default=True,
    help="How to say it.",
)
@click.option("--output-file", type=PATH, metavar="FILE")
@click.option(
    "--fail-on",
    default="none",
    metavar="LIST",
    show_default=True,
    help="Exit with 1 on: new findings of a level (error, warning, note), breaking, stale.",
)
@click.option("--summary", is_flag=True, help="Add it to the summary of the GitHub job.")
@click.option("--comment", is_flag=True, help="Keep it as one comment on the pull request.")
def review(
    paths: tuple[Path, ...],
    base: str | None,
    package: tuple[Path, ...],
    output_format: str,
    output_file: Path | None,
    fail_on: str,
    summary: bool,
    comment: bool,
) -> None:
    """Say what changed in a notebook's pipeline, and what of it reaches the package. Runs no cell.

    PATHS are OLD and NEW, which are compared as they are. With --base they are notebooks or
    folders, and all notebooks are reviewed that git has another version of; renamed ones are
    followed.
    """
    from chasm.reviewing import review_base, review_files

    given, packages = list(paths), list(package)
    try:
        if base is not None:
            done = review_base(base, given, packages)
        elif len(given) == 2:
            done = review_files(given[0], given[1], packages)
        else:
            fail("name an old and a new notebook, or a commit with --base")
        failed = done.fails([word.strip() for word in fail_on.split(",") if word.strip()])
        _show(done, Format(output_format), output_file)
        _publish(done, summary, comment)
    except InputError as error:
        fail(str(error))
    except RecursionError:
        fail("the code is nested too deeply")
    except Exception as error:
        fail(internal_error(given[-1] if given else Path(), error))
    _end(done, failed)


def _show(done: "Reviewed", wanted: Format, file: Path | None) -> None:
    text = _rendered(done, wanted)
    if file is not None:
        from chasm.place import write_report

        write_report(file, text)
    elif text:
        click.echo(text)


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
            click.echo(clean(f"no comment: {error}"), err=True)
        else:
            click.echo(clean(said), err=True)


def _end(done: "Reviewed", failed: bool) -> None:
    for one in done.reviews:
        if one.error:
            click.echo(f"error: {clean(one.error)}", err=True)
    if done.note:
        click.echo(clean(f"note: {done.note}"), err=True)
    if done.broken:
        sys.exit(2)
    if failed:
        sys.exit(1)
