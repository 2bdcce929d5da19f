"""Python with its words marked, line for line; made for reading, not for understanding."""

import builtins
import keyword
import re

from markupsafe import Markup, escape

from chasm.report.page import revealed

TOKEN = re.compile(
    r"(?P<comment>\#[^\n]*)"
    r"|(?P<text>\b[rbfuRBFU]{0,2}(?:\"\"\"[\s\S]*?(?:\"\"\"|\Z)|'''[\s\S]*?(?:'''|\Z)"
    r"|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?)"
    r"|(?:\"\"\"[\s\S]*?(?:\"\"\"|\Z)|'''[\s\S]*?(?:'''|\Z)"
    r"|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?))"
    r"|(?P<number>\b\d[\w.]*)"
    r"|(?P<name>(?:def|class)\s+\w+)"
    r"|(?P<word>\b[^\W\d]\w*)"
    r"|(?P<magic>^[ \t]*[%!][^\n]*)",
    re.MULTILINE,
)
KEYWORDS = frozenset(keyword.kwlist)
BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_"))
#: Classes of the page for each kind of token.
CLASSES = {"comment": "c", "text": "s", "number": "n", "magic": "m"}


def coloured(text: str) -> list[Markup]:
    """The lines of ``text`` as HTML."""
    text = revealed.code(text)
    parts: list[Markup] = []
    last = 0
    for match in TOKEN.finditer(text):
        parts += [escape(text[last : match.start()]), _token(match)]
        last = match.end()
    parts.append(escape(text[last:]))
    return [Markup(line) for line in Markup("").join(parts).split("\n")]


def plain(text: str) -> list[Markup]:
    """The lines of a file in another language as HTML."""
    return [escape(line) for line in revealed.code(text).split("\n")]


def _token(match: re.Match[str]) -> Markup:
    kind, words = match.lastgroup or "", match.group()
    if kind == "name":
        word, name = words.split(None, 1)
        gap = words[len(word) : len(words) - len(name)]
        return _span("k", word) + escape(gap) + _span("d", name)
    if kind == "word":
        if words in KEYWORDS:
            return _span("k", words)
        return _span("b", words) if words in BUILTINS else escape(words)
    # A token of several lines is marked on each of them, so that lines can be taken apart.
    return Markup("\n").join(_span(CLASSES[kind], line) for line in words.split("\n"))


def _span(name: str, words: str) -> Markup:
    return Markup('<span class="{}">{}</span>').format(name, words) if words else Markup("")
