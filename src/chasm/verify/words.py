"""Values, and places within them, in a few words."""

from datetime import datetime, timedelta
from typing import Any

Tree = dict[str, Any]
NOTHING = "(nothing)"
#: Columns of dates are numbers of a unit, of which so many make a second.
DATES = "datetime64["
UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
#: So much of a text is shown.
WIDTH = 80


def moment(text: str, dtype: str) -> str:
    """A number of units since 1970, as it stands in a column of dates, as a date and a time."""
    unit = UNITS.get(dtype.removeprefix(DATES).rstrip("]"))
    try:
        seconds, rest = divmod(int(text), unit or 0)
        told = (datetime(1970, 1, 1) + timedelta(seconds=seconds)).isoformat(" ")
    except (ValueError, ZeroDivisionError, OverflowError):
        # No time at all is the lowest number that there is.
        return "NaT" if text == str(-(2**63)) else text
    return f"{told}.{rest:0{len(str(unit)) - 1}}".rstrip("0") if rest else told


def names_of(a: Any, b: Any) -> tuple[str, str]:
    """Two names of columns; quoted only where they would look the same."""
    texts = str(a), str(b)
    return texts if texts[0] != texts[1] else both(a, b)


def both(a: Any, b: Any) -> tuple[str, str]:
    """Two values as texts that differ."""
    if isinstance(a, float) and isinstance(b, float):
        short = f"{a:.6g}", f"{b:.6g}"
        return short if short[0] != short[1] else (repr(a), repr(b))
    texts = repr(a), repr(b)
    at = next((i for i, (x, y) in enumerate(zip(*texts, strict=False)) if x != y), 0)
    # Of long texts that begin alike the part is shown in which they differ.
    start = max(0, at - WIDTH // 2) if max(map(len, texts)) > WIDTH else 0
    return _part(texts[0], start), _part(texts[1], start)


def _part(text: str, start: int = 0) -> str:
    """The text from ``start`` on, as far as there is room for it."""
    part = "…" * (start > 0) + text[start:]
    return part if len(part) <= WIDTH else part[: WIDTH - 1] + "…"


def brief(tree: Tree | None) -> str:
    """A value in a few words."""
    if tree is None:
        return NOTHING
    kind = tree["t"]
    if kind in ("plain", "text"):
        return _part(repr(tree["v"]))
    if kind == "frame":
        return f"frame of {tree['rows']} rows, {len(tree['columns'])} columns"
    if kind == "model" or kind == "object":
        return str(tree["class"])
    if "shape" in tree:
        return f"{kind} of shape {tuple(tree['shape'])}"
    if "data" in tree:
        return f"{kind} of {tree['data']['count']}"
    return f"{kind} of {len(tree.get('items', ()))}"


def join(where: str, part: str) -> str:
    """A place within a place."""
    return f"{where}, {part}" if where else part


def position_in(position: int, shape: list[int] | None) -> str:
    """Where a value stands in an array of this shape."""
    if not shape or len(shape) < 2:
        return str(position)
    found = []
    for size in reversed(shape):
        position, rest = divmod(position, size)
        found.append(rest)
    return str(tuple(reversed(found)))
