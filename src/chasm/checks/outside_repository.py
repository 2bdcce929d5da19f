"""Files that lie above the root of the repository."""

import posixpath
from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject, literal_text
from chasm.checks.files import file_arguments
from chasm.findings import Severity


def run(subject: Subject) -> Iterator[Hit]:
    """Relative paths that climb out of the repository that the notebook is in."""
    if subject.depth is None:
        return
    for call, node in file_arguments(subject):
        text = literal_text(node)
        if text is None or "://" in text:
            continue
        way = posixpath.normpath(text.replace("\\", "/"))
        climbs = way.split("/").count("..")
        if way.startswith("..") and climbs > subject.depth:
            yield subject.at(call.statement, node, f"{text!r} lies outside the repository")


CHECK = Check("CH106", "outside-repository", Severity.WARNING, run)
