"""What several formats share: places, safe text, counts."""

from collections import Counter
from collections.abc import Iterator, Sequence

from chasm.findings import Checked, Located, Severity

ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


def each(files: Sequence[Checked]) -> Iterator[tuple[Checked, Located]]:
    """Every finding with its file."""
    for file in files:
        for one in file.findings:
            yield file, one


def place(one: Located) -> str:
    """``cell 3:2:8``; columns are told from 1."""
    finding = one.finding
    if finding.cell is None:
        return "notebook"
    parts = [f"cell {finding.cell}", str(finding.line or 1)]
    parts.append(str((finding.column or 0) + 1))
    return ":".join(parts)


def said(one: Located) -> str:
    """The message with the cell in front, for places that show only a line of the file."""
    finding = one.finding
    if finding.cell is None:
        return finding.message
    line = f", line {finding.line}" if finding.line is not None else ""
    return f"cell {finding.cell}{line}: {finding.message}"


def printable(text: str) -> str:
    """``text`` on one line, without anything that a terminal would act on."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text.expandtabs(4))


def summary(files: Sequence[Checked]) -> str:
    """One line: how many findings of which severity in how many notebooks that could be read."""
    counts = Counter(one.finding.severity for _, one in each(files))
    total = sum(counts.values())
    read = number(sum(file.error is None for file in files), "notebook")
    if not total:
        return f"No findings in {read}"
    parts = [number(counts[s], s.value) for s in ORDER if counts[s]]
    touched = sum(bool(file.findings) for file in files)
    line = f"Found {', '.join(parts)} in {touched} of {read}"
    mendable = sum(bool(one.finding.edits) for _, one in each(files))
    return line + (f"; --fix can mend {mendable}" if mendable else "")


def number(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
