"""Renderers, one a file: values of the other layers to text, and nothing else."""

from chasm.report.formats import FORMATS, render

__all__ = ["FORMATS", "render"]
