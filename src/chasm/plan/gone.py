"""What a package cannot run with the newest versions of its libraries, told once a cause."""

from collections.abc import Iterable

from chasm.analyse.gone import gone_imports
from chasm.findings import Finding, Severity
from chasm.model import Facts
from chasm.rulebook import Rulebook


def gone_findings(facts: Facts, carried: Iterable[int], book: Rulebook) -> list[Finding]:
    """A finding for each thing in the ``carried`` statements and imports that is there no more."""
    kept = set(carried)
    found: dict[str, int] = {}
    for s in facts.statements:
        told = list(gone_imports(book, s.imports))
        if s.id in kept:
            told += sorted(s.effects.gone)
            told += sorted(s.definition.effects.gone) if s.definition else []
        for sentence in told:
            found.setdefault(sentence, s.cell)
    return [Finding("CH014", Severity.WARNING, text, cell) for text, cell in found.items()]
