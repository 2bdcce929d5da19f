"""The vocabulary that every layer speaks: frozen values, no logic.

Lines and columns follow Python's ``ast``: lines count from 1, columns from 0. Cells are
counted over all cells of a notebook, Markdown included, from 1.
"""

import ast
from dataclasses import dataclass, field
from enum import Enum

from chasm.findings import Finding


class CellKind(Enum):
    """What a cell holds, as far as a converter cares."""

    CODE = "code"
    MARKDOWN = "markdown"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Output:
    """A stored output: its text, its size in characters with pictures, the error's name."""

    text: str
    size: int
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; ``source`` is plain Python for code cells, with magics translated in place.

    ``raw`` is the source as the file has it, with the same lines. ``drew`` says that a picture
    is among the outputs that the notebook stored for it; ``printed`` are the lines of text
    among them. ``written`` is a code cell as its author wrote it, for whoever runs the
    notebook; empty when its file has no Python there.
    """

    index: int
    kind: CellKind
    source: str
    execution_count: int | None = None
    tags: tuple[str, ...] = ()
    left_out: str | None = None
    drew: bool = False
    printed: tuple[str, ...] = ()
    written: str = ""
    id: str = ""
    raw: str = ""
    outputs: tuple[Output, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenOut:
    """A function of the notebook in cell ``cell`` whose body stands in the cells that called it."""

    cell: int
    name: str
    called: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook of any dialect, ready to be analysed.

    ``requirements`` are the distributions that its own install commands named, those of another
    index with a mark;
    ``dropped_lines`` are lines of code cells that no package can hold, with the reason;
    ``secrets`` say in which cell and line one was, and the variable that is read instead.
    ``beside`` are the author's own modules that the notebook imports, by path and with text.
    ``metadata`` the texts of the file's own metadata, by their dotted keys. ``written_out`` are
    functions that a plan has put in place of their calls.
    """

    name: str
    file: str
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...] = ()
    requirements: tuple[str, ...] = ()
    dropped_lines: tuple[tuple[int, int, str], ...] = ()
    secrets: tuple[tuple[int, int, str], ...] = ()
    beside: tuple[tuple[str, str], ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()
    written_out: tuple[WrittenOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of a value: its kind, its class's dotted name, and the kinds inside it;
    ``made`` marks a table that the notebook computed, ``predicted`` what a model answered."""

    kind: str | None = None
    qualname: str | None = None
    items: "tuple[Value, ...]" = ()
    made: bool = False
    predicted: bool = False


UNKNOWN = Value()
#: Kinds of values that never change: a change of the name gives it another value.
FIXED = ("number", "string", "tuple", "bool")


@dataclass(frozen=True, slots=True)
class Called:
    """What is called somewhere: a dotted name, or the name of a method of ``receiver``.

    ``own`` says that it is a function or class of the notebook.
    """

    name: str
    receiver: Value | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Effects:
    """What a statement does besides binding names.

    ``needs`` are distributions, with their lower bounds, that its calls import by themselves,
    ``gone`` sentences on what their newer versions have no more.
    """

    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    random: frozenset[str] = frozenset()
    seeds: frozenset[str] = frozenset()
    state: frozenset[str] = frozenset()
    draws: bool = False
    opens: bool = False
    shows: bool = False
    prints: bool = False
    fits: bool = False
    predicts: bool = False
    metric: bool = False
    unknown: bool = False
    needs: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal worth turning: an argument of the ``call``-th call of its statement.

    ``argument`` is a position or a keyword; ``role`` is ``read`` or ``write`` for a file's
    name, ``place`` for a path that is used later, ``setting`` for any other value; ``owner``
    is the dotted name of what is called. ``is_folder`` says that only the head of the argument
    is literal, the folder of a path that is put together; ``is_float`` that a whole number stands
    where any number means the same; ``as_text`` that what is called takes a path as text alone.
    """

    call: int
    argument: int | str
    name: str
    value: object
    role: str
    owner: str
    is_folder: bool = False
    is_float: bool = False
    as_text: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """The value that a cell shows last: its look-or-result class and what is known of it."""

    look: bool
    value: Value


@dataclass(frozen=True, slots=True)
class Import:
    """One name that an import statement binds."""

    name: str
    module: str
    symbol: str | None
    level: int = 0

    @property
    def root(self) -> str:
        """The top-level package that is imported."""
        return self.module.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Definition:
    """A function or class of the notebook, as the rest of the notebook sees it.

    ``free`` are the names that it reads of its surroundings when it is called, those of the
    definitions that it calls included; ``stores`` those that it rebinds by ``global``;
    ``inside`` are all the names in it; ``recursive`` says that it uses itself. ``files`` are
    the literal names of files that it reads.
    """

    name: str
    is_class: bool
    free: frozenset[str]
    direct: frozenset[str]
    stores: frozenset[str]
    effects: Effects
    inside: frozenset[str] = frozenset()
    show_calls: tuple[int, ...] = ()
    simple: bool = True
    recursive: bool = False
    files: "tuple[Literal, ...]" = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A top-level statement of a code cell and all that is known of it.

    ``reads`` are the names whose value it takes from before it, what the notebook's own functions
    read when it calls them included; ``binds`` those that it gives a new value (``maybe``: not on
    each path; ``rounds``: by a loop that has a first round for certain); ``mutates`` those whose
    value it changes in place, also through another name. ``named`` are the names that stand in its
    own text, ``ordered`` the same from left to right; ``calls`` what is called, inner before
    outer, ``receivers`` the kind or the library that each of them is of, and ``labels`` the
    literal strings that may name columns. ``late`` are the read names that a lambda reads when
    called, ``tried`` those that stand only in a ``try`` that goes on when nothing has bound them.
    ``alone`` are the changed names that share memory with no other name that could see it;
    ``fresh`` the bound ones that share none. ``viewed`` are those that were changed column by
    column, each with a name of a view of it, and whether that never asks for more values.
    ``awaits`` says that it needs an event loop; ``closes`` that it leaves no figure open.
    ``show_calls`` number its calls that show figures, in source order; ``inplace`` those with
    ``inplace=True``, with the name when a plain name is changed. ``imports_inside`` are the
    modules that it imports at any depth without being an import; ``reworked`` those of the
    ``columns`` that it sets which it reads as well; ``home`` the cell it is from, if another.
    """

    id: int
    cell: int
    nth: int
    line: int
    end_line: int
    syntax: str
    reads: frozenset[str]
    named: frozenset[str]
    binds: frozenset[str]
    maybe: frozenset[str]
    mutates: frozenset[str]
    deletes: frozenset[str]
    effects: Effects
    values: dict[str, Value] = field(hash=False)
    rounds: frozenset[str] = frozenset()
    late: frozenset[str] = frozenset()
    tried: frozenset[str] = frozenset()
    fresh: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()
    viewed: frozenset[tuple[str, str, bool]] = frozenset()
    ordered: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    receivers: tuple[tuple[str, str], ...] = ()
    labels: tuple[str, ...] = ()
    comment: str = ""
    stage: str | None = None
    call: str | None = None
    owner: str | None = None
    columns: tuple[str, ...] = ()
    reworked: tuple[str, ...] = ()
    literals: tuple[Literal, ...] = ()
    shown: Shown | None = None
    looks: bool = False
    imports: tuple[Import, ...] = ()
    imports_inside: frozenset[str] = frozenset()
    definition: Definition | None = None
    constant: object = None
    is_constant: bool = False
    inplace: tuple[tuple[int, str | None], ...] = ()
    show_calls: tuple[int, ...] = ()
    closes: bool = False
    awaits: bool = False
    titles: tuple[str, ...] = ()
    home: int | None = None

    def can_copy(self, name: str) -> bool:
        """Whether what it changes under ``name`` is in its own text, and no other name's too."""
        return name in self.alone and name in self.named


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the analysis says of a notebook; what planning, checks and reviews start from.

    ``skipped`` gives the reason for each cell that no package can hold; ``headings`` the
    Markdown heading above each cell, from the outermost. ``nodes`` are the statements' syntax
    trees, in order; ``called`` says what the calls in them call, by identity.
    """

    notebook: Notebook
    statements: tuple[Statement, ...]
    findings: tuple[Finding, ...]
    skipped: dict[int, str] = field(hash=False)
    headings: dict[int, tuple[str, ...]] = field(hash=False)
    title: str = ""
    summary: str = ""
    nodes: tuple[ast.stmt, ...] = ()
    called: dict[int, Called] = field(default_factory=dict, hash=False)
