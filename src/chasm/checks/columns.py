"""Columns that are chosen and dropped by literal labels, as far as the text says."""

import ast
from dataclasses import dataclass, field

from chasm.analyse.nodes import nodes_below
from chasm.checks.trace import Spec

#: Methods whose result has fewer rows, or others.
FEWER_ROWS = {
    "head",
    "tail",
    "sample",
    "query",
    "loc",
    "iloc",
    "nlargest",
    "nsmallest",
    "iat",
    "at",
}


def keeps_rows(node: ast.expr) -> bool:
    """Whether all rows of the name in ``node`` are in its value, as far as the text says."""
    for part in nodes_below(node):
        if isinstance(part, ast.Compare):
            return False
        if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Invert):
            return False
        if isinstance(part, ast.Attribute) and part.attr in FEWER_ROWS - {"loc", "iloc"}:
            return False
        if isinstance(part, ast.Subscript) and not _all_rows(part):
            return False
    return True


def _all_rows(node: ast.Subscript) -> bool:
    """``x[:, 1]`` and ``x["a"]`` have all rows, ``x[:100]`` has not."""
    where = node.slice
    if isinstance(where, ast.Tuple) and where.elts:
        where = where.elts[0]
        return isinstance(where, ast.Slice) and where.lower is None and where.upper is None
    if isinstance(where, ast.Slice):
        return where.lower is None and where.upper is None
    by_position = isinstance(node.value, ast.Attribute) and node.value.attr in ("loc", "iloc")
    return not by_position


@dataclass
class Columns:
    """Lists of labels by the names that hold them; ``older`` has what a frame was before some of
    its columns were written.
    """

    lists: dict[str, frozenset[str]] = field(default_factory=dict)
    older: dict[tuple[str, int], tuple[Spec, frozenset[str]]] = field(default_factory=dict)

    def note(self, name: str, value: ast.expr) -> None:
        """Remember a list of labels that is given a name, or forget the older one."""
        self.lists.pop(name, None)
        labels = _labels(value)
        if labels is not None:
            self.lists[name] = labels

    def changed(self, name: str, node: ast.expr) -> None:
        """A list of labels is changed: by a literal, or by nobody knows what."""
        known = self.lists.pop(name, None)
        if known is None or not isinstance(node, ast.Call) or len(node.args) != 1:
            return
        labels, func = _labels(node.args[0]), node.func
        if labels is None or not isinstance(func, ast.Attribute):
            return
        if func.attr == "remove":
            self.lists[name] = known - labels
        elif func.attr in ("append", "extend", "add"):
            self.lists[name] = known | labels

    def listed(self, node: ast.expr) -> frozenset[str] | None:
        """The labels that a subscript or an argument names; None when the text does not say."""
        if isinstance(node, ast.Name):
            return self.lists.get(node.id)
        if isinstance(node, ast.Tuple) and len(node.elts) == 2:
            first, second = node.elts
            rows = isinstance(first, ast.Slice) and first.lower is None and first.upper is None
            return _labels(second) if rows else None
        return _labels(node)

    def dropped(self, node: ast.Call) -> frozenset[str] | None:
        """The columns that ``frame.drop(…)`` leaves out; None when it is none, or not said."""
        if not isinstance(node.func, ast.Attribute) or node.func.attr != "drop":
            return None
        keywords = {k.arg: k.value for k in node.keywords}
        if "columns" in keywords:
            return self.listed(keywords["columns"])
        axis = keywords.get("axis", node.args[1] if len(node.args) > 1 else None)
        by_column = isinstance(axis, ast.Constant) and axis.value in (1, "columns")
        labels = keywords.get("labels", node.args[0] if node.args else None)
        return self.listed(labels) if by_column and labels is not None else None

    def whole(self, name: str, version: int) -> Spec:
        """All columns of a frame as it is now."""
        return Spec(name, version)

    def written(self, name: str, version: int, before: Spec | None, labels: frozenset[str]) -> Spec:
        """All columns of a frame after these have been written: the others are as they were."""
        key = name, version
        if before is not None and (before.frame, before.version) == key:
            # A function that is called may write several columns in one statement.
            if key in self.older:
                self.older[key] = (self.older[key][0], self.older[key][1] | labels)
        elif before is not None:
            self.older[key] = (before, labels)
        return self.whole(name, version)

    def origin(self, spec: Spec, column: str) -> tuple[str, int] | None:
        """The version of a frame in which this column of it was written; None when it has none."""
        seen: set[tuple[str, int]] = set()
        while spec.has(column):
            key = spec.frame, spec.version
            older = self.older.get(key)
            # Frames that one statement makes of each other have no older one.
            if older is None or column in older[1] or key in seen:
                return key
            seen.add(key)
            spec = older[0]
        return None

    def subset(self, spec: Spec | None, labels: frozenset[str], chosen: bool) -> Spec | None:
        """``spec`` with only these columns, or without them."""
        if spec is None:
            return None
        if chosen:
            return Spec(spec.frame, spec.version, labels, True)
        if spec.only:
            return Spec(spec.frame, spec.version, spec.names - labels, True)
        return Spec(spec.frame, spec.version, spec.names | labels)

    def positions(self, spec: Spec | None, node: ast.Subscript) -> Spec | None:
        """``frame.iloc[:, 0:5]``: columns by their places, of a frame with all its columns."""
        is_iloc = isinstance(node.value, ast.Attribute) and node.value.attr == "iloc"
        if not is_iloc or spec is None or spec.names or not isinstance(node.slice, ast.Tuple):
            return None
        if len(node.slice.elts) != 2:
            return None
        rows, where = node.slice.elts
        if not (isinstance(rows, ast.Slice) and rows.lower is None and rows.upper is None):
            return None
        places = _places(where)
        return None if places is None else Spec(spec.frame, spec.version, places, True)


def _places(node: ast.expr) -> frozenset[str] | None:
    """Places from the left, counted from 0, as labels that no column has."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int) and node.value >= 0:
        return frozenset((f"#{node.value}",))
    if isinstance(node, (ast.List, ast.Tuple)):
        parts = [_places(part) for part in node.elts]
        known = [part for part in parts if part is not None]
        return frozenset[str]().union(*known) if len(known) == len(parts) else None
    if isinstance(node, ast.Slice) and node.step is None and node.upper is not None:
        lower = node.lower.value if isinstance(node.lower, ast.Constant) else 0
        upper = node.upper.value if isinstance(node.upper, ast.Constant) else None
        plain = node.lower is None or isinstance(node.lower, ast.Constant)
        if plain and isinstance(lower, int) and isinstance(upper, int) and upper < 10_000:
            return frozenset(f"#{n}" for n in range(lower, upper))
    return None


def _labels(node: ast.expr) -> frozenset[str] | None:
    if isinstance(node, ast.Constant):
        return frozenset((node.value,)) if isinstance(node.value, str) else None
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)) and node.elts:
        values = [e.value for e in node.elts if isinstance(e, ast.Constant)]
        texts = [v for v in values if isinstance(v, str)]
        return frozenset(texts) if len(texts) == len(node.elts) else None
    return None
