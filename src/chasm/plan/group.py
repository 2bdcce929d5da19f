"""A group of statements, the body of one function."""

from dataclasses import dataclass, field

from chasm.analyse.details import STYLED
from chasm.model import Statement
from chasm.plan.split.model import Role
from chasm.rulebook import Rulebook

#: What draws rows again, as its last name is, and divides none.
REDRAWING = ("resample", "shuffle", "fit_resample", "fit_sample")
MODELS = {"classifier", "regressor", "clusterer", "search", "pipeline", "model", "outlier"}


@dataclass(slots=True)
class Group:
    """Consecutive statements of one slice that become one function.

    ``round`` numbers the body of a loop or function that they were together, ``named`` is its
    name. ``wanted`` is the name that its function has unless another one has it; ``beside`` are
    the columns that its cells change in other functions. ``learns`` says that all it gives is
    learned of the training records.
    """

    module: str
    stage: str
    heading: str
    role: Role | None = None
    round: int | None = None
    named: str = ""
    statements: list[Statement] = field(default_factory=list)
    wanted: str = ""
    beside: frozenset[str] = frozenset()
    learns: bool = False

    @property
    def cells(self) -> list[int]:
        return sorted({written_in(s) for s in self.statements})

    @property
    def remark(self) -> str:
        """The comment on top, unless others have comments too: then it is about its line alone."""
        return "" if any(s.comment for s in self.statements[1:]) else self.statements[0].comment

    @property
    def tells(self) -> bool:
        """Whether all that its statements do is to print, to draw and to show."""
        return all(
            (visible(s) or s.effects.shows) and not (s.effects.writes and s.shown)
            for s in self.statements
        )

    @property
    def lines(self) -> int:
        return sum(s.end_line - s.line + 1 for s in self.statements)


def written_in(s: Statement) -> int:
    """The cell that a statement is from: what is learned early was written in a later one."""
    return s.cell if s.home is None else s.home


def visible(s: Statement) -> bool:
    """Whether somebody who ran the cell saw something of the statement."""
    e = s.effects
    return e.prints or e.draws or e.shows or (s.shown is not None and not s.shown.look)


def selects(s: Statement, book: Rulebook) -> bool:
    """Whether a statement gives what a model is given, or is to say, its name: ``X = df[…]``."""
    does = s.effects.fits or s.effects.predicts or s.columns or s.stage == "split"
    bound = {name.lower().split("_")[0] for name in s.binds}
    known = frozenset[str]().union(*book.roles.values())
    return bool(bound) and bound <= known and not does and not s.binds & s.reads


def styles(group: Group) -> bool:
    """Whether all that a group does is to say how figures and tables look."""
    quiet = all(not s.binds and not s.effects.draws for s in group.statements)
    return quiet and all(s.effects.state & STYLED for s in group.statements)


def refitted(group: Group) -> list[str]:
    """The models that a group fits as they are given to it."""
    fitting = [s for s in group.statements if s.effects.fits and s.syntax == "Expr"]
    return [n for s in fitting for n in s.ordered[:1] if n in s.mutates]


def divides(group: Group) -> bool:
    """Whether a group divides its rows, and does not only draw some of them again."""
    splits = [s for s in group.statements if s.stage == "split"]
    # Who makes a splitter has divided nothing yet.
    splits = [s for s in splits if all(v.kind != "splitter" for v in s.values.values())]
    return not {str(s.call).rpartition(".")[2] for s in splits} <= {*REDRAWING}


def columns_of(group: Group) -> tuple[list[str], list[str]]:
    """The columns that a function makes, and those that were there and get other values."""
    columns = dict.fromkeys(c for s in group.statements for c in s.columns)
    changed: set[str] = set()
    made: set[str] = set()
    for s in group.statements:
        changed |= {c for c in s.reworked if c not in made}
        made |= {c for c in s.columns if c not in changed}
    return [c for c in columns if c in made], [c for c in columns if c not in made]
