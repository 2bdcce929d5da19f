"""Paths that exist on one machine only."""

import ast
import re
from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.checks.files import file_arguments
from chasm.findings import Severity

#: Somebody's own folder, or a place that only one hosted service has.
PERSONAL = re.compile(
    r"^(file://)?("
    r"[A-Za-z]:[\\/]+[^\s:*?\"<>|]|\\\\\w+\\|/(home|Users|root)/\S|~/|/(content|kaggle|dbfs)/\S"
    r"|/(mnt|media|Volumes|gdrive)/\S)"
)
#: The start of any path that does not depend on where the program runs.
ABSOLUTE = re.compile(r"^(file://|[A-Za-z]:[\\/]|/(?!/)\w|~/|\\\\\w)")
#: Files that every machine of the kind has.
EVERYWHERE = re.compile(r"^/(dev|proc|tmp|etc|usr|var|bin)(/|$)")


def run(subject: Subject) -> Iterator[Hit]:
    """Literals that are personal paths wherever they stand, and absolute ones of files."""
    files = {id(node) for _, node in file_arguments(subject)}
    other = {id(node.value) for _, node in subject.each(ast.Expr)}
    other |= {id(part) for _, node in subject.each(ast.JoinedStr) for part in node.values[1:]}
    for statement, node in subject.each(ast.Constant):
        text = node.value
        if not isinstance(text, str) or id(node) in other or not ABSOLUTE.match(text):
            continue
        if "\n" in text or EVERYWHERE.match(text):
            continue
        if PERSONAL.match(text) or id(node) in files:
            shown = text if len(text) <= 60 else text[:59] + "…"
            yield subject.at(
                statement, node, f"the path {shown!r} is there only on a machine like the author's"
            )


CHECK = Check("CH105", "absolute-path", Severity.WARNING, run)
