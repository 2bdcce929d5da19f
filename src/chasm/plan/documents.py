"""Docstrings: the author's heading or comment, and the cells that a function came from."""

from chasm.plan.groups import Group

MAX_LENGTH = 70


def doc_of(group: Group, heading: str) -> str:
    """The docstring's one line for the function of ``group``, which opens ``heading``."""
    comment = group.statements[0].comment
    text = comment if _is_sentence(comment) else heading
    text = " ".join(text.split()).strip(" .:-#=*!")
    if len(text) > MAX_LENGTH:
        text = text[: MAX_LENGTH - 1].rsplit(" ", 1)[0] + "…"
    where = f"[{cells_text(group.cells)}]"
    if not text:
        return where
    text = text[0].upper() + text[1:]
    return f"{text}.  {where}" if text[-1] not in ".!?…" else f"{text}  {where}"


def with_cells(doc: str, before: tuple[int, ...], now: list[int]) -> str:
    """A docstring that names the cells ``now`` where it named those ``before``."""
    return doc.replace(f"[{cells_text(before)}]", f"[{cells_text(now)}]")


def _is_sentence(comment: str) -> bool:
    return len(comment.split()) >= 2 and not any(c in comment for c in "=()[]{}")


def cells_text(cells: list[int] | tuple[int, ...]) -> str:
    """``cell 3`` or ``cells 7-8, 12``."""
    runs: list[list[int]] = []
    for cell in cells:
        if runs and cell == runs[-1][-1] + 1:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    text = ", ".join(f"{r[0]}-{r[-1]}" if len(r) > 1 else str(r[0]) for r in runs)
    return f"cell{'s' if len(cells) > 1 else ''} {text}"
