"""``Plan`` to :class:`~chasm.emit.project.Project`: path to text, black and ruff clean."""

from chasm.emit.formatting import formatted
from chasm.emit.project import Project, emit_project

__all__ = ["Project", "emit_project", "formatted"]
