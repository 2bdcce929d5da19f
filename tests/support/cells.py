"""Notebooks as JSON, written and read again."""

import json
from pathlib import Path
from typing import Any

from chasm.model import Notebook
from chasm.read import read_notebook


def code(source: str | list[str], **more: Any) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
    }
    return cell | {"source": source} | more


def notebook(*cells: Any, **more: Any) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | more


def read(tmp_path: Path, content: Any, name: str = "a.ipynb") -> Notebook:
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif isinstance(content, str):
        path.write_text(content, encoding="utf-8")
    else:
        path.write_text(json.dumps(content), encoding="utf-8")
    return read_notebook(path)
