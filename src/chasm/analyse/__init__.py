"""``Notebook`` and ``Rulebook`` to :class:`~chasm.model.Facts`, on the standard ``ast`` alone."""

from chasm.analyse.asked import with_known_names
from chasm.analyse.facts import analyse, imported_roots

__all__ = ["analyse", "imported_roots", "with_known_names"]
