"""Reviews for programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from enum import Enum
from typing import Any

from chasm.findings import Checked, Located
from chasm.report.as_json import record
from chasm.review.model import Review

SCHEMA_VERSION = 1


def render(reviews: Sequence[Review]) -> str:
    """One object with all reviews."""
    found = {"schema_version": SCHEMA_VERSION, "notebooks": [_review(one) for one in reviews]}
    return json.dumps(found, indent=2, default=_plain, ensure_ascii=False)


def _review(review: Review) -> dict[str, Any]:
    package = asdict(review.package) | {"breaking": review.package.breaking}
    return {
        "filename": review.file,
        "old_filename": review.old_file,
        "status": review.how.value,
        "error": review.error or None,
        "changes": [asdict(one) for one in review.changes],
        "metrics": [asdict(one) for one in review.metrics],
        "new_findings": _findings(review.file, review.found),
        "mended_findings": _findings(review.old_file, review.mended),
        "moved": [asdict(one) for one in review.moves],
        "renamed": [{"old": old, "new": new} for old, new in review.renamed],
        "cells_with_other_words": review.texts,
        "outputs_cleared": review.cleared,
        "package": package,
        "stale_packages": list(review.stale),
    }


def _findings(file: str, found: Sequence[Located]) -> list[dict[str, Any]]:
    return [record(Checked(file), one) for one in found]


def _plain(value: object) -> object:
    assert isinstance(value, Enum)
    return value.value
