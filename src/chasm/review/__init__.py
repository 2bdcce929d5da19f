"""Two versions of a notebook in, what changed in the pipeline out."""

from chasm.review.difference import compare
from chasm.review.model import Review, Version

__all__ = ["Review", "Version", "compare"]
