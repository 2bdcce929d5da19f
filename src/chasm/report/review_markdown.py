"""Reviews as Markdown for a pull request, within what a comment or a job's summary holds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from chasm.findings import Located
from chasm.report.review_words import (
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
from chasm.report.safe import code, fenced, words
from chasm.report.text import number, said
from chasm.review.model import Change, Delta, Flow, FunctionChange, How, Metric, Package, Review

MARKER = "<!-- chasm:review -->"
#: A comment holds 65,536 characters, a job's summary 1 MiB; both with some room.
COMMENT, SUMMARY = 65_000, 1_000_000
CUT = "More was found than fits here; what is missing matters less."
#: Of one list so many are told, of the rest the number.
MAX_TOLD = 40
MAX_ROWS = 12
MAX_LINES = 60
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of Markdown that stands or falls as a whole; the lowest ``rank`` stands longest."""

    rank: int
    text: str


def render(reviews: Sequence[Review], note: str = "", limit: int = COMMENT) -> str:
    """The overview, then a section a notebook; no line break at the end."""
    head = f"{MARKER}\n### chasm review\n\n{overview(reviews)}"
    if note:
        head += f"\n\n{words(note)}"
    blocks = [block for one in reviews for block in _section(one)]
    return _fitted(head, blocks, limit)


def _fitted(head: str, blocks: Sequence[Block], limit: int) -> str:
    """As many blocks as fit, the important ones first, in the order of the document."""
    left = limit - _size(head) - _size(CUT) - 4
    kept: set[int] = set()
    for n in sorted(range(len(blocks)), key=lambda n: (blocks[n].rank, n)):
        size = _size(blocks[n].text) + 2
        if size <= left:
            kept.add(n)
            left -= size
    texts = [blocks[n].text for n in sorted(kept)]
    end = [CUT] if len(kept) < len(blocks) else []
    return "\n\n".join([head, *texts, *end])


def _size(text: str) -> int:
    return len(text.encode("utf-8"))


def _section(review: Review) -> Iterator[Block]:
    old = f", was {code(review.old_file)}" if review.old_file != review.file else ""
    yield Block(0, f"#### {code(review.file)}{old}\n\n{headline(review).capitalize()}.")
    if review.error:
        yield Block(0, words(review.error))
        return
    yield from _listed(1, "The package", [*_clients(review.package), *_stale(review)], str)
    yield from _listed(2, "The pipeline", main_changes(review), _bullet)
    yield from _metrics(review)
    yield from _listed(2, "New findings", review.found, _finding)
    yield from _listed(5, "Mended", review.mended, lambda one: f"- ~~{_finding(one)[2:]}~~")
    yield from _folded(6, "The flow, with what changed", _flow(review.flow))
    yield from _folded(4, "What reaches the package", _package(review.package))
    shown = [one for one in review.changes if _needs_code(one)]
    blocks = "\n\n".join(_code(one) for one in shown[:MAX_TOLD])
    yield from _folded(7, f"The code of {number(len(shown), 'change')}", blocks)
    aside = "\n".join(_bullet(one) for one in side_changes(review)[:MAX_TOLD])
    yield from _folded(8, "What is only looked at", aside)
    renamed = [f"- {code(old)} is called {code(new)}" for old, new in review.renamed]
    same = "\n".join([*renamed, *(f"- {text}" for text in unchanged(review))][:MAX_TOLD])
    yield from _folded(9, "Changed without effect", same)


def _listed(
    rank: int, name: str, items: Sequence[Item], shown: Callable[[Item], str]
) -> Iterator[Block]:
    """A list under its name; where it is long, its end is counted."""
    if items:
        told = [shown(one) for one in items[:MAX_TOLD]]
        if len(items) > MAX_TOLD:
            told.append(f"- and {len(items) - MAX_TOLD} more")
        yield Block(rank, "\n".join([f"**{name}**", "", *told]))


def _folded(rank: int, summary: str, text: str) -> Iterator[Block]:
    if text:
        inside = f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"
        yield Block(rank, inside)


def _bullet(change: Change) -> str:
    return f"- **{title(change)}** {_what(change)} · {where(change)}"


def _what(change: Change) -> str:
    if change.deltas:
        parts = ", ".join(_delta(one) for one in change.deltas)
        return f"{code(change.what)} with {parts}" if needs_name(change) else parts
    if change.how is How.CHANGED and not _needs_code(change):
        return f"{code(change.what)}: {code(change.old)} → {code(change.new)}"
    if change.how is How.CHANGED:
        return code(change.what)
    return code(change.new or change.old)


