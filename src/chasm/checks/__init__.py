"""``Facts`` to :class:`~chasm.findings.Finding`: one small module a check."""

from chasm.checks.check import Check, Subject
from chasm.checks.explain import explained
from chasm.checks.registry import CHECKS
from chasm.checks.run import run_checks
from chasm.checks.select import chosen

__all__ = ["CHECKS", "Check", "Subject", "chosen", "explained", "run_checks"]
