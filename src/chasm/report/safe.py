"""Text of a notebook on its way into Markdown of a pull request: words, never anything else.

Forges look for mentions, references and commands in the rendered text and, some of their bots,
in the raw one. So every sign that could start one is followed by a space of no width, and code
stands in code spans and fences that it cannot leave.
"""

import html
import re

#: A space of no width: what stands around it is no longer one word.
BREAK = "\u200b"
#: What starts a mention, a reference, a link, a comment or a command.
STARTS = re.compile(
    r"@(?!\s)|#(?=[\w[])|:(?=//)|\bwww(?=\.)|\bGH(?=-\d)|<(?=!--)|^\s*(?=/)|mailto(?=:)",
    re.IGNORECASE | re.MULTILINE,
)
SIGNS = re.compile(r"([\\`*_{}\[\]()#+!|~:$])")
#: Forges link what looks like the name of a commit.
COMMIT = re.compile(r"(?<![\w.])[0-9a-fA-F]{7,}\b")
MAX_CODE = 160


def visible(text: str) -> str:
    """``text`` on one line, what has no shape or changes direction made visible."""
    return " ".join(shaped(text.expandtabs(4)).split())


def shaped(line: str) -> str:
    """The same with the spaces left as they are."""
    found = "".join(c if c.isprintable() else _escaped(c) for c in line)
    return found.encode("utf-8", "backslashreplace").decode("utf-8")


def _escaped(sign: str) -> str:
    if sign in "\n\r\t\x0b\x0c\x85\u2028\u2029":
        return " "
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"


def harmless(text: str) -> str:
    """``text`` in which nothing is a mention, a reference, a link or a command."""
    return STARTS.sub(lambda found: found.group() + BREAK, text)


def words(text: str, limit: int = 600) -> str:
    """``text`` as plain words of Markdown, also in a cell of a table."""
    plain = html.escape(harmless(cut(visible(text), limit)), quote=False)
    plain = COMMIT.sub(lambda found: found.group()[0] + BREAK + found.group()[1:], plain)
    return SIGNS.sub(_backslash, plain)


def _backslash(found: re.Match[str]) -> str:
    # A bar after a backslash still ends the cell of a table for some.
    return "¦" if found.group() == "|" else f"\\{found.group()}"


def code(text: str, limit: int = MAX_CODE) -> str:
    """``text`` as a code span, also in a cell of a table and in a heading."""
    plain = harmless(cut(visible(text), limit)).replace("`", "ˋ").replace("|", "¦")
    return f"`{plain}`" if plain.strip() else "`(empty)`"


def fenced(lines: list[str], language: str) -> str:
    """``lines`` as a block of code; ``language`` is chasm's own word."""
    inside = [harmless(shaped(line.expandtabs(4))) for line in lines]
    longest = max((len(run) for line in inside for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}{language}", *inside, fence])


def cut(text: str, limit: int) -> str:
    """The beginning of ``text``, with a mark where there was more."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
