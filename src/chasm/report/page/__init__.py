"""One page with a notebook, its package, and where each cell went."""

from chasm.report.page.content import Subject
from chasm.report.page.page import render

__all__ = ["Subject", "render"]
