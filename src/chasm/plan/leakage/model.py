"""The vocabulary of the mended leakage: what is learned after the split now, and what is not."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Learning:
    """A line of the notebook that learns of rows before they are split.

    ``reason`` is why it still learns of all of them; empty when it does no more.
    """

    cell: int
    line: int
    statement: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Leakage:
    """What became of the leaks of a notebook whose reader asked to have them mended.

    ``split`` is cell and line of the split that was moved above the first line that is mended;
    ``drawn`` says that it draws other rows in every run; ``others`` are cells that divide rows in
    another way, for which nothing was mended. ``nothing`` says why there was nothing to look at.
    ``stored`` are lines with metrics that the notebook's file has, by their cells; ``before`` and
    ``after`` the metrics by their names, as they are with the leaks and with them mended, both
    empty as long as nobody ran it.
    """

    learnings: tuple[Learning, ...] = ()
    split: tuple[int, int] | None = None
    drawn: bool = False
    others: tuple[int, ...] = ()
    nothing: str = ""
    stored: tuple[tuple[int, str], ...] = ()
    before: tuple[tuple[str, float], ...] = ()
    after: tuple[tuple[str, float], ...] = ()

    @property
    def mended(self) -> tuple[Learning, ...]:
        return tuple(one for one in self.learnings if not one.reason)

    @property
    def kept(self) -> tuple[Learning, ...]:
        return tuple(one for one in self.learnings if one.reason)
