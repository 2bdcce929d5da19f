"""A value of any library as plain data, told by what it can do and never by its library.

Numbers of columns go as bytes into a store beside the events, each once, so that values can
be compared with a tolerance and the first difference be shown.
"""

import hashlib
import re
import sys
from collections.abc import Mapping
from json import dumps
from typing import Any

from chasm_recorder.whose import by_the_user

# A notebook may put functions of its own in the places of those that are needed here.
open_file = open
MAX_DEPTH = 6
MAX_OWN = 3
MAX_ITEMS = 20_000
MAX_TEXT = 100_000
MAX_BYTES = 400_000_000
#: What a search says of the time that it took.
TIMES = "_time"
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


class Store:
    """A file of bytes to which each column of values is written once."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._places: dict[str, int] = {}
        self._size = 0

    def keep(self, code: str, count: int, data: bytes) -> dict[str, Any]:
        """Where ``data`` stands in the file: nowhere, when there is too much of it."""
        digest = hashlib.sha256(code.encode() + data).hexdigest()[:32]
        found = {"code": code, "count": count, "digest": digest, "bytes": len(data)}
        if digest not in self._places:
            if self._size + len(data) > MAX_BYTES:
                return found | {"at": None}
            with open_file(self._path, "ab") as file:
                file.write(data)
            self._places[digest] = self._size
            self._size += len(data)
        return found | {"at": self._places[digest]}


def describe(value: Any, store: Store, depth: int = 0) -> Any:
    """``value`` as a tree of dictionaries with a type ``t``; the same in every process."""
    if value is None or isinstance(value, (bool, int, float, str)) and not hasattr(value, "dtype"):
        return {"t": "plain", "v": value}
    if isinstance(value, type):
        # A class has the attributes of its values, and none of what they hold.
        return {"t": "object", "class": value.__name__}
    if hasattr(value, "iloc") and hasattr(value, "columns"):
        return _frame(value, store)
    if hasattr(value, "iloc") and hasattr(value, "dtype"):
        data = _column(value.__array__(), store)
        found = {"t": "series", "name": scalar(value.name), "dtype": str(value.dtype)}
        return found | {"data": data} | _categories(value, store) | _rows(value, store)
    if hasattr(value, "tocsr") and hasattr(value, "nnz"):
        return _sparse(value, store)
    if hasattr(value, "dtype") and hasattr(value, "tolist"):
        return _array(value, store)
    if depth > MAX_DEPTH:
        return {"t": "object", "class": type(value).__name__}
    return _container(value, store, depth)


def _frame(value: Any, store: Store) -> dict[str, Any]:
    columns = []
    for position, name in enumerate(value.columns):
        column = value.iloc[:, position]
        data = _column(column.__array__(), store)
        found = {"name": scalar(name), "dtype": str(column.dtype), "data": data}
        columns.append(found | _categories(column, store))
    over = [scalar(name) for name in getattr(value.columns, "names", ())]
    return {"t": "frame", "rows": len(value), "columns": columns, "over": over} | _rows(
        value, store
    )


def _categories(column: Any, store: Store) -> dict[str, Any]:
    """Which values a column of categories may have, whether or not a row has them."""
    found: Any = getattr(column.dtype, "categories", None)
    if found is None or not hasattr(found, "__array__"):
        return {}
    return {"categories": _column(found.__array__(), store), "ordered": bool(column.dtype.ordered)}


def _rows(value: Any, store: Store) -> dict[str, Any]:
    """The names of the rows, and what these are called."""
    names = [None if name is None else str(name) for name in getattr(value.index, "names", ())]
    return {"names": names, "index": _column(value.index.__array__(), store)}


def _sparse(value: Any, store: Store) -> dict[str, Any]:
    rows = value.tocsr().copy()
    rows.sort_indices()
    parts = [_column(part, store) for part in (rows.data, rows.indices, rows.indptr)]
    return {"t": "sparse", "shape": list(rows.shape), "dtype": str(rows.dtype), "parts": parts}


def _array(value: Any, store: Store) -> dict[str, Any]:
    if not hasattr(value, "tobytes"):
        value = value.__array__()
    if getattr(value, "mask", None) is not None and hasattr(value, "filled"):
        if value.dtype.kind not in "biuf":
            data = _column(value.ravel().tolist(), store)
            shape = list(value.shape)
            return {"t": "array", "shape": shape, "dtype": str(value.dtype), "data": data}
        value = value.astype("float64").filled(float("nan"))
    shape = list(getattr(value, "shape", [len(value)] if hasattr(value, "__len__") else []))
    if not shape:
        return {"t": "plain", "v": scalar(value.item())}
    flat = value.ravel() if hasattr(value, "ravel") else value
    return {"t": "array", "shape": shape, "dtype": str(value.dtype), "data": _column(flat, store)}


def _column(values: Any, store: Store) -> dict[str, Any]:
    """One-dimensional values: 64-bit numbers where they are numbers, else JSON."""
    kind = getattr(getattr(values, "dtype", None), "kind", "O")
    if kind in "iubmM":
        numbers = values.astype("int64") if kind != "u" else values.astype("uint64")
        return store.keep("Q" if kind == "u" else "q", len(values), numbers.tobytes())
    if kind == "f":
        return store.keep("d", len(values), values.astype("float64").tobytes())
    if kind == "c":
        return store.keep("d", 2 * len(values), values.astype("complex128").tobytes())
    if kind == "V" and getattr(values.dtype, "names", None):
        # A record's padding holds anything: its fields count, one by one.
        fields = [[scalar(item) for item in values[name].tolist()] for name in values.dtype.names]
        data = dumps(fields, separators=(",", ":")).encode("utf-8", "surrogatepass")
        return store.keep("j", len(fields), data)
    plain = [scalar(value) for value in (values.tolist() if kind != "O" else values)]
    data = dumps(plain, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return store.keep("j", len(plain), data)


def scalar(value: Any) -> Any:
    """A value that JSON can say; what is missing is ``None``, however it is missing."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return None if value != value else float(value)
    if isinstance(value, (list, tuple)):
        return [scalar(item) for item in value]
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        return scalar(value.item())
    if hasattr(value, "tolist"):
        return scalar(value.tolist())
    if isinstance(value, (set, frozenset)):
        return sorted(str(item) for item in value)
    text = ADDRESS.sub("", str(value))
    return None if text in ("NaT", "<NA>") else text


