"""What a verdict says: frozen values, no logic but counting."""

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

#: Two numbers are the same when they differ by no more than this, absolute plus relative. The
#: absolute part is for what rounding leaves of a zero: in a column, of its largest number.
ABSOLUTE = 1e-12
RELATIVE = 1e-8


class Status(Enum):
    """What became of one result of the notebook; ``EXTRA`` is one of the package alone."""

    EQUAL = "equal"
    DIFFERS = "differs"
    MISSING = "missing"
    EXTRA = "extra"
    UNSTABLE = "unstable"


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place where two results differ, and both values there, ready to be shown."""

    where: str
    notebook: str
    package: str


@dataclass(frozen=True, slots=True)
class Result:
    """One fit, prediction, metric, figure, file, shown value, printed line or last value."""

    status: Status
    kind: str
    name: str
    cell: int | None
    difference: Difference | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """What did not run to its end: the notebook, with its cell, or the package."""

    what: str
    message: str
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A line with figures that the notebook's file holds, and what the package printed for it.

    It says what the author saw once, and is no proof: it counts for nothing.
    """

    cell: int
    line: str
    status: Status
    package: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a package says what its notebook said, result by result.

    Where the notebook was not ``ran``, there is only what its file had stored.
    """

    notebook: str
    package: str
    results: tuple[Result, ...]
    failures: tuple[Failure, ...] = ()
    stored: tuple[Stored, ...] = ()
    notes: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict, hash=False)
    ran: bool = True

    def count(self, status: Status) -> int:
        """How many results have this status."""
        return sum(result.status is status for result in self.results)

    @property
    def agrees(self) -> bool:
        """Whether what was to run ran to its end, and no result differs or is missing."""
        if not self.ran:
            return not self.failures and all(s.status is not Status.DIFFERS for s in self.stored)
        bad = self.count(Status.DIFFERS) + self.count(Status.MISSING)
        return not bad and not self.failures


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a process did; ``value`` is a tree of plain data, or None."""

    kind: str
    name: str
    cell: int | None
    value: Any = field(hash=False)
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What a process did: events, the files that it wrote by their paths, the lines it printed.

    ``logged`` are those on standard error, where logging goes; others come there unasked.
    """

    events: tuple[Event, ...]
    values: Path
    files: dict[str, tuple[int | None, Path]] = field(hash=False)
    lines: tuple[str, ...] = ()
    logged: tuple[str, ...] = ()
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be run, and how.

    ``order`` gives the cells in the order in which they are run; ``shown`` are the cells whose
    last value is a result, where that of others is a look; ``watch`` says what is recorded.
    ``finals`` gives the cell in which each variable got its last value that both sides have.
    The notebook is run ``once`` where that is enough: twice only if something differs, which
    may differ from run to run, which is likely where it draws random numbers (``random``) or
    calls what nobody described. ``artifacts`` is the package's setting for what it trained, if
    it is to be asked about its records.
    """

    notebook: Path
    package: Path
    module: str
    order: tuple[int, ...]
    shown: frozenset[int]
    watch: dict[str, Any] = field(hash=False)
    finals: dict[str, int] = field(default_factory=dict, hash=False)
    kernel: str | None = None
    python: str | None = None
    timeout: float = 600
    once: bool = False
    random: bool = False
    artifacts: str = ""
