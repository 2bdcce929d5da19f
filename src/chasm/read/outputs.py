"""Stored outputs and metadata of ``.ipynb`` files, as far as a reader of them may care."""

import re
from typing import Any

from chasm.model import Output

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
#: Representations whose text a person reads.
READABLE = ("text/plain", "text/html", "text/markdown", "text/latex", "application/json")
MAX_DEPTH = 8


def outputs_of(outputs: Any) -> tuple[Output, ...]:
    """The outputs of one cell; what is none is left out."""
    if not isinstance(outputs, list):
        return ()
    return tuple(_output(one) for one in outputs if isinstance(one, dict))


def _output(output: dict[str, Any]) -> Output:
    error = None
    parts = [_joined(output.get("text"))]
    if output.get("output_type") in ("error", "pyerr"):
        error = str(output.get("ename") or "error")
        parts.append(_joined(output.get("evalue")))
        traceback = output.get("traceback")
        if isinstance(traceback, list):
            parts.append(COLOUR.sub("", "\n".join(str(line) for line in traceback)))
    size = sum(map(len, parts))
    data = output.get("data")
    for kind, content in data.items() if isinstance(data, dict) else ():
        text = _joined(content)
        size += len(text)
        if kind in READABLE:
            parts.append(text)
    return Output("\n".join(part for part in parts if part), size, error)


def _joined(content: Any) -> str:
    if isinstance(content, list):
        return "".join(part for part in content if isinstance(part, str))
    if isinstance(content, dict):
        return " ".join(text for _, text in metadata_texts(content))
    return content if isinstance(content, str) else ""


def metadata_texts(data: Any, prefix: str = "", depth: int = 0) -> tuple[tuple[str, str], ...]:
    """Every text inside ``data`` with the dotted keys that lead to it."""
    if isinstance(data, str):
        return ((prefix, data),)
    if depth > MAX_DEPTH:
        return ()
    found: list[tuple[str, str]] = []
    if isinstance(data, dict):
        for key, value in data.items():
            found += metadata_texts(value, f"{prefix}.{key}" if prefix else str(key), depth + 1)
    elif isinstance(data, list):
        for value in data:
            found += metadata_texts(value, prefix, depth + 1)
    return tuple(found)
