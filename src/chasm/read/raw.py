"""A cell as its file has it, before its magics are translated."""

from dataclasses import dataclass

from chasm.model import CellKind, Output


@dataclass(frozen=True, slots=True)
class RawCell:
    """One cell of any dialect; ``notes`` say what was odd about it."""

    kind: CellKind
    source: str
    execution_count: int | None = None
    tags: tuple[str, ...] = ()
    left_out: str | None = None
    notes: tuple[str, ...] = ()
    drew: bool = False
    printed: tuple[str, ...] = ()
    id: str = ""
    outputs: tuple[Output, ...] = ()
