"""The vocabulary of the split: binding times, steps, and what stands in for learned values."""

import ast
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from keyword import iskeyword


class Time(IntEnum):
    """When a value is known, in rising order: a result has the latest time of its operands."""

    CONSTANT = 0  # from the code alone
    LEARNED = 1  # from the training records, the same for every record that is served
    RECORD = 2  # one value of one record, as a function that is applied to a column gets it
    ROWS = 3  # aligned with the records, row by row


class Role(Enum):
    """What becomes of a statement on the way from a raw record to the model's input."""

    STEP = "step"  # replayed on every record
    LEARN = "learn"  # runs in training only, what it gives is kept
    GIVEN = "given"  # made of other tables in training, and handed in
    ALIAS = "alias"  # another name for what was learned
    TRAINING = "training"  # chooses or orders rows, or touches the target: in training only
    APART = "apart"  # not on the way


#: Kinds of values that have one for each row.
TABLES = ("frame", "series", "array", "sparse")

#: Why rows of one table beside those of another stop the way.
BESIDE = "another table is put beside the records, row by row"
#: Why tables that make one longer table stop the way, unless they are as they were read.
BELOW = "tables are put one below the other"
AMONG = "values are looked up among rows, of which a record has none beside itself"
#: Why a condition stops the way that has a value for each row.
DECIDES = "a condition on rows decides for all of them"
#: Why a function that takes rows together stops the way, unless it gives none of them.
TOGETHER = "a function of the notebook takes rows together inside"
#: Why what a round of a loop learns stops the way, where other rounds change it.
EARLIER = "what is learned in the loop depends on its earlier steps"


class Stop(Exception):
    """The way of a record cannot be followed through ``node``."""

    def __init__(self, node: ast.AST, reason: str) -> None:
        super().__init__(reason)
        self.node, self.reason = node, reason


@dataclass(frozen=True, slots=True)
class Seen:
    """What an expression gives: its time, and whether it takes rows together right here."""

    time: Time
    gathers: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A statement that the normal form adds before another one.

    ``same`` are pairs of names: to a single record the first is what the second is.
    """

    role: Role
    code: str
    same: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """Bytes ``start`` to ``end`` of a cell's source become ``text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """A statement with its role, and what the normal form changes at it.

    ``column`` is where it starts on its line, 0 unless it shares the line with others;
    ``of_rows`` says whether rows of the records go into it; ``after`` are lines that follow it.
    """

    statement: int
    role: Role
    column: int = 0
    lines: tuple[Line, ...] = ()
    edits: tuple[Edit, ...] = ()
    same: tuple[tuple[str, str], ...] = ()
    of_rows: bool = True
    after: tuple[Line, ...] = ()

    @property
    def chooses(self) -> bool:
        """Whether it chooses or orders rows, itself or in a line before it."""
        return Role.TRAINING in (self.role, *(line.role for line in self.lines))


@dataclass(slots=True)
class Loop:
    """The loop around an expression: its variable, over what, and what its body has made.

    ``rows`` are the code of names and of the round's own column, as this round has made them by
    now, in terms of what was there before the loop; ``frames`` are the tables that it writes into.
    """

    variable: str
    over: str
    condition: str = ""
    made: dict[str, ast.expr] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    wrote: bool = False
    learned: list[str] = field(default_factory=list)
    frames: frozenset[str] = frozenset()

    @property
    def twice(self) -> bool:
        """Whether two rounds may be those of one column: it is named twice, or from either end."""
        source = ast.parse(self.over, mode="eval").body
        parts = source.elts if isinstance(source, (ast.List, ast.Tuple)) else []
        named = [ast.dump(part) for part in parts]
        from_end = [isinstance(part, ast.UnaryOp) for part in parts]
        return len(set(named)) < len(named) or any(from_end) and not all(from_end)

    @property
    def clause(self) -> str:
        condition = f" if {self.condition}" if self.condition else ""
        return f"for {self.variable} in {self.over}{condition}"


@dataclass(slots=True)
class Names:
    """Hands out names for learned values, none of which the notebook uses."""

    taken: set[str] = field(default_factory=set)

    def unique(self, wanted: str) -> str:
        """``wanted``, numbered when somebody has it, or Python."""
        name, number = wanted, 2
        while name in self.taken or iskeyword(name):
            name, number = f"{wanted}_{number}", number + 1
        self.taken.add(name)
        return name


def both(first: str, second: str) -> str:
    """The condition that two conditions hold."""
    parts = [ast.parse(code, mode="eval").body for code in (first, second) if code]
    return ast.unparse(ast.BoolOp(ast.And(), parts) if len(parts) > 1 else parts[0])
