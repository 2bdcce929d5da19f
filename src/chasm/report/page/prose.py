"""Markdown of the notebook as HTML: a small subset, made of escaped text alone.

No link and no picture of the notebook is carried over: of a link its words stay, of a picture
what it is called. HTML in Markdown is shown as text.
"""

import re
from collections.abc import Callable, Iterator

from markupsafe import Markup, escape

HEADING = re.compile(r"(#{1,6})(?:\s+(.*?))?\s*#*\s*$")
ITEM = re.compile(r"\s{0,12}(?:[-*+]|\d{1,9}[.)])\s+(.*)")
FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
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


def prose(text: str) -> Markup:
    """``text`` as blocks of HTML."""
    return Markup("\n").join(_blocks(text.replace("\r", "").split("\n")))


def _blocks(lines: list[str]) -> Iterator[Markup]:
    at = 0
    while at < len(lines):
        line = lines[at]
        fence, heading = FENCE.match(line), HEADING.match(line)
        if not line.strip():
            at += 1
        elif fence:
            end = at + 1
            while end < len(lines) and not lines[end].lstrip().startswith(fence[1][:3]):
                end += 1
            yield Markup("<pre>{}</pre>").format("\n".join(lines[at + 1 : end]))
            at = end + 1
        elif heading:
            if heading[2]:
                level = min(len(heading[1]) + DEEPER, 6)
                yield Markup("<h{0}>{1}</h{0}>").format(level, _inline(heading[2]))
            at += 1
        elif ITEM.match(line):
            end = _end(lines, at, lambda one: bool(ITEM.match(one)) or one.startswith("  "))
            yield _list(lines[at:end])
            at = end
        else:
            end = _end(lines, at, lambda one: not (HEADING.match(one) or FENCE.match(one)))
            words = Markup("<br>").join(_inline(one.strip()) for one in lines[at:end])
            yield Markup("<p>{}</p>").format(words)
            at = end


def _end(lines: list[str], at: int, belongs: Callable[[str], bool]) -> int:
    end = at + 1
    while end < len(lines) and lines[end].strip() and belongs(lines[end]):
        end += 1
    return end


def _list(lines: list[str]) -> Markup:
    items: list[str] = []
    for line in lines:
        item = ITEM.match(line)
        if item:
            items.append(item[1])
        else:
            items[-1] += f" {line.strip()}"
    name = "ol" if re.match(r"\s*\d", lines[0]) else "ul"
    inside = Markup("").join(Markup("<li>{}</li>").format(_inline(item)) for item in items)
    return Markup("<{0}>{1}</{0}>").format(name, inside)


def _inline(text: str) -> Markup:
    parts, last = [], 0
    for match in INLINE.finditer(text):
        parts += [escape(text[last : match.start()]), _marked(match)]
        last = match.end()
    return Markup("").join([*parts, escape(text[last:])])


def _marked(match: re.Match[str]) -> Markup:
    if match["code"]:
        return Markup("<code>{}</code>").format(match["code"][1:-1])
    if match["picture"] is not None:
        return Markup("<em>[picture{}]</em>").format(
            f": {match['picture']}" * bool(match["picture"])
        )
    if match["link"] is not None:
        return escape(match["link"])
    if match["strong"]:
        return Markup("<strong>{}</strong>").format(match["strong"])
    return Markup("<em>{}</em>").format(match["em"] or match["em2"])
