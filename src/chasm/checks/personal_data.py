"""Addresses of people in stored outputs."""

import re
from collections.abc import Iterator

from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity

#: Looked for from its sign on: going through all the text for names costs ten times as much.
PERSON = re.compile(r"[\w.+-]{1,64}$")
DOMAIN = re.compile(r"@([\w-]+\.)+[A-Za-z]{2,24}\b")
LONGEST_NAME = 64
#: Domains that were set aside for examples, and what only looks like an address.
NOBODY = re.compile(r"@(.+\.)?(example\.(com|org|net)|test|localhost|invalid)$|\.(png|jpe?g|gif)$")
FEW = 3
LIMIT = 500_000


def run(subject: Subject) -> Iterator[Hit]:
    """Outputs with several e-mail addresses: fewer may be those of an author."""
    for cell in subject.code_cells:
        text = "\n".join(output.text[:LIMIT] for output in cell.outputs if "@" in output.text)
        found = {address for address in _addresses(text) if not NOBODY.search(address)}
        if len(found) >= FEW:
            yield Hit(f"{len(found)} e-mail addresses stand in the cell's output", cell.index)


def _addresses(text: str) -> Iterator[str]:
    end = 0
    for domain in DOMAIN.finditer(text):
        start = domain.start()
        person = PERSON.search(text[max(end, start - LONGEST_NAME) : start])
        if person is not None:
            end = domain.end()
            yield (person.group() + domain.group()).lower()


CHECK = Check("CH407", "personal-data", Severity.WARNING, run)
