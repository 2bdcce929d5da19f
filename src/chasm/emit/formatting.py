"""black, in process."""

from collections.abc import Collection, Mapping

import black
from black.mode import TargetVersion
from black.report import NothingChanged

MODE = black.Mode(target_versions={TargetVersion.PY311})


def formatted(files: Mapping[str, str], plain: Collection[str] = ()) -> dict[str, str]:
    """``files`` with the Python files among them as black leaves them.

    Those in ``plain`` are formatted already, by ruff, which costs a twentieth of black.
    """
    return {
        path: format_python(text) if path.endswith(".py") and path not in plain else text
        for path, text in files.items()
    }


def format_python(text: str) -> str:
    """``text`` as black leaves it."""
    try:
        return black.format_str(text, mode=MODE)
    except NothingChanged:
        return text
