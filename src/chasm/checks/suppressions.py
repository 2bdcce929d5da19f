"""The checks of the excuses themselves: what they find, ``suppress`` makes."""

from chasm.checks.check import inherited
from chasm.checks.suppress import UNKNOWN, UNUSED
from chasm.findings import Severity

UNUSED_CHECK = inherited(UNUSED, "unused-ignore", Severity.NOTE)
UNKNOWN_CHECK = inherited(UNKNOWN, "unknown-ignore", Severity.WARNING)
