"""For a person at a terminal: the finding, the code, the evidence, and where it is in the file."""

from collections.abc import Iterator, Sequence

from chasm.findings import Checked, Located
from chasm.report.text import each, place, printable, summary

MAX_WIDTH = 110


def render(files: Sequence[Checked]) -> str:
    """All findings as blocks, and the sum of them."""
    blocks = ["\n".join(_block(file, one)) for file, one in each(files)]
    return "\n\n".join([*blocks, summary(files)])


def _block(file: Checked, one: Located) -> Iterator[str]:
    finding = one.finding
    kind = finding.severity.value
    yield f"{kind}[{finding.code}] {one.name}: {printable(finding.message)}"
    run = f", In [{one.execution_count}]" if one.execution_count is not None else ""
    name = f", id {printable(one.cell_id)}" if one.cell_id else ""
    yield f"  --> {file.file}:{place(one)}  (line {one.raw_line} of the file{run}{name})"
    if finding.line is not None:
        code = printable(one.text)
        yield "   |"
        yield f"{finding.line:>2} | {code[:MAX_WIDTH]}".rstrip()
        if finding.column is not None and finding.column < MAX_WIDTH:
            yield f"   | {' ' * _width(one.text[: finding.column])}{_carets(one)}"
    for step in finding.evidence:
        yield f"   = cell {step.cell}, line {step.line}: {printable(step.text)}"
    if finding.edits:
        yield "   = --fix mends it"


def _carets(one: Located) -> str:
    finding = one.finding
    start = finding.column or 0
    end = finding.end_column if finding.end_line == finding.line else None
    end = min(len(one.text), end if end is not None else len(one.text), MAX_WIDTH)
    return "^" * max(1, _width(one.text[:end]) - _width(one.text[:start]))


def _width(text: str) -> int:
    return len(printable(text))
