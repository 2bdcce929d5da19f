"""The raw records of a served model as they were read: types, ranges, categories, what is missing.

Only these are written down, and one value a column; the records themselves are not.
"""

import ast
import math
from collections import Counter
from typing import Any

from chasm_recorder.describe import scalar
from chasm_recorder.state import STATE

#: Texts of at most so many kinds, over at least twice as many rows, are categories.
MAX_CATEGORIES = 50
KINDS = {"b": "boolean", "i": "integer", "u": "integer", "f": "number"}
#: No plain value is longer than that.
MAX_TEXT = 500
KEEP = "__import__('chasm_recorder.raw').raw.keep({})"


class AsItWasRead(ast.NodeTransformer):
    """Looks at the raw records right after the statement that gives them their name."""

    def __init__(self, wanted: dict[str, Any]) -> None:
        self._wanted = wanted

    def visit_Module(self, node: ast.Module) -> ast.Module:
        if STATE.cell != self._wanted["cell"]:
            return node
        alike = [s for s in node.body if ast.unparse(s) == self._wanted["text"]]
        if len(alike) > self._wanted["turn"]:
            statement = alike[self._wanted["turn"]]
            look = ast.parse(KEEP.format(self._wanted["name"])).body[0]
            ast.copy_location(look, statement)
            node.body.insert(node.body.index(statement) + 1, ast.fix_missing_locations(look))
        return node


def keep(table: Any) -> None:
    """Write down how ``table`` looks; what is none is left alone."""
    if hasattr(table, "iloc") and hasattr(table, "columns") and len(table):
        STATE.quietly(lambda: STATE.emit("raw", "", profile(table)))


def profile(table: Any) -> dict[str, Any]:
    """Each column by its key, with one value out of the first record that has all."""
    complete = [bool(one) for one in table.head(1000).notna().all(axis=1)]
    at = complete.index(True) if True in complete else 0
    columns = []
    keys: set[str] = set()
    for position, name in enumerate(table.columns):
        key = str(name)
        while key in keys:
            key = f"{name}.{position}"
        keys.add(key)
        values = table.iloc[:, position]
        columns.append(_column(key, values) | {"first": _plain(values.iloc[at])})
    return {"rows": len(table), "columns": columns}


def _column(key: str, values: Any) -> dict[str, Any]:
    present = values.dropna()
    found: dict[str, Any] = {"key": key, "missing": len(values) - len(present)}
    kind = KINDS.get(getattr(values.dtype, "kind", "O"), "any")
    if kind in ("integer", "number"):
        return found | {"kind": kind} | _range(present, kind)
    plain = present.tolist()
    types = set(map(type, plain))
    try:
        counts = Counter(plain)
    except TypeError:  # Values that cannot be counted, such as lists.
        return found | {"kind": "any"}
    found["typical"] = _plain(counts.most_common(1)[0][0]) if counts else None
    if hasattr(values, "cat"):
        # Those of the type count, whether or not a row has them.
        categories = values.cat.categories.tolist()
        if len(categories) <= MAX_CATEGORIES and all(map(_names, categories)):
            return found | {"kind": "category", "categories": categories}
    elif types and all(issubclass(one, str) for one in types):
        few = len(counts) <= MAX_CATEGORIES and 2 * len(counts) < len(values)
        if few and all(map(_names, counts)):
            return found | {"kind": "category", "categories": sorted(counts)}
        kind = "text"
    elif types == {bool}:
        kind = "boolean"
    return found | {"kind": kind}


def _range(present: Any, kind: str) -> dict[str, Any]:
    numbers = [float(present.min()), float(present.max())] if len(present) else []
    if not all(map(math.isfinite, numbers)):
        numbers = [n for n in map(float, present) if math.isfinite(n)]
    if not numbers:
        return {}
    middle = float(present.median())
    typical = round(middle) if kind == "integer" else middle
    return {"lowest": min(numbers), "highest": max(numbers), "typical": _plain(typical)}


def _names(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= MAX_TEXT
    return isinstance(value, int) and not isinstance(value, bool)


def _plain(value: Any) -> Any:
    value = scalar(value)
    if isinstance(value, str):
        return value[:MAX_TEXT]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, (bool, int, float)) else None
