"""What a run of a notebook saw, for the package that is written afterwards: frozen values only."""

from dataclasses import dataclass

Plain = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the raw records; ``key`` names it in JSON.

    ``role`` is ``input``, ``unused``, ``target`` or ``index``; ``kind`` is ``integer``,
    ``number``, ``boolean``, ``category``, ``text`` or ``any``. A column is ``closed`` where the
    notebook's code fails on a category that the data did not have. ``example`` is its value in
    a complete record, ``typical`` one that is usual.
    """

    key: str
    kind: str
    missing: int = 0
    lowest: float | None = None
    highest: float | None = None
    categories: tuple[str | int, ...] = ()
    role: str = "input"
    closed: bool = False
    example: Plain = None
    typical: Plain = None


@dataclass(frozen=True, slots=True)
class Table:
    """The raw records."""

    rows: int
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric that the notebook computed, in the order in which it did."""

    name: str
    cell: int
    value: float


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that a package keeps of a run: its records, its metrics, what it proved."""

    table: Table | None
    metrics: tuple[Metric, ...]
    verdict: str
    versions: tuple[tuple[str, str], ...] = ()
