"""chasm: a notebook in, the package that a good ML engineer would have written out."""

__version__ = "0.1.0"
