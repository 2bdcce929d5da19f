"""A project onto the disk: all or nothing, and never over what somebody else wrote."""

from chasm.place.folder import Changes, changes_of, write_project
from chasm.place.lint import Complaint, ruff_complaints, ruff_formatted
from chasm.place.one_file import append_report, replace_text, write_report

__all__ = [
    "Changes",
    "Complaint",
    "append_report",
    "changes_of",
    "replace_text",
    "ruff_complaints",
    "ruff_formatted",
    "write_project",
    "write_report",
]
