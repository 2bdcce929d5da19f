"""SARIF 2.1.0, as code scanning services read it."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from chasm import __version__
from chasm.findings import Checked, Located, Severity
from chasm.report.text import each, said

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
FINGERPRINT = "chasmFinding/v1"


def render(files: Sequence[Checked]) -> str:
    """One run with the rules that fired and all results."""
    found = list(each(files))
    codes = {one.finding.code: one for _, one in found}
    rules = [_rule(codes[code]) for code in sorted(codes)]
    places = {code: number for number, code in enumerate(sorted(codes))}
    driver = {"name": "chasm", "version": __version__, "rules": rules}
    results = [_result(file, one, places) for file, one in found]
    run: dict[str, Any] = {"tool": {"driver": driver}, "results": results}
    run["columnKind"] = "unicodeCodePoints"
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(one: Located) -> dict[str, Any]:
    return {
        "id": one.finding.code,
        "name": "".join(word.capitalize() for word in one.name.split("-")),
        "shortDescription": {"text": one.name.replace("-", " ")},
        "help": {"text": f"chasm explain {one.finding.code}"},
        "defaultConfiguration": {"level": LEVELS[one.finding.severity]},
    }


def _result(file: Checked, one: Located, places: dict[str, int]) -> dict[str, Any]:
    finding = one.finding
    result = {
        "ruleId": finding.code,
        "ruleIndex": places[finding.code],
        "level": LEVELS[finding.severity],
        "message": {"text": said(one)},
        "locations": [_location(file, one)],
        # Of the code and not of the line: it stays the same when cells move.
        "partialFingerprints": {FINGERPRINT: one.mark},
    }
    if finding.evidence:
        steps = [f"cell {step.cell}, line {step.line}: {step.text}" for step in finding.evidence]
        result["properties"] = {"evidence": steps}
    return result


def _location(file: Checked, one: Located) -> dict[str, Any]:
    region = {"startLine": one.raw_line, "endLine": max(one.raw_line, one.raw_end_line)}
    uri = quote(file.file.replace("\\", "/"))
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}
