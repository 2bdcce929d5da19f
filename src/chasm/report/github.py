"""Workflow commands of GitHub Actions, at the physical lines of the notebook."""

from collections.abc import Iterator, Sequence

from chasm.findings import Checked, Located, Severity
from chasm.report.text import ORDER, each, said

KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
#: More of one kind are not shown for one step.
SHOWN = 10


def render(files: Sequence[Checked]) -> str:
    """The most severe first; of each kind as many as are shown, the last one counts the rest."""
    lines: list[str] = []
    for severity in ORDER:
        found = [(f, one) for f, one in each(files) if one.finding.severity is severity]
        kept = found if len(found) <= SHOWN else found[: SHOWN - 1]
        lines += [_command(file, one) for file, one in kept]
        if len(kept) < len(found):
            more = f"and {len(found) - len(kept)} more of this kind"
            lines.append(f"::{KINDS[severity]} title=chasm::{_data(more)}")
    return "\n".join(lines)


def _command(file: Checked, one: Located) -> str:
    finding = one.finding
    properties = ",".join(f"{key}={_property(value)}" for key, value in _properties(file, one))
    return f"::{KINDS[finding.severity]} {properties}::{_data(said(one))}"


def _properties(file: Checked, one: Located) -> Iterator[tuple[str, str]]:
    yield "title", f"{one.finding.code} {one.name}"
    yield "file", file.file
    yield "line", str(one.raw_line)
    if one.raw_end_line != one.raw_line:
        yield "endLine", str(one.raw_end_line)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
