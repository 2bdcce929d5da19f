"""The text of a cell, cut at the places that a syntax tree names."""

import ast
from dataclasses import dataclass, field

from chasm.plan.split.model import Edit


def encoded(text: str) -> bytes:
    """``text`` as bytes; a file may hold half of a character that only two halves make."""
    return text.encode("utf-8", "surrogatepass")


@dataclass(slots=True)
class Source:
    """A cell's text as bytes, since ``ast`` counts columns in bytes; with the edits so far."""

    text: bytes
    edits: list[Edit] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._starts = [0]
        for line in self.text.split(b"\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where ``node`` stands, as offsets into the text."""
        start = self._starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
        end = self._starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
        return start, end

    def line_start(self, line: int) -> int:
        return self._starts[line - 1]

    def of(self, node: ast.AST) -> str:
        """The text of ``node``, with the edits that lie in it carried out.

        What stood in brackets over several lines has to stand in brackets elsewhere as well.
        """
        start, end = self.span(node)
        inside = [e for e in self.edits if start <= e.start and e.end <= end]
        text = apply(self.text, inside, start, end)
        loose = isinstance(node, ast.expr) and not isinstance(node, (ast.Slice, ast.Starred))
        return f"({text})" if loose and "\n" in text and not _stands_alone(text) else text

    def put(self, start: int, end: int, text: str) -> None:
        """What stands from ``start`` to ``end`` becomes ``text``; edits inside are part of that."""
        self.edits = [e for e in self.edits if e.end <= start or end <= e.start]
        self.edits.append(Edit(start, end, text))

    def replace(self, node: ast.AST, text: str) -> None:
        """``node`` becomes ``text``."""
        self.put(*self.span(node), text)

    def remove(self, node: ast.AST, following: ast.AST) -> None:
        """``node`` goes, with what stands between it and ``following``."""
        self.put(self.span(node)[0], self.span(following)[0], "")


def _stands_alone(text: str) -> bool:
    try:
        ast.parse(text, mode="eval")
    except SyntaxError:
        return False
    return True


def dedented(text: str, indent: int) -> list[str]:
    """The lines of ``text``, each as far out as it can be moved by ``indent``."""
    return [row[min(indent, len(row) - len(row.lstrip())) :] for row in text.split("\n")]


def apply(text: bytes, edits: list[Edit], start: int = 0, end: int | None = None) -> str:
    """``text`` from ``start`` to ``end`` with ``edits``, which do not overlap, carried out."""
    end = len(text) if end is None else end
    parts: list[bytes] = []
    at = start
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        parts += [text[at : edit.start], encoded(edit.text)]
        at = edit.end
    parts.append(text[at:end])
    return b"".join(parts).decode("utf-8", "surrogatepass")
