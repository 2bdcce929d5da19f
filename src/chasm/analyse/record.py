"""What happens while a statement is interpreted."""

from dataclasses import dataclass, field

from chasm.model import Value
from chasm.rulebook import Entry

#: Expressions of one statement that are looked at; code that nests deeper is left unknown.
MAX_STEPS = 30_000


@dataclass(slots=True)
class Record:
    """Collects the effects of one statement, those of the functions that it calls included.

    ``viewed`` are names that were changed column by column, each with a name of a view of it,
    and whether that has all its values;
    ``entries`` are the rules of its calls, ``parts`` those of its attributes and ``values`` the
    values of its expressions, by identity.
    """

    mutated: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    viewed: set[tuple[str, str, bool]] = field(default_factory=set)
    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    random: set[str] = field(default_factory=set)
    seeds: set[str] = field(default_factory=set)
    needs: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    state: set[str] = field(default_factory=set)
    flags: set[str] = field(default_factory=set)
    called: list[tuple[str, Entry]] = field(default_factory=list)
    entries: dict[int, tuple[str, Entry]] = field(default_factory=dict)
    parts: dict[int, Entry] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    values: dict[int, Value] = field(default_factory=dict)
    steps: int = 0
