"""black, in process."""

import black

MODE = black.Mode(target_versions={black.TargetVersion.PY311})


def format_python(text: str) -> str:
    """``text`` as black leaves it."""
    try:
        return black.format_str(text, mode=MODE)
    except black.NothingChanged:
        return text
