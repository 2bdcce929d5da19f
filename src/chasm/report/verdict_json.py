"""A verdict for programs."""

import json
from dataclasses import asdict
from enum import Enum
from typing import Any

from chasm.verify.model import ABSOLUTE, RELATIVE, Status, Verdict


def verdict_json(verdict: Verdict) -> str:
    """The verdict as one JSON object."""
    found: dict[str, Any] = {
        "notebook": verdict.notebook,
        "package": verdict.package,
        "agrees": verdict.agrees,
        "tolerance": {"absolute": ABSOLUTE, "relative": RELATIVE},
        "counts": {status.value: verdict.count(status) for status in Status},
        "results": [asdict(result) for result in verdict.results],
        "failures": [asdict(failure) for failure in verdict.failures],
        "stored": [asdict(stored) for stored in verdict.stored],
        "notes": list(verdict.notes),
        "versions": dict(sorted(verdict.versions.items())),
    }
    return json.dumps(found, indent=1, default=_plain, ensure_ascii=False) + "\n"


def _plain(value: object) -> object:
    assert isinstance(value, Enum)
    return value.value
