"""The one exception that chasm raises on purpose."""


class InputError(Exception):
    """The input or the call is wrong: one clear line, exit code 2, nothing written."""
