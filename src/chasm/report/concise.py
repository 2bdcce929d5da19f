"""One line a finding: ``nb.ipynb:cell 3:2:8: CH101 message``."""

from collections.abc import Sequence

from chasm.findings import Checked, Located
from chasm.report.text import each, place, printable, summary


def line(file: Checked, one: Located) -> str:
    """One finding on one line."""
    finding = one.finding
    return f"{file.file}:{place(one)}: {finding.code} {printable(finding.message)}"


def render(files: Sequence[Checked]) -> str:
    """All findings, and the sum of them."""
    return "\n".join([*(line(file, one) for file, one in each(files)), summary(files)])
