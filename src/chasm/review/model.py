"""The vocabulary of reviews: what changed between two versions of a notebook."""

from dataclasses import dataclass, field
from enum import Enum

from chasm.analyse.statements import Tree
from chasm.findings import Located
from chasm.model import Facts
from chasm.plan.model import Fate, Plan
from chasm.rulebook import Rulebook


class Part(Enum):
    """The part of a pipeline that a change belongs to, the most important first."""

    INPUT = "input"
    FILTER = "filter"
    FEATURE = "feature"
    DROP = "drop of columns"
    CHOICE = "choice of columns"
    TARGET = "target"
    SPLIT = "split"
    MODEL = "model"
    SETTING = "setting"
    STEP = "step"
    FUNCTION = "function"
    COMMAND = "command"
    EVALUATION = "evaluation"
    OUTPUT = "output"
    REPORT = "report"


class How(Enum):
    """What happened to it; ``ORDER``: it is as it was, but it now takes other values."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    ORDER = "reordered"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a notebook with all that is known of it.

    ``lines`` are the physical lines of each cell; ``fates`` say which statements only a report
    needs. ``files`` are the package's modules; ``plan`` is None, and ``refused`` says why, where
    no package can be made.
    """

    file: str
    facts: Facts
    book: Rulebook = field(hash=False)
    trees: tuple[Tree, ...] = field(hash=False)
    findings: tuple[Located, ...] = ()
    lines: tuple[tuple[int, ...], ...] = ()
    fates: dict[int, Fate] = field(default_factory=dict, hash=False)
    plan: Plan | None = None
    files: dict[str, str] = field(default_factory=dict, hash=False)
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Cell and lines of a statement, and its physical lines in the file."""

    cell: int
    line: int
    raw_line: int
    raw_end_line: int


@dataclass(frozen=True, slots=True)
class Delta:
    """One piece of a statement that is another now; an empty side was or is not there."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed: ``what`` names it, ``old`` and ``new`` are its code."""

    part: Part
    how: How
    what: str
    old: str = ""
    new: str = ""
    deltas: tuple[Delta, ...] = ()
    old_at: Place | None = None
    new_at: Place | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that the notebook had stored, in both versions; empty where there is none."""

    name: str
    old: str
    new: str
    cell: int


@dataclass(frozen=True, slots=True)
class Move:
    """Statements that stand elsewhere and do what they did; ``reordered`` among the others."""

    old_cell: int
    new_cell: int
    count: int
    reordered: bool


@dataclass(frozen=True, slots=True)
class FunctionChange:
    """A function of the package: how it changed; ``signature`` says that its callers see it."""

    module: str
    name: str
    how: How
    signature: bool = False
    before: str = ""


@dataclass(frozen=True, slots=True)
class Client:
    """What a client of the service meets; ``breaks`` says that a request of old fails now."""

    text: str
    name: str = ""
    breaks: bool = False


@dataclass(frozen=True, slots=True)
class Package:
    """What reaches the package.

    ``config`` are fields of the configuration, without a name those that have another name now;
    ``dependencies`` distributions. ``error`` says why there is no package now.
    """

    name: str = ""
    functions: tuple[FunctionChange, ...] = ()
    config: tuple[Delta, ...] = ()
    dependencies: tuple[Delta, ...] = ()
    clients: tuple[Client, ...] = ()
    error: str = ""

    @property
    def breaking(self) -> bool:
        """Whether the service would refuse, or misread, what it was sent before."""
        return any(client.breaks for client in self.clients)


@dataclass(frozen=True, slots=True)
class Flow:
    """The pipeline as a drawing: nodes with labels, edges between their numbers, and marks."""

    nodes: tuple[tuple[str, How | None], ...] = ()
    edges: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """All that a reviewer is told of one notebook.

    ``how`` is added or removed where there is only one version. ``renamed`` are names that
    became others everywhere; ``texts`` counts cells with other words only, ``cleared`` says that
    the new version has no stored outputs. ``stale`` tells of packages on the disk that are not
    what the notebook gives now, by their folder.
    """

    file: str
    old_file: str
    how: How
    changes: tuple[Change, ...] = ()
    metrics: tuple[Metric, ...] = ()
    found: tuple[Located, ...] = ()
    mended: tuple[Located, ...] = ()
    moves: tuple[Move, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    texts: int = 0
    cleared: bool = False
    package: Package = Package()
    flow: Flow = Flow()
    stale: tuple[str, ...] = ()
    error: str = ""

    @property
    def quiet(self) -> bool:
        """Whether nothing that computes changed, and nothing is to be said of it."""
        told = self.changes or self.metrics or self.found or self.mended or self.stale
        return not told and self.how is How.CHANGED and not self.error
