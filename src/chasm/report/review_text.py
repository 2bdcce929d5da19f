"""Reviews for people at a terminal."""

from collections.abc import Iterator, Sequence
from textwrap import dedent

from chasm.report.review_words import (
    delta_words,
    difference,
    headline,
    main_changes,
    needs_name,
    overview,
    side_changes,
    title,
    unchanged,
    where,
)
from chasm.report.safe import cut, visible
from chasm.report.text import number, said
from chasm.review.model import Change, FunctionChange, How, Package, Review

WIDTH = 150
MAX_SIDE = 10
#: So many lines of one change are shown.
MAX_LINES = 12


def render(reviews: Sequence[Review]) -> str:
    """A section a notebook; no line break at the end."""
    lines = [line for one in reviews for line in (*_section(one), "")]
    return "\n".join([*lines, overview(reviews)])


def _section(review: Review) -> Iterator[str]:
    old = f" (was {visible(review.old_file)})" if review.old_file != review.file else ""
    yield f"{visible(review.file)}{old}: {headline(review)}"
    if review.error:
        yield f"  {visible(review.error)}"
        return
    for client in review.package.clients:
        mark = "breaks" if client.breaks else "client"
        yield f"  {mark}: {visible(f'{client.name} {client.text}')}"
    for change in main_changes(review):
        yield from _change(change)
    for metric in review.metrics:
        text = f"{metric.name}: {metric.old or '-'} -> {metric.new or '-'}"
        yield f"  stored figure: {visible(text)} (cell {metric.cell})"
    for sign, found in (("new", review.found), ("mended", review.mended)):
        for one in found:
            yield f"  {sign} {one.finding.severity.value} {one.finding.code}: {visible(said(one))}"
    yield from _package(review.package)
    for folder in review.stale:
        yield f"  out of date: {visible(folder)} (chasm convert)"
    side = side_changes(review)
    for change in side[:MAX_SIDE]:
        yield from _change(change)
    if len(side) > MAX_SIDE:
        yield f"  and {len(side) - MAX_SIDE} more changes of what is only looked at"
    if review.renamed:
        names = ", ".join(f"{old} -> {new}" for old, new in review.renamed)
        yield f"  renamed: {visible(names)}"
    for text in unchanged(review):
        yield f"  unchanged: {text}"


def _change(change: Change) -> Iterator[str]:
    yield f"  {title(change)}: {_what(change)} ({where(change)})"
    if _is_block(change):
        yield from _lines(change)


def _is_block(change: Change) -> bool:
    """Whether the change is somewhere inside more than fits on a line."""
    if change.how is not How.CHANGED or change.deltas or not change.old:
        return False
    both = f"{change.old}\n{change.new}"
    return both.count("\n") > 1 and len(" ".join(both.split())) > WIDTH


def _lines(change: Change) -> Iterator[str]:
    """The lines that came and went."""
    found = [line for line in difference(change.old, change.new) if line[:1] in "+-"]
    # How deep a line stands may be what changed.
    texts = dedent("\n".join(line[2:] for line in found)).split("\n")
    for line, text in zip(found[:MAX_LINES], texts, strict=False):
        yield f"    {line[0]} {cut(text, WIDTH)}"
    if len(found) > MAX_LINES:
        yield f"    and {number(len(found) - MAX_LINES, 'more line')}"


def _what(change: Change) -> str:
    what = visible(change.what)
    if change.deltas:
        parts = [delta_words(d) for d in change.deltas]
        name = f"{what} with " if needs_name(change) else ""
        return cut(f"{name}{visible(', '.join(parts))}", WIDTH)
    if _is_block(change):
        return cut(visible(change.new.split("\n")[0]), WIDTH)
    if change.how is How.CHANGED and change.old and change.new:
        return cut(f"{visible(change.old)} -> {visible(change.new)}", WIDTH)
    return cut(visible(change.new or change.old), WIDTH)


def _package(package: Package) -> Iterator[str]:
    if package.error:
        yield f"  no package: {visible(package.error)}"
    if package.functions:
        named = ", ".join(function_words(one) for one in package.functions)
        yield f"  package: {visible(named)}"
    for kind, deltas in (("setting", package.config), ("requires", package.dependencies)):
        for d in deltas:
            name = f"{d.name} " if kind == "setting" and d.name else ""
            text = f"{name}{d.old or '-'} -> {d.new or '-'}"
            yield f"  {kind}: {visible(text)}"


def function_words(one: FunctionChange) -> str:
    """``features.add_age (changed)``."""
    how = one.how.value
    if one.how is How.ORDER:
        how = f"was {one.before}"
    elif one.signature:
        how = "other parameters"
    return f"{one.module}.{one.name} ({how})"
