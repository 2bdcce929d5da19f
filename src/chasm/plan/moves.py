"""Rewrites of the plan that hand a value in, or import what stands elsewhere."""

from dataclasses import dataclass

from chasm.model import Import


@dataclass(frozen=True, slots=True)
class Replace:
    """The argument of the ``call``-th call becomes the expression ``code``.

    With ``folder`` only that, the head of a path that is put together, becomes ``code``. A named
    argument that the call does not have is added.
    """

    call: int
    argument: int | str
    code: str
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Relocate:
    """Imports of the author's ``modules``, by old and new name, become those of ``package``."""

    package: str
    modules: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Late:
    """Imports that a function makes itself: nobody can install them, or it names them anew."""

    imports: tuple[Import, ...]
