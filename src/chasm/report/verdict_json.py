"""A verdict for programs, and back again."""

import json
from dataclasses import asdict
from enum import Enum
from typing import Any

from chasm.errors import InputError
from chasm.verify.model import (
    ABSOLUTE,
    RELATIVE,
    Difference,
    Failure,
    Result,
    Status,
    Stored,
    Verdict,
)


def verdict_json(verdict: Verdict) -> str:
    """The verdict as one JSON object."""
    found: dict[str, Any] = {
        "notebook": verdict.notebook,
        "package": verdict.package,
        "agrees": verdict.agrees,
        "notebook_ran": verdict.ran,
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


def verdict_from(text: str, file: str) -> Verdict:
    """The verdict that ``verdict_json`` wrote; an :class:`InputError` names ``file`` if it is none.

    The file may come from anywhere, so everything in it is made plain text and numbers again.
    """
    try:
        found = json.loads(text)
        return Verdict(
            str(found["notebook"]),
            str(found["package"]),
            tuple(_result(one) for one in found["results"]),
            tuple(
                Failure(str(one["what"]), str(one["message"]), _cell(one))
                for one in found["failures"]
            ),
            tuple(
                Stored(
                    int(one["cell"]), str(one["line"]), Status(one["status"]), str(one["package"])
                )
                for one in found["stored"]
            ),
            tuple(str(note) for note in found["notes"]),
            {str(name): str(version) for name, version in found["versions"].items()},
            ran=found.get("notebook_ran") is not False,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(f"{file}: not what `chasm verify --output-format json` says") from None


def _result(one: dict[str, Any]) -> Result:
    told = one["difference"]
    difference = (
        Difference(str(told["where"]), str(told["notebook"]), str(told["package"]))
        if told
        else None
    )
    return Result(Status(one["status"]), str(one["kind"]), str(one["name"]), _cell(one), difference)


def _cell(one: dict[str, Any]) -> int | None:
    return None if one["cell"] is None else int(one["cell"])
