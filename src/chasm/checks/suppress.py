"""``# chasm: ignore[CODE] reason``: findings that the author has excused.

A comment excuses the findings of the statement lines on which it stands; one that stands alone
excuses those of the next line. On the first line of a cell, or the first below its cell magic,
alone, it also excuses what is said of the cell as a whole.
"""

import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chasm.checks.check import Check
from chasm.findings import Edit, Finding, Severity
from chasm.model import Cell, CellKind

COMMENT = re.compile(r"#\s*chasm:\s*ignore\b(?:\[([^\]\[\n#]*)\])?[^\n#]*")
UNUSED = "CH901"
UNKNOWN = "CH902"


@dataclass(frozen=True, slots=True)
class Excuse:
    """One code in one comment, and the lines for which it speaks."""

    cell: int
    line: int
    column: int
    end_column: int
    code: str
    lines: frozenset[int]
    whole_cell: bool
    shared: bool


def excuses_in(cells: Iterable[Cell], checks: Sequence[Check]) -> Iterator[Excuse]:
    """All excuses in the code cells, with names turned into codes where a check has the name."""
    codes = {check.name: check.code for check in checks}
    for cell in cells:
        if cell.kind is not CellKind.CODE or "chasm:" not in cell.raw:
            continue
        lines = cell.raw.split("\n")
        said = _comments(cell)
        for number, line in enumerate(lines, start=1):
            for match in COMMENT.finditer(line):
                if match.group() not in said.get(number, line):
                    continue
                alone = not line[: match.start()].strip()
                words = [w.strip() for w in (match.group(1) or "").split(",") if w.strip()]
                for word in words or [""]:
                    yield Excuse(
                        cell.index,
                        number,
                        len(line[: match.start()].rstrip()),
                        len(line[: match.end()].rstrip()),
                        codes.get(word, word),
                        frozenset((number, *_next_code(lines, number)) if alone else (number,)),
                        alone and all(_is_above_the_code(one) for one in lines[: number - 1]),
                        len(words) > 1,
                    )


def _is_above_the_code(line: str) -> bool:
    """A cell magic has to stand first: no comment can be above it."""
    return not line.strip() or line.startswith("%%")


def _comments(cell: Cell) -> dict[int, str]:
    """The comments of the lines that are Python as they stand; what is in a string is none."""
    raw, source = cell.raw.split("\n"), cell.source.split("\n")
    found = {n: "" for n, line in enumerate(raw, 1) if source[n - 1 : n] == [line]}
    try:
        for token in tokenize.generate_tokens(io.StringIO(cell.source).readline):
            if token.type == tokenize.COMMENT and token.start[0] in found:
                found[token.start[0]] += token.string
    except (tokenize.TokenError, SyntaxError):
        return {}
    return found


def _next_code(lines: list[str], number: int) -> tuple[int, ...]:
    """The first line after ``number`` that holds code."""
    for n in range(number, len(lines)):
        if lines[n].strip() and not lines[n].lstrip().startswith("#"):
            return (n + 1,)
    return ()


def without_excused(
    findings: Iterable[Finding],
    cells: Sequence[Cell],
    checks: Sequence[Check],
    chosen: frozenset[str],
) -> list[Finding]:
    """``findings`` but for the excused ones, and what is wrong with the excuses themselves."""
    excuses = list(excuses_in(cells, checks))
    used: set[Excuse] = set()
    left: list[Finding] = []
    for finding in findings:
        matching = [excuse for excuse in excuses if _speaks_of(excuse, finding)]
        used |= set(matching)
        if not matching:
            left.append(finding)
    known = {check.code for check in checks}
    for excuse in excuses:
        if excuse.code not in known and UNKNOWN in chosen:
            message = f"no check is called {excuse.code!r}"
            if not excuse.code:
                message = "an excuse names its check: ignore[CODE]"
            left.append(_finding(UNKNOWN, excuse, message))
        elif excuse.code in chosen and excuse not in used and UNUSED in chosen:
            message = f"nothing to excuse here: {excuse.code} does not fire"
            left.append(_finding(UNUSED, excuse, message))
    return left


def _speaks_of(excuse: Excuse, finding: Finding) -> bool:
    if excuse.cell != finding.cell or excuse.code != finding.code:
        return False
    if finding.line is None or excuse.whole_cell and finding.line == 1 and finding.column is None:
        return excuse.whole_cell or finding.line in excuse.lines
    last = finding.end_line or finding.line
    return any(finding.line <= line <= last for line in excuse.lines)


def _finding(code: str, excuse: Excuse, message: str) -> Finding:
    place = (excuse.cell, excuse.line, excuse.column, excuse.end_column)
    edits = () if excuse.shared or code == UNKNOWN else (Edit(*place, ""),)
    return Finding(
        code,
        Severity.NOTE if code == UNUSED else Severity.WARNING,
        message,
        excuse.cell,
        excuse.line,
        excuse.column,
        excuse.line,
        excuse.end_column,
        (),
        edits,
    )
