"""What becomes of the lines of one code cell."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Translation:
    """A code cell as plain Python, line for line, and what could not come along."""

    source: str
    left_out: str | None = None
    requirements: list[str] = field(default_factory=list)
    dropped: list[tuple[int, str]] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)


def drop(lines: list[str], i: int, reason: str, result: Translation, note: str = "") -> None:
    """Leave out a line, and those that continue it, for a reason that is kept."""
    indent = lines[i][: len(lines[i]) - len(lines[i].lstrip())]
    # An indented line may be the only one of its block, which must not become empty.
    replacement = f"{indent}pass" if indent else ""
    continued = lines[i].endswith("\\")
    lines[i] = replacement
    result.dropped.append((i + 1, reason))
    if note:
        result.notes.append((i + 1, note))
    while continued and i + 1 < len(lines):
        i += 1
        continued = lines[i].endswith("\\")
        lines[i] = ""
