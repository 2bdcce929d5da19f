"""From which cells the lines of a package come."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Lines of a file, both included, and the cells that they are there for.

    ``carried`` lines are the notebook's own statements; the others stand around them: the
    signature of a function, its call in the pipeline.
    """

    start: int
    end: int
    cells: tuple[int, ...]
    carried: bool
