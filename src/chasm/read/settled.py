"""What the formatter was seen to leave as it is, from one run to the next."""

from chasm.read.memory import digest, keep, module_state, program_state, recall

#: With more than these the memory starts anew: reading it must not cost what it saves.
LIMIT = 5_000


def recall_settled(formatter: str) -> set[str]:
    """Digests that an earlier run kept, with this formatter and this chasm."""
    known = recall(_key(formatter))
    return {one for one in known if isinstance(one, str)} if isinstance(known, list) else set()


def keep_settled(formatter: str, digests: set[str]) -> None:
    """Remember ``digests``; when that cannot be done, it only costs time."""
    if len(digests) <= LIMIT:
        keep(_key(formatter), sorted(digests))
    else:
        keep(_key(formatter), [])


def _key(formatter: str) -> str:
    return digest("settled", module_state(formatter), program_state())
