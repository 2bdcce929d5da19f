"""What Markdown says of the code below it, and of what the code above it shows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chasm.analyse.syntax import FENCE, HEADING, plain_text
from chasm.model import Cell, CellKind, Notebook
from chasm.read.secrets import masked
from chasm.rulebook import Rulebook

#: A whole line in bold, and the mark of an item in a list.
BOLD = re.compile(r"^\s*(\*\*|__)(?=\S)(.+?)(?<=\S)\1\s*:?\s*$")
ITEM = re.compile(r"^\s*([-*+]|\d+[.)])\s+")
SENTENCE = re.compile(r"(?<=[.!?…])\s+")
RESULT = re.compile(r"\d[.,]\d|\d\s?%")
#: What is no text: tables, formulas, quoted code and what only a browser shows.
OTHER = re.compile(r"^\s*(\||\$\$|<|!\[|>|---|===|\[)")
MAX_TEXT, MAX_TITLE_WORDS, MIN_WORDS, MIN_TEXT = 300, 6, 4, 20
#: Signs of addresses, formulas and code.
SIGNS = ("://", "@", "\\", "$", "<=", ">=", "==")
ANALYSIS = "analyze"
#: What stands between a remark and what it is on.
ON = ("from", "on", "about", "of", "for", "regarding")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph: a heading of some level, a title that is marked as none, or text."""

    text: str
    level: int = 0
    title: bool = False

    @property
    def heading(self) -> bool:
        return self.level > 0


@dataclass(frozen=True, slots=True)
class Prose:
    """By code cells, what stands above them and is about them, and what is said of their output."""

    above: tuple[tuple[int, str], ...] = ()
    below: tuple[tuple[int, str], ...] = ()


def prose_of(notebook: Notebook, book: Rulebook) -> Prose:
    """What a reader of the code would miss, in a few sentences for each cell."""
    above: dict[int, str] = {}
    below: dict[int, str] = {}
    blocks: list[Block] = []
    last: Cell | None = None
    for cell in notebook.cells:
        if cell.kind is CellKind.MARKDOWN:
            blocks += _blocks(cell.source)
        elif cell.kind is CellKind.CODE and cell.source.strip():
            said, told = _divided(blocks, last, book)
            if last is not None and said:
                below[last.index] = said
            if told:
                above[cell.index] = told
            blocks, last = [], cell
    said, _ = _divided(blocks, last, book)
    if last is not None and said:
        below[last.index] = said
    return Prose(tuple(above.items()), tuple(below.items()))


def _divided(blocks: list[Block], last: Cell | None, book: Rulebook) -> tuple[str, str]:
    """The text about the figure of the cell above, and that about the code below.

    What has no title between two cells may be about either, unless the one above draws, or
    shows nothing at all.
    """
    remarks = _remarks(blocks, book)
    titles = (n for n, b in enumerate(blocks) if (b.heading or b.title) and n not in remarks)
    place = next((n for n in titles if not _closes(blocks[n], book)), None)
    if last is None:
        # Above all code it is about the whole notebook.
        return "", ""
    if not last.outputs:
        headed = place is not None and blocks[place].heading
        return "", _text(_still_open(_ahead(blocks[place:] if headed else blocks, book)))
    before = [b for b in blocks[:place] if not b.title and not b.heading]
    said = _text(before) if last.drew else ""
    told = _text(_still_open(_ahead(blocks[place:], book))) if place is not None else ""
    # Numbers are those of a result, which nobody has yet of what comes below.
    by_heading = place is not None and blocks[place].heading
    return said, told if by_heading or not RESULT.search(told) else ""


def _ahead(blocks: list[Block], book: Rulebook) -> list[Block]:
    """The blocks without remarks on what stands above them: a title that says so, and its text."""
    looks_back = [block.title and _closes(block, book) for block in blocks]
    remarks = _remarks(blocks, book)
    return [
        block
        for n, block in enumerate(blocks)
        if not looks_back[n]
        and n not in remarks
        and (block.heading or block.title or not any(looks_back[max(n - 1, 0) : n]))
    ]


def _remarks(blocks: list[Block], book: Rulebook) -> set[int]:
    """The blocks of sections whose heading says that they are about what stands above them."""
    found: set[int] = set()
    level = 0
    for n, block in enumerate(blocks):
        if block.heading and (not level or block.level <= level):
            level = block.level if _closes(block, book) else 0
        if level:
            found.add(n)
    return found


def _still_open(blocks: list[Block]) -> list[Block]:
    """The blocks of the sections that the code below stands in, without those that have ended."""
    found: list[Block] = []
    for block in blocks:
        if block.heading:
            ended = (n for n, one in enumerate(found) if one.level >= block.level)
            found = found[: next(ended, len(found))]
        found.append(block)
    return found


def remarks_on(words: Sequence[str], book: Rulebook) -> bool:
    """Whether the words of a title are those of remarks on something: ``Observations from …``."""
    return len(words) > 2 and words[0] in book.closing and words[1] in ON


def _closes(block: Block, book: Rulebook) -> bool:
    """Whether a title is that of what a reader learns from what stands above it."""
    said = re.findall(r"\w+", block.text.lower())
    words = [word for word in said if word not in book.noise]
    return (
        remarks_on(said, book)
        or bool(words)
        and all(word in book.closing or book.verbs.get(word) == ANALYSIS for word in words)
    )


def _text(blocks: list[Block]) -> str:
    """Whole sentences of what stands there, as many as are read at once."""
    parts = [block.text for block in blocks if not block.heading]
    text = ""
    for sentence in SENTENCE.split(" ".join(parts)):
        if len(text) + len(sentence) >= MAX_TEXT:
            break
        text = f"{text} {sentence}".strip()
    text = masked(text)
    return text if len(text) >= MIN_TEXT else ""


def _blocks(source: str) -> list[Block]:
    """The paragraphs of a Markdown cell; each item of a list is one."""
    found: list[Block] = []
    lines: list[str] = []
    fenced = False

    def close() -> None:
        text = plain_text(" ".join(lines)).rstrip(" :;,")
        lines.clear()
        words = text.split()
        is_text = len(words) >= MIN_WORDS and text[0].isalpha()
        if is_text and not any(sign in text for sign in SIGNS):
            found.append(Block(text if text[-1] in ".!?…" else f"{text}."))

    all_lines = source.split("\n")
    for number, line in enumerate(all_lines):
        if FENCE.match(line):
            fenced = not fenced
            close()
        elif fenced:
            continue
        elif match := HEADING.match(line):
            close()
            found.append(Block(plain_text(match.group(2)), len(match.group(1))))
        elif _is_title(line, number, all_lines):
            close()
            found.append(Block(plain_text(line).rstrip(" :.") + ".", title=True))
        elif not line.strip() or OTHER.match(line):
            close()
        else:
            if ITEM.match(line):
                close()
            lines.append(ITEM.sub("", line))
    close()
    return found


def _is_title(line: str, number: int, lines: list[str]) -> bool:
    """A whole line in bold, or a few words at the head of a cell with a text below them."""
    if BOLD.match(line):
        return True
    words = line.split() if any(map(str.isalpha, line)) else []
    alone = number == 0 and len(lines) > 2 and not lines[1].strip()
    return (
        alone
        and any(map(str.strip, lines[2:]))
        and 0 < len(words) <= MAX_TITLE_WORDS
        and line.strip()[-1] not in ".!?:,;|>"
    )
