"""The exceptions that chasm raises on purpose."""


class InputError(Exception):
    """The input or the call is wrong: one clear line, exit code 2, nothing written."""


class NotPython(InputError):
    """A notebook that is one, but holds no Python: there is nothing to convert or to check."""
