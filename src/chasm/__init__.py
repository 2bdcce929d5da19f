"""chasm: a notebook in, the package that a good ML engineer would have written out."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chasm.api import Conversion, check, convert

__version__ = "0.1.0"
__all__ = ["Conversion", "check", "convert"]


def __getattr__(name: str) -> Any:
    # Imported when asked for: the hook and ``--version`` must not pay for a conversion.
    if name in __all__:
        from chasm import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