def _delta(one: Delta) -> str:
    name = f"{code(one.name)}: " if one.name else ""
    if not one.old:
        return f"{name}+ {code(one.new)}"
    if not one.new:
        return f"{name}− {code(one.old)}"
    return f"{name}{code(one.old)} → {code(one.new)}"


def _needs_code(change: Change) -> bool:
    """Whether a line does not say it all."""
    texts = (change.old, change.new)
    long = any("\n" in text or len(text) > 70 for text in texts)
    return long and (change.how is not How.CHANGED or not change.deltas)


def _code(change: Change) -> str:
    lines = [f"- {line}" for line in change.old.split("\n") if change.old]
    lines += [f"+ {line}" for line in change.new.split("\n") if change.new]
    if change.old and change.new:
        lines = difference(change.old, change.new)
    left = len(lines) - MAX_LINES
    lines = lines[:MAX_LINES] + ([f"  … {number(left, 'more line')}"] if left > 0 else [])
    return f"{title(change)} {code(change.what)}, {where(change)}:\n\n{fenced(lines, 'diff')}"


def _metrics(review: Review) -> Iterator[Block]:
    if not review.metrics:
        return
    yield Block(3, _table(review.metrics[:MAX_ROWS]))
    more = review.metrics[MAX_ROWS:]
    yield from _folded(8, f"{number(len(more), 'more stored figure')}", _table(more))


def _table(metrics: Sequence[Metric]) -> str:
    rows = [
        f"| {words(m.name, 80) or 'value'} | {words(m.old, 80) or '–'} "
        f"| {words(m.new, 80) or '–'} | {m.cell} |"
        for m in metrics
    ]
    head = "| figure, as stored | before | now | cell |\n| --- | ---: | ---: | ---: |"
    return "\n".join([head, *rows]) if rows else ""


def _finding(one: Located) -> str:
    finding = one.finding
    return f"- {finding.severity.value} {finding.code}: {words(said(one))}"


def _clients(package: Package) -> list[str]:
    return [
        f"- **{'Old clients break' if one.breaks else 'Clients'}** "
        f"{code(one.name) + ' ' if one.name else ''}{one.text}"
        for one in sorted(package.clients, key=lambda one: not one.breaks)
    ]


def _stale(review: Review) -> Iterator[str]:
    for folder in review.stale:
        yield f"- **Out of date** {code(folder)}"
    if review.package.error:
        yield f"- **No package can be made** {words(review.package.error)}"


def _package(package: Package) -> str:
    items = [_function(one) for one in package.functions]
    for kind, deltas in (("setting", package.config), ("requires", package.dependencies)):
        items += [f"- {kind} {_named(one, kind)}" for one in deltas]
    more = [f"- and {len(items) - MAX_TOLD} more"] if len(items) > MAX_TOLD else []
    return "\n".join([*items[:MAX_TOLD], *more])


def _named(one: Delta, kind: str) -> str:
    name = f"{code(one.name)}: " if kind == "setting" and one.name else ""
    old = code(one.old) if one.old else "(none)"
    new = code(one.new) if one.new else "(none)"
    return f"{name}{old} → {new}"


def _function(one: FunctionChange) -> str:
    name = code(f"{one.module}.{one.name}")
    if one.how is How.ORDER:
        return f"- {name} was {code(one.before)}"
    return f"- {name} {one.how.value}{', with other parameters' if one.signature else ''}"


def _flow(flow: Flow) -> str:
    """The drawing in mermaid; nothing where no step changed."""
    if not any(mark for _, mark in flow.nodes):
        return ""
    lines = ["flowchart TD"]
    for n, (name, mark) in enumerate(flow.nodes):
        label = "".join(c if c.isalnum() or c == "_" else "_" for c in name)[:60]
        style = f":::{mark.value}" if mark is not None else ""
        told = f"{label} ({mark.value})" if mark is not None else label
        lines.append(f'n{n}["{told}"]{style}')
    lines += [f"n{a} --> n{b}" for a, b in flow.edges]
    lines += [
        "classDef added stroke:#1a7f37,stroke-width:3px",
        "classDef changed stroke:#9a6700,stroke-width:3px",
        "classDef removed stroke:#cf222e,stroke-width:3px,stroke-dasharray:5 5",
    ]
    return "\n".join(["```mermaid", *lines, "```"])
