"""What a check is for, for a person who met its code."""

import textwrap

from chasm.checks.check import Check
from chasm.checks.registry import CHECKS
from chasm.errors import InputError
from chasm.rulebook.texts import text_of

WIDTH = 96
GROUPS = {
    "CH0": "The notebook as a file and as Python",
    "CH1": "Runs for nobody else",
    "CH2": "Other results tomorrow",
    "CH3": "Wrong in production",
    "CH4": "Unsafe",
    "CH5": "Heavy to carry on",
    "CH9": "The excuses themselves",
}


def explained(word: str | None) -> str:
    """The page of one check by its code or name; of None, the list of all."""
    if word is None:
        return "\n".join(_listed(check) for check in CHECKS)
    for check in CHECKS:
        if word.lower() in (check.code.lower(), check.name):
            return page(check)
    raise InputError(f"no check is called {word!r} (chasm explain lists them)")


def _listed(check: Check) -> str:
    return f"{check.code}  {check.severity.value:<8} {check.name}"


def page(check: Check) -> str:
    """Code, message, reason, remedy, and a bad and a good example, as Markdown."""
    text = text_of(check.code)
    parts = [
        f"# {check.code} {check.name} ({check.severity.value})",
        _filled(text.message),
        "## Why",
        _filled(text.why),
        "## How to mend it",
        _filled(text.mend),
    ]
    for title, snippets in (("Fires", text.bad), ("Does not fire", text.good)):
        parts += [f"## {title}", f"```python\n{snippets[0].strip()}\n```"]
    return "\n\n".join(parts)


def _filled(text: str) -> str:
    return "\n\n".join(textwrap.fill(" ".join(p.split()), WIDTH) for p in text.split("\n\n"))


def reference() -> str:
    """All pages in one document, which is the documentation of the checks."""
    parts = ["# Checks", "Made from `rules/checks/`; `chasm explain CODE` shows one of them."]
    for prefix, title in GROUPS.items():
        own = [check for check in CHECKS if check.code.startswith(prefix)]
        if own:
            parts.append(f"# {title}")
            parts += [page(check).replace("\n#", "\n###").replace("# ", "## ", 1) for check in own]
    return "\n\n".join(parts) + "\n"
