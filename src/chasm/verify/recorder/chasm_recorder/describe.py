"""A value of any library as plain data, told by what it can do and never by its library.

Numbers of columns go as bytes into a store beside the events, each once, so that values can
be compared with a tolerance and the first difference be shown.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

MAX_DEPTH = 6
MAX_ITEMS = 20_000
MAX_TEXT = 100_000
MAX_BYTES = 400_000_000
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
            with open(self._path, "ab") as file:
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
    if depth > MAX_DEPTH:
        return {"t": "object", "class": type(value).__name__}
    if hasattr(value, "iloc") and hasattr(value, "columns"):
        return _frame(value, store)
    if hasattr(value, "iloc") and hasattr(value, "dtype"):
        index = _column(value.index.__array__(), store)
        data = _column(value.__array__(), store)
        return {
            "t": "series", "name": str(value.name), "dtype": str(value.dtype), "data": data,
            "index": index,
        }  # fmt: skip
    if hasattr(value, "tocsr") and hasattr(value, "nnz"):
        return _sparse(value, store)
    if hasattr(value, "dtype") and hasattr(value, "tolist"):
        return _array(value, store)
    return _container(value, store, depth)


def _frame(value: Any, store: Store) -> dict[str, Any]:
    columns = []
    for position, name in enumerate(value.columns):
        column = value.iloc[:, position]
        data = _column(column.__array__(), store)
        columns.append({"name": str(name), "dtype": str(column.dtype), "data": data})
    index = _column(value.index.__array__(), store)
    return {"t": "frame", "rows": len(value), "columns": columns, "index": index}


def _sparse(value: Any, store: Store) -> dict[str, Any]:
    rows = value.tocsr().copy()
    rows.sort_indices()
    parts = [_column(part, store) for part in (rows.data, rows.indices, rows.indptr)]
    return {"t": "sparse", "shape": list(rows.shape), "dtype": str(rows.dtype), "parts": parts}


def _array(value: Any, store: Store) -> dict[str, Any]:
    if not hasattr(value, "tobytes"):
        value = value.__array__()
    if getattr(value, "mask", None) is not None and hasattr(value, "filled"):
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
    plain = [scalar(value) for value in (values.tolist() if kind != "O" else values)]
    data = json.dumps(plain, separators=(",", ":")).encode("utf-8", "surrogatepass")
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
            data = json.dumps(numbers, separators=(",", ":")).encode()
            return {"t": "numbers", "data": store.keep("j", len(numbers), data)}
        items = [describe(item, store, depth + 1) for item in value[:MAX_ITEMS]]
        return {"t": "list", "count": len(value), "items": items}
    if isinstance(value, Mapping):
        pairs = {str(key): value[key] for key in list(value)[:MAX_ITEMS]}
        made = {key: describe(pairs[key], store, depth + 1) for key in sorted(pairs)}
        return {"t": "dict", "items": made}
    if isinstance(value, (set, frozenset)):
        return {"t": "set", "items": sorted(str(scalar(item)) for item in value)}
    return _object(value, store, depth)


def _object(value: Any, store: Store, depth: int) -> dict[str, Any]:
    name = type(value).__name__
    if hasattr(value, "get_params"):
        parameters = value.get_params(deep=False)
        made = {key: describe(item, store, depth + 1) for key, item in parameters.items()}
        return {"t": "model", "class": name, "parameters": {"t": "dict", "items": made}}
    if callable(value) and hasattr(value, "__name__"):
        return {"t": "object", "class": str(value.__name__)}
    text = str(value)
    if ADDRESS.search(text) or len(text) > MAX_TEXT:
        return {"t": "object", "class": name}
    return {"t": "text", "class": name, "v": text}
