"""Findings as text for people and for the tools that reviewers use: one module a format."""

from chasm.report.formats import FORMATS, render

__all__ = ["FORMATS", "render"]
