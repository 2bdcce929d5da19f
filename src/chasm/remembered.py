"""What a run saw, as a file of the project, so that converting again needs no other run."""

import hashlib
import json
import math
from dataclasses import asdict
from typing import Any

from chasm.model import Notebook
from chasm.seen import Column, Metric, Plain, Seen, Table

ROLES = ("input", "unused", "target", "index")


def code_digest(notebook: Notebook, serve: str | None) -> str:
    """Tells whether a notebook is still the one that was run, for the same model."""
    parts = [serve or "", *(cell.written for cell in notebook.cells)]
    return hashlib.sha256(json.dumps(parts).encode("utf-8")).hexdigest()


def seen_text(seen: Seen, digest: str) -> str:
    """The file's text."""
    return json.dumps({"code": digest, "seen": asdict(seen)}, indent=1) + "\n"


def seen_from(text: str, digest: str) -> Seen | None:
    """What the file says, if it is of the same code; whatever else it says is made plain."""
    try:
        found = json.loads(text) if text else {}
        if found.get("code") != digest:
            return None
        seen = found["seen"]
        table = seen["table"]
        columns = tuple(_column(one) for one in table["columns"]) if table else ()
        return Seen(
            Table(int(table["rows"]), columns) if table else None,
            tuple(
                Metric(str(m["name"]), int(m["cell"]), float(m["value"])) for m in seen["metrics"]
            ),
            str(seen["verdict"]),
            tuple((str(name), str(version)) for name, version in seen["versions"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _column(found: dict[str, Any]) -> Column:
    role = found["role"]
    return Column(
        str(found["key"]),
        str(found["kind"]),
        int(found["missing"]),
        None if found["lowest"] is None else float(found["lowest"]),
        None if found["highest"] is None else float(found["highest"]),
        tuple(one if isinstance(one, int) else str(one) for one in found["categories"]),
        role if role in ROLES else "input",
        found["closed"] is True,
        _plain(found["example"]),
        _plain(found["typical"]),
    )


def _plain(value: object) -> Plain:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
