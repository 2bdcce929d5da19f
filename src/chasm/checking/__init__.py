"""``chasm check``: files in, findings with their places out."""

from chasm.checking.options import Options
from chasm.checking.run import Run, check_files, check_text

__all__ = ["Options", "Run", "check_files", "check_text"]
