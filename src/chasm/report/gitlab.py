"""GitLab's code quality report."""

import json
import os
from collections.abc import Sequence
from typing import Any

from chasm.findings import Checked, Located, Severity
from chasm.report.text import each, said

LEVELS = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(files: Sequence[Checked]) -> str:
    """One list; paths are relative to the project that GitLab checked out."""
    root = os.environ.get("CI_PROJECT_DIR")
    return json.dumps([_issue(file, one, root) for file, one in each(files)], indent=2)


def _issue(file: Checked, one: Located, root: str | None) -> dict[str, Any]:
    path = os.path.relpath(file.file, root) if root else file.file
    return {
        "description": f"{one.finding.code} {said(one)}",
        "check_name": one.finding.code,
        # One fingerprint a file: the same cell may stand in two notebooks.
        "fingerprint": f"{one.mark}-{file.file}",
        "severity": LEVELS[one.finding.severity],
        "location": {
            "path": path.replace(os.sep, "/"),
            "lines": {"begin": one.raw_line, "end": one.raw_end_line},
        },
    }
