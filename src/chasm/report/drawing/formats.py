"""The formats of a flow by their names; each is loaded only when it is asked for."""

from collections.abc import Callable
from importlib import import_module

from chasm.plan.flow import Flow

#: Name of the format to the module that has its ``render``.
GRAPH_FORMATS = {"svg": "svg", "mermaid": "mermaid", "dot": "dot", "json": "as_json"}


def draw(name: str, flow: Flow, title: str) -> str:
    """``flow`` in the format of this name, with a line break at the end."""
    function: Callable[[Flow, str], str]
    function = import_module(f"chasm.report.drawing.{GRAPH_FORMATS[name]}").render
    return function(flow, title)
