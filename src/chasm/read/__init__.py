"""A file of any notebook dialect to a :class:`~chasm.model.Notebook`."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chasm.read.notebook import parse_notebook, read_notebook

__all__ = ["parse_notebook", "read_notebook"]


def __getattr__(name: str) -> Any:
    # Who only asks for settings, or for what was found before, must not pay for the readers.
    if name in __all__:
        from chasm.read import notebook

        return getattr(notebook, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
