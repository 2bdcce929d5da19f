"""``Plan`` to :class:`~chasm.emit.project.Project`: path to text, black and ruff clean."""

from chasm.emit.formatting import formatted
from chasm.emit.meaning import check_formatting
from chasm.emit.origins import origins_of
from chasm.emit.project import Project, emit_project

__all__ = ["Project", "check_formatting", "emit_project", "formatted", "origins_of"]
