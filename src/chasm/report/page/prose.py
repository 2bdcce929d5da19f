"""Markdown of the notebook as HTML: a small subset, made of escaped text alone.

No link and no picture of the notebook is carried over: of a link its words stay, of a picture
what it is called. Of HTML in Markdown the words stay where it only says how they look; any
other is shown as text.
"""

import re
from collections.abc import Callable, Iterator

from markupsafe import Markup, escape

from chasm.report.page import revealed

HEADING = re.compile(r"(#{1,6})(?:\s+(.*?))?\s*#*\s*$")
ITEM = re.compile(r"(\s{0,12})([-*+]|\d{1,9}[.)])\s+(.*)")
FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
RULE = re.compile(r"\s{0,3}([-*_])(?:\s*\1){2,}\s*$")
QUOTE = re.compile(r"\s{0,3}>\s?")
#: What makes a heading of the words above it.
UNDERLINE = re.compile(r"\s{0,3}(=|-)\1*\s*$")
#: What ends a paragraph without an empty line.
ENDS = re.compile(
    r"#{1,6}(?:\s|$)|\s{0,3}(?:`{3}|~{3}|>|=+\s*$|-+\s*$|(?:[-*_]\s*){3,}$|(?:[-*+]|1[.)])\s+\S)"
)
#: The line below the head of a table.
DIVIDER = re.compile(r"\s{0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
BAR = re.compile(r"(?<!\\)\|")
BREAK = re.compile(r"<br\s{0,9}/?>", re.IGNORECASE)
#: What only says how words look, or where they stand; what is left of it is the words.
LOOKS = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|center|code|div|em|font|h[1-6]|hr|i|img|kbd|li|mark|ol|p|s|small"
    r"|span|strong|sub|sup|table|tbody|td|th|thead|tr|tt|u|ul)(?:\s[^<>\n]{0,2000})?/?>",
    re.IGNORECASE,
)
INLINE = re.compile(
    r"(?P<code>`[^`\n]{1,500}`)"
    r"|!\[(?P<picture>[^\]\n]{0,300})\]\([^)\n]{0,2000}\)"
    r"|\[(?P<link>[^\]\n]{0,300})\]\([^)\n]{0,2000}\)"
    r"|\*\*(?P<strong>[^*\n]{1,500})\*\*"
    r"|(?<![\w*])\*(?P<em>[^*\n]{1,500})\*(?![\w*])"
    r"|(?<!\w)_(?P<em2>[^_\n]{1,500})_(?!\w)"
)
#: Headings of the notebook stand below those of the page.
DEEPER = 2
MAX_DEPTH = 8


def prose(text: str) -> Markup:
    """``text`` as blocks of HTML."""
    return _joined(revealed.words(text.replace("\r", "")).split("\n"), 0)


def _joined(lines: list[str], depth: int) -> Markup:
    return Markup("\n").join(_blocks(lines, depth))


def _blocks(lines: list[str], depth: int) -> Iterator[Markup]:
    at = 0
    while at < len(lines):
        line = lines[at]
        fence, heading = FENCE.match(line), HEADING.match(line)
        end = at + 1
        if fence:
            end = _closed(lines, at, fence[1][:3])
            yield Markup("<pre>{}</pre>").format("\n".join(lines[at + 1 : end]))
            end += 1
        elif heading:
            if words := _inline(heading[2] or ""):
                level = min(len(heading[1]) + DEEPER, 6)
                yield Markup("<h{0}>{1}</h{0}>").format(level, words)
        elif RULE.match(line):
            yield Markup("<hr>")
        elif QUOTE.match(line) and depth < MAX_DEPTH:
            end = _end(lines, at, lambda one: bool(QUOTE.match(one)))
            inside = [QUOTE.sub("", one, count=1) for one in lines[at:end]]
            yield Markup("<blockquote>{}</blockquote>").format(_joined(inside, depth + 1))
        elif _opens_table(lines, at):
            end = _end(lines, at, lambda one: "|" in one)
            yield _table(lines[at], lines[at + 2 : end])
        elif ITEM.match(line):
            end = _end(lines, at, lambda one: bool(ITEM.match(one)) or one.startswith("  "))
            yield _list(lines[at:end], depth)
        elif line.strip():
            end = _end(lines, at, lambda one: not ENDS.match(one))
            words = _paragraph(lines[at:end])
            name = "p"
            if end < len(lines) and (below := UNDERLINE.match(lines[end])):
                name = f"h{DEEPER + 1 if below[1] == '=' else DEEPER + 2}"
                end += 1
            if words:
                yield Markup("<{0}>{1}</{0}>").format(name, words)
        at = end