def _container(value: Any, store: Store, depth: int) -> dict[str, Any]:
    if isinstance(value, (list, tuple)):
        if value and all(isinstance(item, (int, float)) for item in value):
            numbers = [scalar(item) for item in value]
            data = dumps(numbers, separators=(",", ":")).encode()
            return {"t": "numbers", "data": store.keep("j", len(numbers), data)}
        items = [describe(item, store, depth + 1) for item in value[:MAX_ITEMS]]
        found = {"t": "list", "count": len(value), "items": items}
        return found | _rest(list(value[MAX_ITEMS:]), store)
    if isinstance(value, Mapping):
        keys = sorted(value, key=str)
        pairs = {str(key): value[key] for key in keys[:MAX_ITEMS]}
        made = {key: describe(item, store, depth + 1) for key, item in pairs.items()}
        rest = [[str(key), value[key]] for key in keys[MAX_ITEMS:]]
        return {"t": "dict", "count": len(value), "items": made} | _rest(rest, store)
    if isinstance(value, (set, frozenset)):
        return {"t": "set", "items": sorted(str(scalar(item)) for item in value)}
    return _object(value, store, depth)


def _rest(items: list[Any], store: Store) -> dict[str, Any]:
    """What is too much to be described one by one."""
    if not items:
        return {}
    data = dumps([scalar(item) for item in items]).encode("utf-8", "surrogatepass")
    return {"rest": store.keep("j", len(items), data)}


def _learned(model: Any, store: Store, depth: int) -> dict[str, Any]:
    """What a model has learned, by the names of it; how long that took is none of it."""
    held = getattr(model, "__dict__", {})
    names = sorted(n for n in held if n.endswith("_") and n[0] != "_" and TIMES not in n)
    made = {name: describe(_timeless(held[name]), store, depth + 1) for name in names}
    return {"t": "dict", "items": made}


def _timeless(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: item for key, item in value.items() if TIMES not in str(key)}


def _held(value: Any, depth: int) -> Any:
    """What an object holds that says nothing of it by itself; None where that is unknown.

    A library's object may hold whatever it likes; the author's own is what its attributes are.
    """
    if not hasattr(value, "__dict__"):
        # What is not written in Python may still tell what it would be made again from.
        tell = getattr(type(value), "__getstate__", None)
        state = tell(value) if tell not in (None, getattr(object, "__getstate__", None)) else None
        return state if isinstance(state, dict) else None
    home = type(value).__module__
    path = getattr(sys.modules.get(home), "__file__", None)
    own = home == "__main__" or path is not None and by_the_user(path)
    # Such objects may hold one another.
    return dict(vars(value)) if own and depth <= MAX_OWN else None


def _object(value: Any, store: Store, depth: int) -> dict[str, Any]:
    name = type(value).__name__
    if hasattr(value, "get_params"):
        parameters = value.get_params(deep=False)
        made = {key: describe(item, store, depth + 1) for key, item in parameters.items()}
        parts = {"t": "dict", "items": made}
        learned = _learned(value, store, depth)
        return {"t": "model", "class": name, "parameters": parts, "learned": learned}
    if callable(value) and hasattr(value, "__name__"):
        return {"t": "object", "class": str(value.__name__)}
    text = str(value)
    if ADDRESS.search(text):
        held = _held(value, depth)
        if held is None:
            return {"t": "object", "class": name}
        return {"t": "own", "class": name, "holds": describe(held, store, depth + 1)}
    if len(text) > MAX_TEXT:
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        text = f"{text[:MAX_TEXT]}\n(SHA-256 of the whole: {digest})"
    return {"t": "text", "class": name, "v": text}
