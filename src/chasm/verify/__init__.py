"""Notebook and package, both run and compared, to a :class:`Verdict`."""

from chasm.verify.golden import recorded_tests, write_tests
from chasm.verify.model import Request, Verdict
from chasm.verify.package import package_folder, package_in
from chasm.verify.verdict import verify_package

__all__ = [
    "Request",
    "Verdict",
    "package_folder",
    "package_in",
    "recorded_tests",
    "verify_package",
    "write_tests",
]
