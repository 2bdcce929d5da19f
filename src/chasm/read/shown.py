"""Cells as they may be shown to somebody: as their author wrote them, but without secrets."""

from chasm.model import CellKind, Notebook
from chasm.read.secrets import masked


def shown_texts(notebook: Notebook) -> dict[int, str]:
    """The text of each cell, by its number.

    A code cell that holds a secret is shown as it was translated, with the look-up of an
    environment variable in the secret's place.
    """
    secret = {cell for cell, _, _ in notebook.secrets}
    texts = {}
    for cell in notebook.cells:
        if cell.kind is CellKind.CODE and cell.left_out is not None:
            texts[cell.index] = masked(cell.raw)
        elif cell.kind is CellKind.CODE and cell.index not in secret:
            texts[cell.index] = cell.raw
        else:
            texts[cell.index] = cell.source
    return texts


def shown_prints(notebook: Notebook) -> dict[int, tuple[str, ...]]:
    """What each cell printed when it was last run, its secrets struck out."""
    return {
        cell.index: tuple(masked("\n".join(cell.printed)).split("\n"))
        for cell in notebook.cells
        if cell.printed
    }
