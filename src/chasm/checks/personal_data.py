"""Addresses of people in stored outputs."""

import re
from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity

ADDRESS = re.compile(r"[\w.+-]{1,64}@([\w-]+\.)+[A-Za-z]{2,24}\b")
#: Domains that were set aside for examples, and what only looks like an address.
NOBODY = re.compile(r"@(.+\.)?(example\.(com|org|net)|test|localhost|invalid)$|\.(png|jpe?g|gif)$")
FEW = 3
LIMIT = 500_000


def run(subject: Subject) -> Iterator[Hit]:
    """Outputs with several e-mail addresses: fewer may be those of an author."""
    for cell in subject.code_cells:
        text = "\n".join(output.text[:LIMIT] for output in cell.outputs if "@" in output.text)
        found = {m.group().lower() for m in ADDRESS.finditer(text)}
        found = {address for address in found if not NOBODY.search(address)}
        if len(found) >= FEW:
            yield Hit(f"{len(found)} e-mail addresses stand in the cell's output", cell.index)


CHECK = Check("CH407", "personal-data", Severity.WARNING, run)
