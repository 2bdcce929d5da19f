"""``chasm review``: files and commits in, reviews out; and the comment that shows them."""

from chasm.reviewing.run import Reviewed, review_base, review_files

__all__ = ["Reviewed", "review_base", "review_files"]
