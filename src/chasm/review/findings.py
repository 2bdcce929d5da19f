"""Which findings are new and which are mended: the same one may stand elsewhere now."""

import re
from collections.abc import Callable

from chasm.findings import Located
from chasm.review.lines import respelled
from chasm.review.model import Version

NUMBERS = re.compile(r"\d+")
PLACES = re.compile(r"\b(cells?|lines?) \d+(?:(?:, | and | to )\d+)*")


def compared_findings(
    old: Version, new: Version, cells: dict[int, int], renamed: dict[str, str]
) -> tuple[tuple[Located, ...], tuple[Located, ...]]:
    """The findings that only the new version has, and those that only the old one had."""
    before, after = list(old.findings), list(new.findings)

    def message(one: Located) -> str:
        return PLACES.sub(r"\1", one.finding.message)

    def now(text: str) -> str:
        return respelled(text, renamed)

    def cell(one: Located) -> int | None:
        return one.finding.cell

    def gist(text: str) -> str:
        # How many more there are stands after the semicolon.
        return NUMBERS.sub("", text.partition(";")[0])

    _match(
        before, after,
        lambda a: (a.finding.code, now(_bare(a.text)), now(message(a))),
        lambda b: (b.finding.code, _bare(b.text), message(b)),
    )  # fmt: skip
    _match(
        before, after,
        lambda a: (a.finding.code, cells.get(cell(a) or 0)),
        lambda b: (b.finding.code, cell(b)),
    )  # fmt: skip
    _match(
        before, after,
        lambda a: (a.finding.code, gist(now(message(a)))),
        lambda b: (b.finding.code, gist(message(b))),
    )  # fmt: skip
    return tuple(after), tuple(before)


def _bare(text: str) -> str:
    return " ".join(text.split())


def _match(
    before: list[Located],
    after: list[Located],
    old_key: Callable[[Located], object],
    new_key: Callable[[Located], object],
) -> None:
    """Take out of both lists what has the same key."""
    waiting: dict[object, list[Located]] = {}
    for one in after:
        waiting.setdefault(new_key(one), []).append(one)
    for one in list(before):
        others = waiting.get(old_key(one))
        if others:
            before.remove(one)
            after.remove(others.pop(0))
