"""``rules/*.toml`` to a :class:`Rulebook`: what chasm knows of libraries."""

from chasm.rulebook.load import load_rulebook
from chasm.rulebook.rulebook import Entry, Pair, Rulebook
from chasm.rulebook.watch import load_watch

__all__ = ["Entry", "Pair", "Rulebook", "load_rulebook", "load_watch"]
