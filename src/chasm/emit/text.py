"""Text of the notebook on its way into TOML, Markdown and Python: always escaped."""

import json
import re
import textwrap

#: What formatters, linters and type checkers look for in comments.
PRAGMA = re.compile(r"\s*(fmt|type|noqa|isort|yapf|pylint|mypy|ruff|pragma)\b", re.IGNORECASE)


def toml(text: str) -> str:
    """``text`` as a TOML basic string."""
    return json.dumps(_visible(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def markdown(text: str) -> str:
    """``text`` as plain words of Markdown: no links, no HTML, no mentions, no tables."""
    plain = re.sub(r"([\\`*{}\[\]|~])", r"\\\1", _visible(text))
    # Inside a word an underscore is one; elsewhere it may start an emphasis.
    plain = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", plain)
    # At its head a line may be a list, a heading or a rule.
    plain = re.sub(r"^(\d*)([-+#=.)])", r"\1\\\2", plain)
    return (
        plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "&#64;")
    )


def code(text: str) -> str:
    """``text`` as an inline code span, also inside a table."""
    plain = _visible(text).replace("`", "'")
    # A table ends its cell at a bar, escaped or not, where a backslash stands before the escape.
    plain = plain.replace("|", "¦" if "\\" in plain else "\\|")
    return f"`{plain}`"


def docstring(text: str) -> str:
    """``text`` for between triple quotes."""
    return _visible(text).replace("\\", "/").replace('"', "'")


def comment(text: str, width: int = 90) -> list[str]:
    """``text`` as lines for behind a ``#``; none where it would tell a tool what to do."""
    return (
        [] if PRAGMA.match(text) else textwrap.wrap(_visible(text), width, break_on_hyphens=False)
    )


def label(text: str) -> str:
    """``text`` as a quoted label of a mermaid node."""
    plain = "".join(c if c.isalnum() or c in " ._-/" else "_" for c in _visible(text))
    return f'"{plain[:60]}"'


def _visible(text: str) -> str:
    """On one line, without control or direction marks."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
