"""A project onto the disk: all or nothing, and never over what somebody else wrote."""

from chasm.place.bounds import RUN, keep_environment, known_bounds, known_run, with_bounds
from chasm.place.folder import Changes, changes_of, write_project
from chasm.place.lint import Complaint, ruff_complaints, ruff_formatted
from chasm.place.one_file import append_report, replace_text, write_report

__all__ = [
    "RUN",
    "Changes",
    "Complaint",
    "append_report",
    "changes_of",
    "keep_environment",
    "known_bounds",
    "known_run",
    "replace_text",
    "ruff_complaints",
    "ruff_formatted",
    "with_bounds",
    "write_project",
    "write_report",
]
