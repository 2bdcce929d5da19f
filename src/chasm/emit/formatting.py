"""black, in process, and only where it may have something to say."""

import hashlib
from collections.abc import Mapping

from chasm.emit.agreed import BETWEEN, outline


def formatted(files: Mapping[str, str], settled: set[str] | None = None) -> dict[str, str]:
    """``files``, which ruff has formatted, with the Python files among them as black leaves them.

    ``settled`` are digests of what black was seen to leave as it is; more are added to it.
    """
    seen = set() if settled is None else settled
    return {
        path: reformatted(text, seen) if path.endswith(".py") else text
        for path, text in files.items()
    }


def reformatted(text: str, settled: set[str]) -> str:
    """``text``, which ruff has formatted but for comments, as black leaves it."""
    # What stands around a definition makes no difference to it, nor it to what stands there.
    new = [b for b in outline(text) if not _defines(b) or _digest(b) not in settled]
    rest = BETWEEN.join(new) + "\n"
    if new and _digest(rest) not in settled:
        if not _stays(rest):
            return format_python(text)
        settled.update(_digest(one) for one in (*filter(_defines, new), rest))
    return text


def _stays(rest: str) -> bool:
    """Whether black leaves an outline as it is; one that it cannot read tells it nothing."""
    try:
        return format_python(rest) == rest
    except ValueError:
        return False


def _defines(block: str) -> bool:
    return block.startswith(("def ", "class ", "async def ", "@"))


def _digest(block: str) -> str:
    return hashlib.blake2b(block.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def format_python(text: str) -> str:
    """``text`` as black leaves it."""
    # What is known to be settled needs no black, which takes a while to import.
    import black
    from black.mode import Mode, TargetVersion
    from black.report import NothingChanged

    try:
        return black.format_str(text, mode=Mode(target_versions={TargetVersion.PY311}))
    except NothingChanged:
        return text
