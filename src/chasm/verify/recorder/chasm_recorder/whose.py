"""Whose code a file holds: the user's, a library's, or a magic's."""

import os

_STANDARD = os.path.dirname(os.__file__)


def by_the_user(path: str) -> bool:
    """Whether code of this file is the notebook's or the package's own."""
    if "site-packages" in path or "dist-packages" in path or measured(path):
        return False
    return not path.startswith((_STANDARD, "<frozen"))


def measured(path: str) -> bool:
    """Whether a magic runs the code as often as it likes, only to see how long it takes."""
    return path.startswith("<magic")
