"""Signs without a shape made visible: code that reads otherwise than it runs shows it."""

import unicodedata
from collections.abc import Callable

#: What joins letters of some scripts and parts of pictures is part of words, not of code.
JOINING = "\u200c\u200d"
SHAPELESS = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def code(text: str) -> str:
    """``text`` in which each sign but a space, a tab and a line break has a shape."""
    return _revealed(text, lambda sign: sign.isprintable())


def words(text: str) -> str:
    """The same of prose, where spaces are of many kinds and letters are joined."""
    return _revealed(
        text, lambda sign: sign in JOINING or unicodedata.category(sign) not in SHAPELESS
    )


def _revealed(text: str, shaped: Callable[[str], bool]) -> str:
    if all(line.isprintable() for line in text.split("\n")):
        return text
    return "".join(
        sign if sign in "\n\t" or shaped(sign) else f"\\u{ord(sign):04x}" for sign in text
    )
