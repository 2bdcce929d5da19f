"""What the body of a function holds: statements of the notebook, and what is rewritten in them."""

from dataclasses import dataclass

from chasm.plan.moves import Late, Relocate, Replace


@dataclass(frozen=True, slots=True)
class Rename:
    """Every free occurrence of ``name`` becomes ``to``.

    Where it is not ``bound``, only those that are read: what the statement binds stays.
    """

    name: str
    to: str
    bound: bool = True


@dataclass(frozen=True, slots=True)
class Extend:
    """Calls of ``name`` pass these names on as keywords; other uses of it become partials."""

    name: str
    extras: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assign:
    """The ``call``-th call, which stands alone with ``inplace=True``, becomes an assignment."""

    call: int


@dataclass(frozen=True, slots=True)
class Show:
    """The ``call``-th call, which shows figures, saves them under this name in ``output``.

    With ``variable`` it is the name of a parameter that says it, here and below.
    """

    call: int
    figure: str
    output: str
    variable: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """The value that the cell showed goes under this name into the report, ``output``."""

    name: str
    output: str
    variable: bool = False


@dataclass(frozen=True, slots=True)
class Nonlocal:
    """What a nested function declares ``global`` is a local of the function around it."""


@dataclass(frozen=True, slots=True)
class Learned:
    """Every free occurrence of ``name`` becomes the fitted attribute ``self.attribute``.

    With ``bound`` only those that the statement assigns to: what it reads is a variable still.
    """

    name: str
    attribute: str
    bound: bool = False


Rewrite = Learned | Rename | Replace | Extend | Assign | Show | Report | Nonlocal | Relocate | Late


@dataclass(frozen=True, slots=True)
class Carried:
    """A statement of the notebook, with what is rewritten in it."""

    statement: int
    rewrites: tuple[Rewrite, ...] = ()


@dataclass(frozen=True, slots=True)
class Copy:
    """``name`` is copied, so that the caller's value stays as it was."""

    name: str


@dataclass(frozen=True, slots=True)
class SaveFigures:
    """The figures that the cell left open are saved in ``output``, as the cell's end did."""

    name: str
    output: str
    variable: bool = False

    @property
    def code(self) -> str:
        """The line that saves them."""
        return f"{self.output}.figure({self.name if self.variable else repr(self.name)})"


@dataclass(frozen=True, slots=True)
class Unbound:
    """``name`` may stay unbound on some path; it starts as None."""

    name: str


Item = Carried | Copy | SaveFigures | Unbound | Late
