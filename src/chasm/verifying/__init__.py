"""``chasm verify``: a notebook and its package in, a verdict out, and what it is worth keeping."""

from chasm.verifying.run import Wanted, verify_files

__all__ = ["Wanted", "verify_files"]
