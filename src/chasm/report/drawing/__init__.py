"""The flow of a plan as a drawing, and as text for those who draw."""

from chasm.report.drawing.formats import GRAPH_FORMATS, draw

__all__ = ["GRAPH_FORMATS", "draw"]
