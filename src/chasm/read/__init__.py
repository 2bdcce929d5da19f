"""A file of any notebook dialect to a :class:`~chasm.model.Notebook`."""

from chasm.read.notebook import parse_notebook, read_notebook

__all__ = ["parse_notebook", "read_notebook"]
