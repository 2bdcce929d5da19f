"""Where logical lines start, in text that is not yet Python."""

import re
from functools import lru_cache

TOKEN = re.compile(
    r"""(?P<triple>[A-Za-z]{0,2}(?:\"\"\"|'''))"""
    r"""|(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
    r"""|(?P<comment>\#.*)|(?P<open>[(\[{])|(?P<close>[)\]}])"""
)

#: How many cells are kept at a time: reading and several checks ask for the lines of each.
KEPT = 300


@lru_cache(KEPT)
def starts_of_logical_lines(text: str) -> tuple[int, ...]:
    """Numbers, from 0, of the lines that start a statement and not continue one.

    A magic inside a string or a bracket is no magic. Lines that are magics themselves
    are not scanned, since what follows the sign is no Python.
    """
    starts: list[int] = []
    lines = text.split("\n")
    depth, quote, continued = 0, "", False
    for number, line in enumerate(lines):
        if not quote and depth == 0 and not continued:
            starts.append(number)
            if line.lstrip()[:1] in ("%", "!", "?"):
                continued = line.endswith("\\")
                continue
        quote, depth = _scan(line, quote, depth)
        continued = not quote and line.endswith("\\")
    return tuple(starts)


def _scan(line: str, quote: str, depth: int) -> tuple[str, int]:
    position = 0
    while position < len(line):
        if quote:
            end = _end_of_string(line, quote, position)
            if end < 0:
                return quote, depth
            position, quote = end, ""
            continue
        match = TOKEN.search(line, position)
        if not match:
            break
        position = match.end()
        if match.group("triple"):
            quote = match.group("triple")[-3:]
        elif match.group("comment"):
            break
        elif match.group("open"):
            depth += 1
        elif match.group("close"):
            depth = max(0, depth - 1)
    return quote, depth


def _end_of_string(line: str, quote: str, position: int) -> int:
    while position < len(line):
        if line[position] == "\\":
            position += 2
        elif line.startswith(quote, position):
            return position + 3
        else:
            position += 1
    return -1
