"""The paragraphs of a Markdown cell: headings, titles and texts, each as plain words."""

import re
from dataclasses import dataclass

from chasm.analyse.syntax import FENCE, HEADING, plain_text

#: A whole line in bold, and the mark of an item in a list.
BOLD = re.compile(r"^\s*(\*\*|__)(?=\S)(.+?)(?<=\S)\1\s*:?\s*$")
ITEM = re.compile(r"^\s*([-*+]|\d+[.)])\s+")
#: What is no text: tables, formulas, quoted code and what only a browser shows.
OTHER = re.compile(r"^\s*(\||\$\$|<|!\[|>|---|===|\[)")
MAX_TITLE_WORDS, MIN_WORDS = 6, 4
#: Signs of addresses, formulas and code.
SIGNS = ("://", "@", "\\", "$", "<=", ">=", "==")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph: a heading of some level, a title that is marked as none, or text."""

    text: str
    level: int = 0
    title: bool = False

    @property
    def heading(self) -> bool:
        return self.level > 0

    @property
    def plain(self) -> bool:
        """Whether it is text."""
        return not self.heading and not self.title


def blocks_of(source: str) -> list[Block]:
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
