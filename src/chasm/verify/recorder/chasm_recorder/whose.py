"""Whose code a file holds: the user's, a library's, or a magic's."""

import os
from types import FrameType

PASSING_ON = ("write", "writelines")
_STANDARD = os.path.dirname(os.__file__)


def by_the_user(path: str) -> bool:
    """Whether code of this file is the notebook's or the package's own."""
    return not (_installed(path) or measured(path) or _standard(path))


def written_by_the_user(frame: FrameType | None) -> bool:
    """Whether the user's code wrote a text, be it by means of the standard library.

    Who is asked to write it and passes it on is not who wrote it.
    """
    while frame is not None and (
        _standard(frame.f_code.co_filename) or frame.f_code.co_name in PASSING_ON
    ):
        frame = frame.f_back
    return frame is not None and by_the_user(frame.f_code.co_filename)


def _installed(path: str) -> bool:
    return "site-packages" in path or "dist-packages" in path


def _standard(path: str) -> bool:
    return path.startswith((_STANDARD, "<frozen")) and not _installed(path)


def measured(path: str) -> bool:
    """Whether a magic runs the code as often as it likes, only to see how long it takes."""
    return path.startswith("<magic")
