"""Notebook and package, both run and compared, to a :class:`Verdict`."""

from chasm.verify.environment import Environment, installed_versions
from chasm.verify.golden import recorded_tests, write_tests
from chasm.verify.installing import environment_for
from chasm.verify.model import Request, Verdict
from chasm.verify.package import package_folder, package_in
from chasm.verify.verdict import Trial, try_package, verify_package, verify_stored

__all__ = [
    "Environment",
    "Request",
    "Trial",
    "Verdict",
    "environment_for",
    "installed_versions",
    "package_folder",
    "package_in",
    "recorded_tests",
    "try_package",
    "verify_package",
    "verify_stored",
    "write_tests",
]
