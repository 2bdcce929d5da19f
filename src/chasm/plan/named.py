"""Literals that the notebook gave a name: fields of the configuration itself."""

from __future__ import annotations

import re

from chasm.model import Facts
from chasm.plan.apart import Apart
from chasm.plan.interfaces import Made
from chasm.plan.model import Setting
from chasm.plan.naming import RESERVED, identifier
from chasm.plan.settings import Settings

#: What the name of a file ends with, and what that of a file of data does.
SUFFIX = re.compile(r"\.\w{2,5}$")
DATA_SUFFIX = re.compile(
    r"\.(csv|tsv|txt|dat|json|xlsx?|parquet|pkl|gz|zip|png|jpe?g)$", re.IGNORECASE
)


def constant_settings(
    facts: Facts, apart: Apart, settings: Settings, made: list[Made], read: set[int]
) -> None:
    """Literals that the notebook gave a name: fields of the configuration itself.

    ``read`` are versions that are read by what is in no function of ``made``.
    """
    used = {v for m in made for v in m.inputs.values()} | read
    groups = {group for group, _ in settings.fields}
    for number, name in sorted(apart.settings.items()):
        if number not in used:
            continue
        s = facts.statements[number]
        beside = _names_files(facts, name, s.constant)
        wanted = identifier(name) or "value"
        while wanted in groups or ("", wanted) in settings.fields or wanted in RESERVED:
            wanted += "_"
        apart.fields[number] = wanted
        settings.fields["", wanted] = Setting(
            "", wanted, s.constant, beside_notebook=beside, cell=s.cell
        )


def _names_files(facts: Facts, name: str, value: object) -> bool:
    """Whether a constant is (part of) the names of files that the notebook reads."""
    values = value if isinstance(value, list) else [value]
    texts = [one for one in values if isinstance(one, str)]
    # A column may have a dot in its name; of several names each has to be of a file of data.
    suffix = SUFFIX if not isinstance(value, list) else DATA_SUFFIX
    looks = all("/" in text or suffix.search(text) for text in texts)
    read = any(name in s.named and s.effects.reads for s in facts.statements)
    written = any(name in s.named and s.effects.writes for s in facts.statements)
    remote = any("://" in text for text in texts)
    named = bool(texts) and len(texts) == len(values) and looks and not remote
    return named and read and not written
