"""Which checks a call asks for: codes, prefixes of codes, names and ALL."""

from collections.abc import Iterable, Sequence

from chasm.checks.check import Check
from chasm.errors import InputError

ALL = "ALL"


def chosen(
    checks: Sequence[Check],
    select: Iterable[str],
    ignore: Iterable[str] = (),
    extend_select: Iterable[str] = (),
) -> frozenset[str]:
    """The codes of the checks that are asked for; a longer prefix beats a shorter one."""
    wanted = [(word, True) for word in (*select, *extend_select)]
    wanted += [(word, False) for word in ignore]
    found: dict[str, tuple[int, bool]] = {}
    for word, taken in wanted:
        for code, weight in _meant(checks, word).items():
            # Of two words of one length, the one that leaves out counts.
            known = found.get(code)
            if known is None or (weight, not taken) >= (known[0], not known[1]):
                found[code] = (weight, taken)
    return frozenset(code for code, (_, taken) in found.items() if taken)


def _meant(checks: Sequence[Check], word: str) -> dict[str, int]:
    """The codes that ``word`` means, and how precisely."""
    if word == ALL:
        return {check.code: 0 for check in checks}
    for check in checks:
        if check.name == word:
            return {check.code: len(check.code)}
    found = {c.code: len(word) for c in checks if c.code.startswith(word)} if word else {}
    if not found:
        raise InputError(f"no check is called {word!r} (chasm explain lists them)")
    return found
