"""chasm: a notebook in, the package that a good ML engineer would have written out."""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chasm.api import Conversion, check, convert, graph, report, review, verify

__version__ = "0.1.0"
__all__ = ["Conversion", "check", "convert", "graph", "report", "review", "verify"]


def __getattr__(name: str) -> Any:
    # Imported when asked for: the hook and ``--version`` must not pay for a conversion.
    if name in __all__:
        from chasm import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class _Package(ModuleType):
    """A verb and a layer have one name; as an attribute it is the verb, whatever was imported."""

    @property
    def verify(self) -> Any:
        return __getattr__("verify")

    @verify.setter
    def verify(self, layer: ModuleType) -> None:
        """Importing the layer would set it here; it is found in ``sys.modules``."""

    @property
    def report(self) -> Any:
        return __getattr__("report")

    @report.setter
    def report(self, layer: ModuleType) -> None:
        """As with ``verify``."""

    @property
    def review(self) -> Any:
        return __getattr__("review")

    @review.setter
    def review(self, layer: ModuleType) -> None:
        """As with ``verify``."""


sys.modules[__name__].__class__ = _Package
