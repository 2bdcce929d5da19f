"""What a package cannot run with the newest versions of its libraries, told once a cause."""

from collections.abc import Iterable, Mapping

from chasm.analyse.gone import gone_imports
from chasm.findings import Finding, Severity
from chasm.model import Facts, Import
from chasm.rulebook import Rulebook


def gone_findings(
    facts: Facts,
    carried: Iterable[int],
    imports: Mapping[str, tuple[Import, ...]],
    book: Rulebook,
) -> list[Finding]:
    """A finding for each thing in the ``carried`` statements that is there no more.

    ``imports`` are those of the package, by its modules: what else is imported goes with it.
    """
    kept = set(carried)
    used = {one for group in imports.values() for one in group}
    found: dict[str, int] = {}
    for s in facts.statements:
        told = list(gone_imports(book, tuple(one for one in s.imports if one in used)))
        if s.id in kept:
            told += sorted(s.effects.gone)
            told += sorted(s.definition.effects.gone) if s.definition else []
        for sentence in told:
            found.setdefault(sentence, s.cell)
    return [Finding("CH014", Severity.WARNING, text, cell) for text, cell in found.items()]
