"""Install commands that take whatever version there is today."""

import re
import shlex
from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.checks.magic_lines import signed_lines
from chasm.findings import Severity
from chasm.read.shell import VALUED

INSTALL = re.compile(
    r"^\s*[!%]\s*(?:(?:\S*python\S*|\{\s*sys\.executable\s*\})\s+-m\s+)?"
    r"(?:pip3?|uv\s+pip|conda|mamba)\s+install\s+(.*)$"
)
NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*(\[[\w,\- ]+\])?$")
#: A repository without a commit, a tag or a branch.
REPOSITORY = re.compile(r"^git\+[a-z+]+://(?:[^@/]+@)?[^@]+$")
#: What keeps an environment going and is no dependency of the notebook.
TOOLS = {"pip", "setuptools", "wheel", "uv"}


def run(subject: Subject) -> Iterator[Hit]:
    """Distributions that an install line names without any version."""
    for cell, number, line in signed_lines(subject):
        if not (match := INSTALL.match(line)):
            continue
        lines = cell.raw.split("\n")
        text, end = match.group(1), number
        while text.endswith("\\") and end < len(lines):
            text, end = text[:-1] + " " + lines[end].strip(), end + 1
        names = list(_unpinned(text))
        if names:
            message = f"installs {', '.join(names)} without a version"
            yield Hit(message, cell.index, number, 0, end, len(lines[end - 1]))


def _unpinned(arguments: str) -> Iterator[str]:
    try:
        words = shlex.split(arguments, comments=True)
    except ValueError:
        return
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in ("&&", ";", "|", ">", "||"):
            return
        elif word.startswith("-"):
            skip = word in VALUED
        elif REPOSITORY.match(word) or NAME.match(word) and not _is_given(word):
            yield word


def _is_given(word: str) -> bool:
    return word in TOOLS or word.endswith((".whl", ".gz", ".zip"))


CHECK = Check("CH108", "unpinned-install", Severity.NOTE, run)
