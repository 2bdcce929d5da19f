"""The exceptions that chasm raises on purpose."""

import errno

#: Errors of the system that say something of the user's files and names, and not of chasm.
OUTSIDE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.ENAMETOOLONG}


def outside(error: OSError) -> str:
    """The line that says what the system refuses; raises ``error`` where that is no answer."""
    if error.errno not in OUTSIDE:
        raise error
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)


class InputError(Exception):
    """The input or the call is wrong: one clear line, exit code 2, nothing written."""


class NotPython(InputError):
    """A notebook that is one, but holds no Python: there is nothing to convert or to check."""
