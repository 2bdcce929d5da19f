"""Where the expressions of a formatted text stand; Python 3.11 does not tell."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chasm.plan.split.source import Source

OPENING, CLOSING = "([{", ")]}"


def calls_in(node: ast.JoinedStr, source: Source) -> Iterator[tuple[ast.Call, int, int]]:
    """The calls in a formatted text on one line, each with its place in the source."""
    start, end = source.span(node)
    text = source.text[start:end].decode("utf-8", "surrogatepass")
    values = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
    spans = list(_spans(text))
    if "\n" in text or len(values) != len(spans):
        return
    for value, (first, last) in zip(values, spans, strict=True):
        code = text[first:last]
        left = len(code) - len(code.lstrip())
        try:
            found = ast.parse(code.strip(), mode="eval").body
        except SyntaxError:
            return
        if ast.dump(found) != ast.dump(value):
            return
        begin = start + len(text[: first + left].encode("utf-8", "surrogatepass"))
        for call, place in zip(ast.walk(value), ast.walk(found), strict=True):
            if isinstance(call, ast.Call) and isinstance(place, ast.Call):
                yield call, begin + place.col_offset, begin + (place.end_col_offset or 0)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the expressions between braces stand in the source of a formatted text."""
    at = 0
    while at < len(text):
        if text[at : at + 2] in ("{{", "}}"):
            at += 2
        elif text[at] == "{":
            last = _end_of_expression(text, at + 1)
            yield at + 1, last
            at = _end_of_field(text, last)
        else:
            at += 1


def _end_of_expression(text: str, at: int) -> int:
    """Where the expression ends: at its format, its conversion or the closing brace."""
    depth, quote = 0, ""
    while at < len(text):
        sign = text[at]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign in OPENING:
            depth += 1
        elif depth and sign in CLOSING:
            depth -= 1
        elif not depth and (sign in "}:" or (sign == "!" and text[at + 1 : at + 2] != "=")):
            return at
        at += 1
    return at


def _end_of_field(text: str, at: int) -> int:
    """Behind the brace that closes a field whose format may hold fields of its own."""
    depth = 1
    while at < len(text) and depth:
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return at
