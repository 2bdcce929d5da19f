"""Markdown for a job's summary or a comment, within what they hold."""

import html
import re
from collections.abc import Sequence

from chasm.findings import Checked, Located
from chasm.report.text import ORDER, place, printable, summary

MARKER = "<!-- chasm:check -->"
#: A comment holds 64 kB; the rest is counted.
MAX_BYTES = 60_000
SIGNS = re.compile(r"([\\`*_{}\[\]()#+!|~@:-])")


def render(files: Sequence[Checked]) -> str:
    """A headline, and a table a notebook, the one with the most severe findings first."""
    text = f"{MARKER}\n### chasm check\n\n{summary(files)}\n"
    sections = [_section(file) for file in sorted(files, key=_rank) if file.findings]
    for number, section in enumerate(sections):
        if len((text + section).encode("utf-8")) > MAX_BYTES:
            return f"{text}\nand {len(sections) - number} more notebooks with findings"
        text += section
    return text.rstrip("\n")


def _rank(file: Checked) -> tuple[int, int, str]:
    ranks = [ORDER.index(one.finding.severity) for one in file.findings]
    return (min(ranks, default=len(ORDER)), -len(ranks), file.file)


def _section(file: Checked) -> str:
    head = "| where | line of the file | what | |\n| --- | --- | --- | --- |\n"
    rows = "".join(_row(one) for one in file.findings)
    title = f"{html.escape(printable(file.file))}: {len(file.findings)}"
    return f"\n<details><summary>{title}</summary>\n\n{head}{rows}\n</details>\n"


def _row(one: Located) -> str:
    finding = one.finding
    what = f"{finding.severity.value} {finding.code}"
    return f"| {place(one)} | {one.raw_line} | {what} | {_safe(finding.message)} |\n"


def _safe(text: str) -> str:
    """Text of the notebook that neither marks up, mentions nor breaks out of the table."""
    return SIGNS.sub(r"\\\1", html.escape(printable(text), quote=False)).replace("\\@", "&#64;")
