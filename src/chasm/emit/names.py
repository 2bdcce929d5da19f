"""The name of the package, from the name of the notebook."""

import keyword
import re
from collections.abc import Set

from chasm.plan.words import identifier

#: Names that would hide a folder of the project or a tool that looks for them.
CLASHING = frozenset({"test", "tests", "src", "site", "config", "build", "dist", "chasm"})
COPY = re.compile(r"(\s*\(\d+\)|[-_ ]copy\d*)+$", re.IGNORECASE)


def package_name(wanted: str, taken: Set[str]) -> str:
    """``wanted`` as an importable name that hides no library in ``taken``."""
    stem = COPY.sub("", wanted.strip())
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])", "_", stem)
    name = identifier(spaced) or "notebook"
    if keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in CLASHING | taken:
        name = f"{name}_notebook"
    return name
