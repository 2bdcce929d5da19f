"""What Markdown says of the code below it, and of what the code above it shows."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chasm.model import Cell, CellKind, Notebook
from chasm.plan.paragraphs import GOING_ON, Block, blocks_of
from chasm.read.secrets import masked
from chasm.rulebook import Rulebook

#: Where a sentence ends, or the item of a list; an abbreviation ends none.
SHORT = "".join(
    rf"(?<!\b{re.escape(s)})" for s in ("vs.", "e.g.", "i.e.", "no.", "fig.", "approx.")
)
SENTENCE = re.compile(rf"(?<=[.!?…;]){SHORT}\s+", re.IGNORECASE)
RESULT = re.compile(r"\d[.,]\d|\d\s?%")
MAX_TEXT, MIN_TEXT = 300, 20
#: A title has no more words; what is marked as one without being a heading is below all others.
MAX_TITLE, LOWEST = 6, 7
#: So many texts between two figures show where a notebook has them.
MIN_CAPTIONS = 2
ANALYSIS = "analyze"
#: What stands between a remark and what it is on.
ON = ("from", "on", "about", "of", "for", "regarding")


@dataclass(frozen=True, slots=True)
class Prose:
    """By code cells, what stands above them and is about them, and what is said of their output.

    ``concluded`` is what the author concludes, in the sections that are called so.
    """

    above: tuple[tuple[int, str], ...] = ()
    below: tuple[tuple[int, str], ...] = ()
    concluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """What Markdown says between two code cells, or above the first and below the last one."""

    before: Cell | None
    after: Cell | None
    blocks: list[Block]

    @property
    def untitled(self) -> bool:
        """Whether it begins with a text below the cell, without a title."""
        return bool(self.blocks) and self.blocks[0].plain

    @property
    def drawn(self) -> tuple[bool, bool]:
        """Whether the cells above and below draw."""
        before, after = self.before, self.after
        return before is not None and before.drew, after is not None and after.drew


def prose_of(notebook: Notebook, book: Rulebook) -> Prose:
    """What a reader of the code would miss, in a few sentences for each cell."""
    gaps = _gaps(notebook)
    captions = _captions(gaps, book)
    above: dict[int, str] = {}
    below: dict[int, str] = {}
    concluded: list[str] = []
    for gap in gaps:
        concluded += _concluded(gap.blocks, book)
        if gap.before is None:
            # Above all code it is about the whole notebook.
            continue
        said, told = _divided(gap.blocks, gap.before, captions and _may_be_caption(gap, book), book)
        if said:
            below[gap.before.index] = said
        if told and gap.after is not None:
            above[gap.after.index] = told
    said_once = dict.fromkeys(text for text in concluded if text not in below.values())
    return Prose(tuple(above.items()), tuple(below.items()), tuple(said_once))


def _concluded(blocks: list[Block], book: Rulebook) -> list[str]:
    """The paragraphs of the sections that are called conclusions, or takeaways."""
    found: list[str] = []
    level = 0
    for block in blocks:
        if block.heading or block.title:
            words = re.findall(r"[a-z]+", block.text.lower())
            if not level or block.level <= level or block.title:
                names_some = not book.concluding.isdisjoint(words) and len(words) <= MAX_TITLE
                level = (block.level or LOWEST) if names_some else 0
        elif level and (text := _text([block])):
            found.append(text)
    return found


def _gaps(notebook: Notebook) -> list[Gap]:
    gaps: list[Gap] = []
    blocks: list[Block] = []
    last: Cell | None = None
    for cell in notebook.cells:
        if cell.kind is CellKind.MARKDOWN:
            blocks += blocks_of(cell.source)
        elif cell.kind is CellKind.CODE and cell.source.strip():
            gaps.append(Gap(last, cell, blocks))
            blocks, last = [], cell
    return [*gaps, Gap(last, None, blocks)]


def _captions(gaps: list[Gap], book: Rulebook) -> bool:
    """Whether the notebook has the texts on its figures above them.

    There is one above the first of a row of figures then, and none below the last; and those
    between them say what is drawn, and state nothing of it.
    """
    inner = [gap for gap in gaps if gap.drawn == (True, True)]
    said = " ".join(gap.blocks[0].text.lower() for gap in inner if gap.untitled)
    if book.states.intersection(re.findall(r"\w+", said)):
        return False
    between = [gap.untitled for gap in inner]
    into = [bool(gap.blocks) for gap in gaps if gap.drawn == (False, True)]
    out_of = [gap.untitled for gap in gaps if gap.drawn == (True, False)]
    return (
        sum(between) >= MIN_CAPTIONS
        and 2 * sum(between) >= len(between)
        and 2 * sum(into) >= len(into)
        and not any(out_of)
    )


def _divided(blocks: list[Block], last: Cell, caption: bool, book: Rulebook) -> tuple[str, str]:
    """The text about the figure of the cell above, and that about the code below.

    What has no title between two cells may be about either, unless it says so itself, or the one
    above draws, or shows nothing at all.
    """
    remarks = _remarks(blocks, book, last)
    titles = [n for n, b in enumerate(blocks) if (b.heading or b.title) and n not in remarks]
    place = next((n for n in titles if not _closes(blocks[n], book)), None)
    if not last.outputs:
        headed = place is not None and blocks[place].heading
        return "", _text(_still_open(_ahead(blocks[place:] if headed else blocks, book, last)))
    ahead = next((n for n, b in enumerate(blocks[:place]) if _looks_ahead(b, book)), None)
    if last.drew and caption:
        ahead = 0
    place = ahead if ahead is not None else place
    before = [block for block in blocks[:place] if block.plain]
    said = _text(before) if last.drew else ""
    told = _text(_still_open(_ahead(blocks[place:], book, last))) if place is not None else ""
    # Numbers are those of a result, which nobody has yet of what comes below.
    by_heading = place is not None and blocks[place].heading
    return said, told if by_heading or not RESULT.search(told) else ""


def _may_be_caption(gap: Gap, book: Rulebook) -> bool:
    return gap.untitled and not _looks_back(gap.blocks[0], book)


def _looks_ahead(block: Block, book: Rulebook) -> bool:
    """Whether a text says that it is about what comes: ``Now let us …``, ``Check the …``."""
    said = f"{' '.join(block.text.lower().split())} "
    return (
        block.plain
        and any(said.startswith(start) and not said[len(start)].isalnum() for start in book.ahead)
        and not _looks_back(block, book)
    )


def _looks_back(block: Block, book: Rulebook) -> bool:
    """Whether a text says that it is about what stands above it: ``As we see …``."""
    return says(block.text, book.back)


def says(text: str, phrases: Iterable[str]) -> bool:
    """Whether a text has one of these phrases, in whole words."""
    said = " ".join(text.lower().split())
    return any(re.search(rf"\b{re.escape(phrase)}\b", said) for phrase in phrases)


def _ahead(blocks: list[Block], book: Rulebook, last: Cell) -> list[Block]:
    """The blocks without remarks on what stands above them: a title that says so, and its text."""
    looks_back = [block.title and _closes(block, book) for block in blocks]
    remarks = _remarks(blocks, book, last)
    return [
        block
        for n, block in enumerate(blocks)
        if not looks_back[n]
        and n not in remarks
        and (block.heading or block.title or not any(looks_back[max(n - 1, 0) : n]))
    ]


def _remarks(blocks: list[Block], book: Rulebook, last: Cell) -> set[int]:
    """The blocks of sections whose heading says that they are about what stands above them.

    It is a title of remarks, or repeats that of the figure above.
    """
    found: set[int] = set()
    level = 0
    for n, block in enumerate(blocks):
        if block.heading and (not level or block.level <= level):
            about_last = _closes(block, book) or last.drew and _repeats(block, last)
            level = block.level if about_last else 0
        if level:
            found.add(n)
    return found


def _repeats(heading: Block, cell: Cell) -> bool:
    """Whether a heading is a text in the code of a cell that draws, as its figure's title."""
    words = heading.text.strip(" :.").lower()
    code = cell.source.lower()
    return len(words.split()) > 1 and (f'"{words}' in code or f"'{words}" in code)


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
    text = masked(f"{text[:-1]}." if text[-1:] in GOING_ON else text)
    return text if len(text) >= MIN_TEXT else ""
