"""Compares recorded values as a scientist would: type by type, within a tolerance, in order."""

import json
from array import array
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import zip_longest
from math import isfinite
from pathlib import Path
from typing import Any

from chasm.verify.model import ABSOLUTE, RELATIVE, Difference
from chasm.verify.words import (
    DATES,
    NOTHING,
    Tree,
    both,
    brief,
    join,
    moment,
    names_of,
    position_in,
)


class Values:
    """The columns of one recording."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._largest: dict[str, float] = {}

    def column(self, reference: Tree) -> Sequence[Any]:
        """The values of a column that was kept."""
        with self._path.open("rb") as file:
            file.seek(reference["at"])
            data = file.read(reference["bytes"])
        if reference["code"] == "j":
            return list(json.loads(data))
        made: array[Any] = array(reference["code"])
        made.frombytes(data)
        return made

    def largest(self, reference: Tree) -> float:
        """The largest finite number of a column, without its sign."""
        key = reference["digest"]
        if key not in self._largest:
            self._largest[key] = _largest(self.column(reference))
        return self._largest[key]


class Comparison:
    """Compares a value of the notebook's recording with one of the package's.

    The names of rows count where ``indexed``: a model does not see them, a reader does.
    """

    def __init__(self, notebook: Path, package: Path, indexed: bool = False) -> None:
        self._places = notebook, package
        self._notebook = Values(notebook)
        self._package = Values(package)
        self._indexed = indexed
        self._found: dict[tuple[str, str], tuple[int, Any, Any] | None] = {}

    @cached_property
    def with_names(self) -> "Comparison":
        """The same, but the names of rows count."""
        return Comparison(*self._places, indexed=True)

    def difference(self, a: Tree | None, b: Tree | None, where: str = "") -> Difference | None:
        """The first difference between two trees; None when they are the same."""
        if a is None or b is None or a["t"] != b["t"]:
            return None if a == b else Difference(where or "value", brief(a), brief(b))
        compare = getattr(self, f"_{a['t']}", self._same)
        found: Difference | None = compare(a, b, where)
        return found

    def _same(self, a: Tree, b: Tree, where: str) -> Difference | None:
        return None if a == b else Difference(where or "value", brief(a), brief(b))

    def _plain(self, a: Tree, b: Tree, where: str) -> Difference | None:
        if same(a["v"], b["v"]):
            return None
        texts = isinstance(a["v"], str) and isinstance(b["v"], str)
        if texts and "\n" in a["v"] and (found := self._text(a, b, where)):
            return found
        return Difference(where or "value", *both(a["v"], b["v"]))

    def _text(self, a: Tree, b: Tree, where: str) -> Difference | None:
        for number, (one, other) in enumerate(
            zip_longest(a["v"].splitlines(), b["v"].splitlines(), fillvalue=NOTHING), start=1
        ):
            if one != other:
                return Difference(join(where, f"line {number}"), one, other)
        return None

    def _frame(self, a: Tree, b: Tree, where: str) -> Difference | None:
        names = zip_longest(a["columns"], b["columns"], fillvalue={"name": NOTHING})
        for number, (one, other) in enumerate(names, start=1):
            if not same(one["name"], other["name"]):
                place = join(where, f"name of column {number}")
                return Difference(place, *names_of(one["name"], other["name"]))
        if a["rows"] != b["rows"]:
            return Difference(join(where, "rows"), str(a["rows"]), str(b["rows"]))
        for one, other in zip(a["columns"], b["columns"], strict=True):
            place = join(where, f"column {one['name']!r}")
            if found := self._typed(one, other, place):
                return found
        return self._names(a, b, where)

    def _names(self, a: Tree, b: Tree, where: str) -> Difference | None:
        """The first row that has another name."""
        if not self._indexed:
            return None
        if a.get("over") != b.get("over"):
            return Difference(join(where, "name of the columns"), *both(a["over"], b["over"]))
        if a["names"] != b["names"]:
            return Difference(join(where, "name of the index"), *both(a["names"], b["names"]))
        return self._columns(a["index"], b["index"], join(where, "index"))

    def _series(self, a: Tree, b: Tree, where: str) -> Difference | None:
        if not same(a["name"], b["name"]):
            return Difference(join(where, "name"), *names_of(a["name"], b["name"]))
        return self._typed(a, b, where) or self._names(a, b, where)

    def _array(self, a: Tree, b: Tree, where: str) -> Difference | None:
        if a["shape"] != b["shape"]:
            return Difference(join(where, "shape"), str(a["shape"]), str(b["shape"]))
        return self._typed(a, b, where, a["shape"])

    def _sparse(self, a: Tree, b: Tree, where: str) -> Difference | None:
        if a["shape"] != b["shape"]:
            return Difference(join(where, "shape"), str(a["shape"]), str(b["shape"]))
        for name, one, other in zip(
            ("values", "columns", "rows"), a["parts"], b["parts"], strict=True
        ):
            if found := self._columns(one, other, join(where, name)):
                return found
        return None

    def _typed(
        self, a: Tree, b: Tree, where: str, shape: list[int] | None = None
    ) -> Difference | None:
        if a["dtype"] != b["dtype"]:
            return Difference(join(where, "type"), a["dtype"], b["dtype"])
        found = self._columns(a["data"], b["data"], where, shape)
        if found is not None and a["dtype"].startswith(DATES):
            return replace(
                found,
                notebook=moment(found.notebook, a["dtype"]),
                package=moment(found.package, a["dtype"]),
            )
        if found is not None or "categories" not in a:
            return found
        if a["ordered"] != b["ordered"]:
            return Difference(join(where, "ordered"), *both(a["ordered"], b["ordered"]))
        return self._columns(a["categories"], b["categories"], join(where, "categories"))

    def _numbers(self, a: Tree, b: Tree, where: str) -> Difference | None:
        return self._columns(a["data"], b["data"], where)

    def _columns(
        self, a: Tree, b: Tree, where: str, shape: list[int] | None = None
    ) -> Difference | None:
        if a["digest"] == b["digest"]:
            return None
        if a["count"] != b["count"]:
            return Difference(join(where, "length"), str(a["count"]), str(b["count"]))
        if a["at"] is None or b["at"] is None:
            return Difference(where or "values", "too many to be kept", "other ones")
        # One column may be the data of hundreds of models, each of which may answer for any.
        key = a["digest"], b["digest"]
        if key not in self._found:
            self._found[key] = self._first(a, b)
        first = self._found[key]
        if first is None:
            return None
        position, left, right = first
        return Difference(join(where, f"at {position_in(position, shape)}"), *both(left, right))

    def _first(self, a: Tree, b: Tree) -> tuple[int, Any, Any] | None:
        """The first place where two columns differ, and what stands there in each."""
        one, other = self._notebook.column(a), self._package.column(b)
        rest = ABSOLUTE * max(1.0, self._notebook.largest(a), self._package.largest(b))
        for position, (left, right) in enumerate(zip(one, other, strict=True)):
            if left != right and not same(left, right, rest):
                return position, left, right
        return None

    def _list(self, a: Tree, b: Tree, where: str) -> Difference | None:
        if a["count"] != b["count"]:
            return Difference(join(where, "length"), str(a["count"]), str(b["count"]))
        for number, (one, other) in enumerate(zip(a["items"], b["items"], strict=True), start=1):
            if found := self.difference(one, other, join(where, str(number))):
                return found
        return self._rest(a, b, where)

    def _rest(self, a: Tree, b: Tree, where: str) -> Difference | None:
        """What comes after the items that were kept one by one."""
        if a.get("count") != b.get("count"):
            return Difference(join(where, "length"), str(a.get("count")), str(b.get("count")))
        if "rest" not in a or "rest" not in b:
            return None
        return self._columns(a["rest"], b["rest"], join(where, f"after {len(a['items'])} items"))

    def _dict(self, a: Tree, b: Tree, where: str) -> Difference | None:
        one, other = a["items"], b["items"]
        for key in (*one, *(key for key in other if key not in one)):
            place = join(where, key)
            if key not in one or key not in other:
                return Difference(place, brief(one.get(key)), brief(other.get(key)))
            if found := self.difference(one[key], other[key], place):
                return found
        return self._rest(a, b, where)

    def _own(self, a: Tree, b: Tree, where: str) -> Difference | None:
        if a["class"] != b["class"]:
            return Difference(join(where, "class"), a["class"], b["class"])
        return self.difference(a["holds"], b["holds"], where)

    def _model(self, a: Tree, b: Tree, where: str) -> Difference | None:
        if a["class"] != b["class"]:
            return Difference(join(where, "class"), a["class"], b["class"])
        return self.difference(a["parameters"], b["parameters"], where) or self.difference(
            a["learned"], b["learned"], where
        )


def _largest(values: Sequence[Any]) -> float:
    """The largest finite number, without its sign."""
    if not isinstance(values, array) or values.typecode != "d":
        return 0.0
    return max((abs(value) for value in values if isfinite(value)), default=0.0)


def same(a: Any, b: Any, rest: float = ABSOLUTE) -> bool:
    """Whether two plain values are the same; what is missing equals what is missing.

    ``rest`` is what rounding may leave of a zero. Nothing rounds whole numbers, among which are
    the times of columns.
    """
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        if a == b or a != a and b != b:
            return True
        if isinstance(a, int) and isinstance(b, int) or not (_finite(a) and _finite(b)):
            return False
        return abs(a - b) <= rest + RELATIVE * max(abs(a), abs(b))
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)


def _finite(number: float) -> bool:
    """Whether a number can be one of those that are rounded; a whole one may be too large."""
    try:
        return isfinite(number)
    except OverflowError:
        return False
