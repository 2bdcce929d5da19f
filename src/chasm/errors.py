"""The exceptions that chasm raises on purpose."""

import errno

#: Errors of the system that say something of the user's files and names, and not of chasm.
OUTSIDE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.ENAMETOOLONG}


def outside(error: Exception) -> str:
    """The line for the input or the call; raises ``error`` where it tells of chasm alone."""
    if isinstance(error, InputError):
        return str(error)
    if not isinstance(error, OSError) or error.errno not in OUTSIDE:
        raise error
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)


class InputError(Exception):
    """The input or the call is wrong: one clear line, exit code 2, nothing written."""


class NotPython(InputError):
    """A notebook that is one, but holds no Python: there is nothing to convert or to check."""