def _closed(lines: list[str], at: int, fence: str) -> int:
    """The line that closes the fence ``at``, or the end."""
    below = range(at + 1, len(lines))
    return next((n for n in below if lines[n].lstrip().startswith(fence)), len(lines))


def _end(lines: list[str], at: int, belongs: Callable[[str], bool]) -> int:
    """Where the block that starts ``at`` ends: at an empty line, or at one that is of another."""
    end = at + 1
    while end < len(lines) and lines[end].strip() and belongs(lines[end]):
        end += 1
    return end


def _paragraph(lines: list[str]) -> Markup:
    """Lines as one, as a reader of Markdown has them, but where their end says otherwise."""
    found = Markup("")
    for number, line in enumerate(lines):
        words = _inline(line.strip().removesuffix("\\"))
        last = lines[number - 1] if number else ""
        gap = "<br>" if last.endswith(("  ", "\\")) else " "
        found += Markup(gap) + words if found and words else words
    return found


def _opens_table(lines: list[str], at: int) -> bool:
    below = lines[at + 1] if at + 1 < len(lines) else ""
    return "|" in lines[at] and "|" in below and bool(DIVIDER.match(below))


def _table(head: str, rows: list[str]) -> Markup:
    width = len(_fields(head))
    cells = Markup("").join(Markup("<th>{}</th>").format(_inline(one)) for one in _fields(head))
    body = Markup("")
    for row in rows:
        fields = [*_fields(row), *[""] * width][:width]
        inside = Markup("").join(Markup("<td>{}</td>").format(_inline(one)) for one in fields)
        body += Markup("<tr>{}</tr>").format(inside)
    return Markup(
        "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>"
    ).format(cells, body)  # fmt: skip


def _fields(row: str) -> list[str]:
    inside = row.strip().removeprefix("|")
    inside = inside[:-1] if inside.endswith("|") else inside
    return [one.strip().replace("\\|", "|") for one in BAR.split(inside)]


def _list(lines: list[str], depth: int) -> Markup:
    """Items of one indent; what stands deeper is a list, or words, of the item above it."""
    first = ITEM.match(lines[0])
    assert first is not None
    items: list[tuple[str, list[str]]] = []
    for line in lines:
        item = ITEM.match(line)
        if item and (len(item[1]) <= len(first[1]) + 1 or depth >= MAX_DEPTH):
            items.append((item[3], []))
        else:
            items[-1][1].append(line)
    name = "ol" if first[2][0].isdigit() else "ul"
    inside = Markup("").join(_item(words, below, depth) for words, below in items)
    return Markup("<{0}>{1}</{0}>").format(name, inside)


def _item(words: str, below: list[str], depth: int) -> Markup:
    at = next((n for n, line in enumerate(below) if ITEM.match(line)), len(below))
    deeper = _list(below[at:], depth + 1) if below[at:] else Markup("")
    return Markup("<li>{}{}</li>").format(_paragraph([words, *below[:at]]), deeper)


def _inline(text: str) -> Markup:
    parts, last = [], 0
    for match in INLINE.finditer(text):
        parts += [_plain(text[last : match.start()]), _marked(match)]
        last = match.end()
    return Markup("").join([*parts, _plain(text[last:])])


def _plain(text: str) -> Markup:
    pieces = [escape(LOOKS.sub("", piece)) for piece in BREAK.split(text)]
    return Markup("<br>").join(pieces)


def _marked(match: re.Match[str]) -> Markup:
    if match["code"]:
        return Markup("<code>{}</code>").format(match["code"][1:-1])
    if match["picture"] is not None:
        return Markup("<em>[picture{}]</em>").format(
            f": {match['picture']}" * bool(match["picture"])
        )
    if match["link"] is not None:
        return _plain(match["link"])
    if match["strong"]:
        return Markup("<strong>{}</strong>").format(_plain(match["strong"]))
    return Markup("<em>{}</em>").format(_plain(match["em"] or match["em2"]))
