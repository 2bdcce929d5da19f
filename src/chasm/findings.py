"""The vocabulary of findings: what is wrong in a notebook, where, and how to mend it."""

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Step:
    """One link of a chain of evidence: what happens in a line of a cell."""

    cell: int
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of one line of a cell and what is to stand there instead."""

    cell: int
    line: int
    column: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a reader of the notebook should know, and where it is.

    ``evidence`` are the lines that together make it so; ``edits`` mend it without changing
    anything else.
    """

    code: str
    severity: Severity
    message: str
    cell: int | None = None
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    evidence: tuple[Step, ...] = ()
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Located:
    """A finding as its reader needs it: the lines of the file, the cell's own names, the code.

    ``raw_line`` and ``raw_end_line`` are physical lines of the file; ``mark`` tells the finding
    from others wherever its cell moves.
    """

    finding: Finding
    name: str
    raw_line: int
    raw_end_line: int
    cell_id: str
    execution_count: int | None
    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking one file gave: findings, or the one line that says why there are none."""

    file: str
    findings: tuple[Located, ...] = ()
    error: str | None = None
    fixed: int = 0
