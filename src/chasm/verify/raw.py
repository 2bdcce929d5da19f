"""The raw records of a run as the vocabulary has them, and what a trained package asks of them."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from chasm.seen import Column, Metric, Table
from chasm.verify.model import Event, Run
from chasm.verify.traces import QUIET

PROBING = Path(__file__).parent / "templates" / "probing.py.txt"
SECONDS = 300


@dataclass(frozen=True, slots=True)
class Probed:
    """What the package says of its columns: what each is for, which refuse new categories."""

    roles: dict[str, str] = field(hash=False)
    closed: frozenset[str]


def probed(
    module: str, artifacts: str, folder: Path, place: Path, python: str | None
) -> Probed | None:
    """Ask the package in ``folder``, which has just trained; None where it has no answer.

    ``artifacts`` is the setting that says where it keeps what it trained.
    """
    target = place / "probed.json"
    command = [python or sys.executable, str(PROBING), module, artifacts, str(target)]
    try:
        subprocess.run(
            command, cwd=folder, env=os.environ | QUIET, capture_output=True, timeout=SECONDS,
            check=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        found = json.loads(target.read_text(encoding="utf-8"))
        # Where nothing is answered, nothing is known of what is refused.
        return Probed(found["roles"], frozenset(found["closed"])) if found["sound"] else None
    except (OSError, subprocess.SubprocessError, ValueError, KeyError):
        return None


def table_of(notebook: Run, package: Run, asked: Probed | None) -> Table | None:
    """The raw records: as the notebook read them, else as its package did, which agrees with it."""
    events = [e for run in (notebook, package) for e in run.events if e.kind == "raw"]
    if not events:
        return None
    table = events[0].value
    columns = tuple(_column(one, asked) for one in table["columns"])
    return Table(int(table["rows"]), columns)


def _column(found: dict[str, Any], asked: Probed | None) -> Column:
    column = Column(
        found["key"],
        found["kind"],
        found["missing"],
        found.get("lowest"),
        found.get("highest"),
        tuple(found.get("categories", ())),
        closed=found["kind"] == "category",
        example=found["first"] if found["first"] is not None else found.get("typical"),
        typical=found.get("typical"),
    )
    if asked is None:
        return column
    texts = all(isinstance(category, str) for category in column.categories)
    closed = column.kind == "category" and (column.key in asked.closed or not texts)
    return replace(column, role=asked.roles.get(column.key, "input"), closed=closed)


def metrics_of(run: Run) -> tuple[Metric, ...]:
    """The metrics that are one number."""
    return tuple(
        Metric(event.name, event.cell, float(value))
        for event in run.events
        if event.kind == "metric" and event.cell is not None
        if (value := _number(event)) is not None
    )


def _number(event: Event) -> float | None:
    value = event.value.get("v") if isinstance(event.value, dict) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
