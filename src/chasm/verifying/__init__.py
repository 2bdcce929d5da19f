"""``chasm verify``: a notebook and its package in, a verdict out, and what it is worth keeping."""

from chasm.verifying.converting import run_and_make, with_tests
from chasm.verifying.run import Wanted, verify_files

__all__ = ["Wanted", "run_and_make", "verify_files", "with_tests"]
