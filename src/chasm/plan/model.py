"""The vocabulary of a plan: what the package will hold, as spans of the notebook plus rewrites."""

from dataclasses import dataclass, field
from enum import Enum

from chasm.findings import Finding
from chasm.model import UNKNOWN, Facts, Import, Value
from chasm.plan.items import Carried, Item, Rewrite
from chasm.plan.leakage.model import Leakage
from chasm.plan.moves import Relocate
from chasm.plan.prose import Prose
from chasm.seen import Seen


class Fate(Enum):
    """What became of a statement."""

    PRODUCT = "product"
    REPORT = "report"
    IMPORT = "import"
    DEFINITION = "definition"
    CONSTANT = "constant"
    SETTING = "setting"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Handles:
    """What the package calls its settings and its report where no name of the notebook does."""

    config: str = "config"
    output: str = "output"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter; ``source`` is ``value``, ``config``, ``path``, ``output`` or ``name``: that of
    a figure or a table, which ``setting`` then says."""

    name: str
    value: Value
    source: str
    setting: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the package, made of statements of the notebook.

    It is ``asynchronous`` when one of them awaits; its caller then gives it an event loop.
    ``twins`` are statements that say the same of other values, and became calls of it.
    """

    name: str
    module: str
    doc: str
    cells: tuple[int, ...]
    parameters: tuple[Parameter, ...]
    returns: tuple[tuple[str, Value], ...]
    body: tuple[Item, ...]
    asynchronous: bool = False
    twins: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Own:
    """A function or class of the notebook's own; ``extras`` were names of the notebook."""

    statement: int
    name: str
    module: str
    extras: tuple[str, ...]
    rewrites: tuple[Rewrite, ...] = ()


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal that functions of the notebook read: a constant of a module."""

    statement: int
    name: str
    module: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A field of the configuration; ``beside_notebook`` when it names a file that is read.

    ``written`` says that it names a file which others find by it, ``unpacked`` that the file is
    there once an archive was unpacked, ``real`` that a whole number may be any number.
    """

    group: str
    name: str
    value: object
    path: bool = False
    beside_notebook: bool = False
    cell: int = 0
    written: bool = False
    unpacked: bool = False
    real: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a function by an orchestrator: arguments and targets as expressions."""

    function: str
    arguments: tuple[tuple[str, str], ...]
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A line of an orchestrator that says in code what only chasm knows."""

    code: str
    transformer: str = ""


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a transformer learns: its name without the underscore, and where it comes from."""

    name: str
    value: Value
    cells: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Transformer:
    """The class that makes the model's inputs of raw records.

    ``fit`` and ``transform`` are calls of functions of the package and, in ``fit``, statements
    that learn; ``given`` are settings and tables from elsewhere that it is made with: of
    settings the name of their group. ``kind`` is what the notebook had the records in: a
    ``series`` or an ``array`` is taken out of the table first. ``copies`` says that a step
    changes the table that it is given, so that the class works on a copy; ``renumbers`` that one
    makes a table whose rows are numbered anew, as those of the records have to be then.
    """

    name: str
    records: str
    attributes: tuple[Attribute, ...]
    fit: tuple[Call | Carried, ...]
    transform: tuple[Call, ...]
    result: str
    given: tuple[tuple[str, Value | str], ...] = ()
    kind: str = "frame"
    gives: Value = UNKNOWN
    copies: bool = False
    renumbers: bool = False


@dataclass(frozen=True, slots=True)
class Serving:
    """The served model, and how a raw record becomes its input.

    ``unused`` are raw columns that no prediction depends on, ``transformer`` is the class in
    ``features.py`` that makes the model's input, None where the raw columns are that already.
    ``example`` is the record that the notebook typed by hand; ``stops`` are cell, line,
    statement and reason where the way from the raw record ends. ``partial`` says that the
    notebook read only some columns of its file. ``raw`` is where the raw records get their
    name: the name, the cell, the statement as Python writes it, its turn among such in the cell.
    ``rescaled`` are cells and statements that put the target on the scale of the answer;
    ``undone`` is the function by which the notebook puts the answer back, with its cell;
    ``learner`` is the class whose ``fit`` taught the model, empty where nobody knows; ``dates``
    are the formats of dates that the notebook says its file has, empty where it says nothing.
    """

    model: str
    why: str
    target: str | None
    unused: tuple[str, ...] = ()
    transformer: str | None = None
    proba: bool = False
    example: tuple[tuple[str, object], ...] = ()
    stops: tuple[tuple[int, int, str, str], ...] = ()
    partial: bool = False
    raw: tuple[str, int, str, int] | None = None
    rescaled: tuple[tuple[int, str], ...] = ()
    learner: str = ""
    undone: tuple[str, int] | None = None
    dates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Predictor:
    """How ``train`` puts together what is served, as expressions of its own.

    ``steps`` are the names and the fitted parts from raw records to predictions; ``records``
    the raw table, of the kind ``kind``; ``truth`` what the model learned to say of them,
    ``target`` the label of its column, both empty where nobody knows; ``classifies`` unless
    the model is known to give numbers; ``holder`` is the class by its dotted name that the model
    takes its inputs in, empty where it takes them as they are.
    """

    steps: tuple[tuple[str, str], ...]
    records: str
    kind: str
    truth: str = ""
    target: str = ""
    classifies: bool = False
    metrics: tuple[tuple[str, str], ...] = ()
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is needed to write the package.

    ``needed`` are, for each module, the statements of the parts that its code reads.
    ``comments`` are imports whose comment goes to another statement, and that statement.
    ``inherited`` is what checks say of the notebook and holds for the package as well.
    """

    package: str
    title: str
    summary: str
    facts: Facts
    functions: tuple[Function, ...]
    owns: tuple[Own, ...]
    constants: tuple[Constant, ...]
    settings: tuple[Setting, ...]
    pipeline: tuple[Call | Written, ...]
    report: tuple[Call, ...]
    results: tuple[tuple[str, Value], ...]
    imports: dict[str, tuple[Import, ...]] = field(hash=False)
    fates: dict[int, tuple[Fate, str]] = field(hash=False)
    dependencies: tuple[tuple[str, str], ...] = ()
    unknown_imports: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    inherited: tuple[Finding, ...] = ()
    trains: bool = False
    handles: Handles = Handles()
    draws: bool = False
    pages: bool = False
    transformer: Transformer | None = None
    made_of: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    annotations: dict[str, tuple[str, str]] = field(default_factory=dict, hash=False)
    serving: Serving | None = None
    predictor: Predictor | None = None
    moved: Relocate = Relocate("", ())
    leakage: Leakage | None = None
    seen: Seen | None = None
    needed: dict[str, frozenset[int]] = field(default_factory=dict, hash=False)
    comments: tuple[tuple[int, int], ...] = ()
    prose: Prose = Prose()

    @property
    def parts(self) -> "tuple[Own | Constant, ...]":
        """What stands at the level of a module besides functions."""
        return (*self.owns, *self.constants)
