"""Findings as JSON and back, for the cache."""

from typing import Any

from chasm.findings import Edit, Finding, Located, Severity, Step


def to_json(findings: tuple[Located, ...]) -> list[list[Any]]:
    """Lists of plain values, in the order of the fields."""
    return [
        [
            [
                one.finding.code,
                one.finding.severity.value,
                one.finding.message,
                one.finding.cell,
                one.finding.line,
                one.finding.column,
                one.finding.end_line,
                one.finding.end_column,
                [[s.cell, s.line, s.text] for s in one.finding.evidence],
                [[e.cell, e.line, e.column, e.end_column, e.text] for e in one.finding.edits],
            ],
            one.name,
            one.raw_line,
            one.raw_end_line,
            one.cell_id,
            one.execution_count,
            one.text,
            one.mark,
        ]
        for one in findings
    ]


def from_json(data: Any) -> tuple[Located, ...] | None:
    """What :func:`to_json` was given; None when it cannot have made this."""
    try:
        return tuple(
            Located(
                Finding(
                    first[0],
                    Severity(first[1]),
                    first[2],
                    first[3],
                    first[4],
                    first[5],
                    first[6],
                    first[7],
                    tuple(Step(*step) for step in first[8]),
                    tuple(Edit(*edit) for edit in first[9]),
                ),
                *rest,
            )
            for first, *rest in data
        )
    except (TypeError, ValueError, IndexError):
        return None
