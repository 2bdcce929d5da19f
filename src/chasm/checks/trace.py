"""What leakage checks know of a value: where its rows come from and what was learned on the way."""

import ast
from dataclasses import dataclass, field, replace

from chasm.model import Statement

#: The column of a value that is no column, and that of an assignment to nobody knows which.
WHOLE = ""
SOME = "?"
FITTED, STATISTIC, RESAMPLED = "fitted", "statistic", "resampled"
#: A figure of each group, which has no row's value until it is looked up.
GROUPED = "grouped"
LATER, EARLIER = "later", "earlier"


@dataclass(frozen=True, slots=True)
class Learned:
    """Something that was learned from rows: by which call, from which versions of them.

    ``kind`` tells what a transformer learned from a figure, such as a mean, from rows that were
    made out of others, and from values of the rows around each.
    """

    # A statement has many parts, and the rows tell nearly as much.
    statement: Statement = field(hash=False)
    node: ast.Call = field(hash=False, compare=False)
    what: str
    rows: frozenset[int]
    roles: frozenset[tuple[int, str]]
    kind: str = FITTED


@dataclass(frozen=True, slots=True)
class Spec:
    """Which columns of one version of a frame a value has: all but some, or just some."""

    frame: str
    version: int
    names: frozenset[str] = frozenset()
    only: bool = False

    def has(self, column: str) -> bool:
        """Whether this column is among them."""
        return (column in self.names) == self.only


@dataclass(frozen=True, slots=True)
class Trace:
    """``version`` is the statement that made the value, ``ancestors`` those that led to it.

    ``roles`` are the halves of splits that its rows are from; ``learned`` what went into it,
    with the column that it went into.
    """

    version: int = -1
    ancestors: frozenset[int] = frozenset()
    roles: frozenset[tuple[int, str]] = frozenset()
    learned: frozenset[tuple[Learned, str]] = frozenset()
    spec: Spec | None = None

    @property
    def versions(self) -> frozenset[int]:
        """The value's own version and those that led to it."""
        return self.ancestors | {self.version} if self.version >= 0 else self.ancestors

    def at(self, version: int, spec: Spec | None = None) -> "Trace":
        """The same rows as a new version."""
        return replace(self, version=version, ancestors=self.versions, spec=spec)

    def with_columns(self, columns: frozenset[str]) -> "Trace":
        """All that was learned went into these columns."""
        made = frozenset((one, c) for one, _ in self.learned for c in columns)
        return replace(self, learned=made)

    def selected(self, columns: frozenset[str]) -> "Trace":
        """Only these columns."""
        kept = frozenset(p for p in self.learned if p[1] in columns or p[1] == WHOLE)
        return replace(self, learned=kept)

    def without(self, columns: frozenset[str]) -> "Trace":
        """All but these columns."""
        return replace(self, learned=frozenset(p for p in self.learned if p[1] not in columns))

    def beside(self, other: "Trace") -> "Trace":
        """Without what the other one has learned."""
        known = {one for one, _ in other.learned}
        return replace(self, learned=frozenset(p for p in self.learned if p[0] not in known))

    def columns(self) -> frozenset[str]:
        """The columns into which something learned went."""
        return frozenset(column for _, column in self.learned)

    def renamed(self, columns: frozenset[str]) -> "Trace":
        """These columns go by names that nobody knows."""
        made = frozenset((one, SOME if c in columns else c) for one, c in self.learned)
        return replace(self, learned=made)

    def bare(self) -> "Trace":
        """The same rows, without a word on which columns they have."""
        return self if self.spec is None else replace(self, spec=None)

    def unlearned(self) -> "Trace":
        """The same rows, without what was learned: it only chooses among them."""
        return replace(self, learned=frozenset()) if self.learned else self


NOTHING = Trace()


def joined(traces: list[Trace]) -> Trace:
    """What is made of several values."""
    known = [t for t in traces if t is not NOTHING and t != NOTHING]
    if not known:
        return NOTHING
    if len(known) == 1:
        return known[0]
    return Trace(
        -1,
        frozenset[int]().union(*(t.versions for t in known)),
        frozenset[tuple[int, str]]().union(*(t.roles for t in known)),
        frozenset[tuple[Learned, str]]().union(*(t.learned for t in known)),
    )
