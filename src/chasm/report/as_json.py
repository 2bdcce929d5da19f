"""JSON with the keys that ruff uses, and the places that only notebooks have."""

import json
from collections.abc import Sequence
from typing import Any

from chasm.findings import Checked, Located
from chasm.report.text import each

SCHEMA_VERSION = 1


def record(file: Checked, one: Located) -> dict[str, Any]:
    """One finding as plain values."""
    finding = one.finding
    return {
        "schema_version": SCHEMA_VERSION,
        "filename": file.file,
        "cell": finding.cell,
        "cell_id": one.cell_id,
        "execution_count": one.execution_count,
        "code": finding.code,
        "name": one.name,
        "severity": finding.severity.value,
        "message": finding.message,
        "location": _place(finding.line, finding.column),
        "end_location": _place(finding.end_line, finding.end_column),
        "raw_line": one.raw_line,
        "raw_end_line": one.raw_end_line,
        "evidence": [
            {"cell": step.cell, "line": step.line, "text": step.text} for step in finding.evidence
        ],
        "fix": _fix(one),
        "fingerprint": one.mark,
    }


def _place(line: int | None, column: int | None) -> dict[str, int] | None:
    return None if line is None else {"row": line, "column": (column or 0) + 1}


def _fix(one: Located) -> dict[str, Any] | None:
    if not one.finding.edits:
        return None
    edits = [
        {
            "cell": edit.cell,
            "location": _place(edit.line, edit.column),
            "end_location": _place(edit.line, edit.end_column),
            "content": edit.text,
        }
        for edit in one.finding.edits
    ]
    return {"applicability": "safe", "edits": edits}


def render(files: Sequence[Checked]) -> str:
    """One list of all findings."""
    return json.dumps([record(file, one) for file, one in each(files)], indent=2)
