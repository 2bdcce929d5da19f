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
#: What a paragraph ends with that the next one goes on with.
GOING_ON = (":", ";")
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

    def close(before_item: bool = False) -> None:
        block = _paragraph(" ".join(lines), before_item, found[-1:])
        lines.clear()
        if block is not None:
            found.append(block)

    all_lines = source.split("\n")
    following = _following(all_lines)
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
            close(before_item=bool(ITEM.match(following[number])))
        else:
            if ITEM.match(line):
                close(before_item=True)
            lines.append(ITEM.sub("", line))
    close()
    return found


def _following(lines: list[str]) -> list[str]:
    """For each line the next one below it that is not empty."""
    found: list[str] = []
    last = ""
    for line in reversed(lines):
        found.append(last)
        last = line if line.strip() else last
    return found[::-1]


def _paragraph(source: str, before_item: bool, last: list[Block]) -> Block | None:
    """The text of a paragraph; what a colon announces is listed behind it, as one sentence."""
    whole = plain_text(source).rstrip()
    text = whole.rstrip(" :;,")
    words = text.split()
    listed = any(block.text[-1:] in GOING_ON for block in last)
    is_text = len(words) >= (1 if listed else MIN_WORDS) and text[0].isalpha()
    if not is_text or any(sign in text for sign in SIGNS):
        return None
    if text[-1] in ".!?…":
        return Block(text)
    announces = whole.endswith(":")
    if before_item and (announces or listed):
        return Block(f"{text}:" if announces else f"{text};")
    return Block(f"{text}.")


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
