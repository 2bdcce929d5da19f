"""A file of any notebook dialect to a :class:`~chasm.model.Notebook`."""

from chasm.read.notebook import read_notebook

__all__ = ["read_notebook"]
