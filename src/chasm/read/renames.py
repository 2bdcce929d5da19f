"""Notebooks that moved, known again by their code: git compares whole files, pictures included.

A notebook that is moved and run again has other outputs, and those are most of its bytes; one that
is a single line of JSON has no lines that git could compare.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

#: Notebooks that share fewer of their lines of code are others.
LIKE = 0.5
#: More pairs than this are not compared one by one.
MAX_PAIRS = 2_500


def moved(
    gone: Sequence[str],
    come: Sequence[str],
    before: Callable[[str], str],
    after: Callable[[str], str],
) -> dict[str, str]:
    """Which of the paths ``come`` is which of ``gone``, from what stood and stands in them."""
    if not gone or not come or len(gone) * len(come) > MAX_PAIRS:
        return {}
    old = {path: _lines(before(path)) for path in gone}
    new = {path: _lines(after(path)) for path in come}
    scored = sorted(
        (-score, a, b)
        for a, mine in old.items()
        for b, other in new.items()
        if (score := _likeness(mine, other)) >= LIKE
    )
    found: dict[str, str] = {}
    for _, a, b in scored:
        if a not in found.values() and b not in found:
            found[b] = a
    return found


def _likeness(a: frozenset[str], b: frozenset[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def _lines(text: str) -> frozenset[str]:
    """The lines of code of a notebook's file; none where it is no notebook."""
    try:
        content: Any = json.loads(text)
        cells = content.get("cells") or [c for s in content["worksheets"] for c in s["cells"]]
        sources = [
            cell.get("source", cell.get("input", ""))
            for cell in cells
            if cell.get("cell_type") == "code"
        ]
        joined = "\n".join(s if isinstance(s, str) else "".join(s) for s in sources)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return frozenset()
    return frozenset(line.strip() for line in joined.split("\n") if line.strip())
