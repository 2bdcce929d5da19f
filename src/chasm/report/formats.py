"""The formats by their names; each is loaded only when it is asked for."""

from collections.abc import Callable, Sequence
from importlib import import_module

from chasm.errors import InputError
from chasm.findings import Checked

#: Name of the format to the module that has its ``render``.
FORMATS = {
    "full": "full",
    "concise": "concise",
    "json": "as_json",
    "json-lines": "json_lines",
    "github": "github",
    "gitlab": "gitlab",
    "sarif": "sarif",
    "markdown": "markdown",
}


def render(name: str, files: Sequence[Checked]) -> str:
    """``files`` in the format of this name; no line break at the end."""
    if name not in FORMATS:
        raise InputError(f"no output format is called {name!r} (of {', '.join(FORMATS)})")
    function: Callable[[Sequence[Checked]], str]
    function = import_module(f"chasm.report.{FORMATS[name]}").render
    return function(files)
