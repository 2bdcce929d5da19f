"""A project onto the disk: all or nothing, and never over what somebody else wrote."""

from chasm.place.folder import Changes, changes_of, write_project
from chasm.place.lint import Complaint, ruff_complaints, ruff_formatted

__all__ = [
    "Changes",
    "Complaint",
    "changes_of",
    "ruff_complaints",
    "ruff_formatted",
    "write_project",
]
