"""black, in process."""

import black
from black.mode import TargetVersion
from black.report import NothingChanged

MODE = black.Mode(target_versions={TargetVersion.PY311})


def format_python(text: str) -> str:
    """``text`` as black leaves it."""
    try:
        return black.format_str(text, mode=MODE)
    except NothingChanged:
        return text
