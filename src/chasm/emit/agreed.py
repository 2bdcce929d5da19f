"""Which lines of a formatted module black need not see.

ruff formats a module in a twentieth of the time that black takes, and nearly always to the same
text. Where the two differ, it is in what they had to divide, in parentheses, comments and
strings of other sorts, never in a plain line that fits. So black is shown an outline of what
ruff made, in which plain statements are the shortest ones of their sort. If black leaves the
outline as it is, it would leave the module as it is.
"""

import re

WIDTH = 88
#: What stands between a definition at the top of a module and its neighbours.
BETWEEN = "\n\n\n"
#: Stands in for an empty line; no module can have it.
NO_SPACE = "\0"
#: Words between two operands: a parenthesis after them may be one too many.
_BETWEEN = ("and", "or", "not", "in", "is", "if", "else", "for")
#: What a plain expression consists of. That the text is Python is known.
_PIECE = r"""(?:
  (?!OTHER) [A-Za-z_]\w*+ (?!["'])
| [0-9][0-9_]*+ (?:\.[0-9]++)?+ (?:e-?[0-9]++)?+ (?![\w.])
| "[^"\\]*+" | '[^'"\\]*+"[^'\\]*+'
| f"(?: [^"\\{}] | \{ [A-Za-z_][\w.]*+ (?: : [\w.,%<>^]*+ )? \} )*+"
| (?<=[\w\])]) \( | \)
| \[ (?: -?\w*+ : -?\w*+ (?=[\],]) )?+ | \] | \{ | \}
| \. | : [ ] | , [ ] (?: -?\w*+ : -?\w*+ (?=[\],]) )?+ | = | (?<=[(\[= ]) -
| [ ] (?: [-+*/<>&|%=] | [-+*/=!<>&|]= | // ) [ ]
| [ ] (?=(?:BETWEEN)[ ]) | (?:AFTER) [ ] (?=[\w"'{[-])
)"""
_PARTS = {
    "PIECE": _PIECE,
    "OPEN": r"(?: [A-Za-z_][\w.]*+ \( | \[ | \{ )",
    "START": r"(?!OTHER) (?!(?:BETWEEN)\b) [A-Za-z_]",
    "PARAMETERS": r"""(?: \*{0,2} [A-Za-z_]\w*+ (?: :[ ]TYPE )?+ (?: [ ]?=[ ]? [\w."()]++ )?+
        (?: ,[ ](?=[\w*]) )?+ | \*,[ ] )*+""",
    "TYPE": r"""[\w.\[\]|, "]++""",
    "OTHER": (
        r"(?:as|assert|async|await|break|class|continue|def|del|elif|except|finally|from|global"
        r"|import|lambda|nonlocal|pass|raise|return|try|while|with|yield)\b"
    ),
    "BETWEEN": "|".join(_BETWEEN),
    "AFTER": "|".join(rf"(?<=\b{word})" for word in _BETWEEN),
}


def _pattern(text: str) -> re.Pattern[str]:
    for name, part in _PARTS.items():
        text = text.replace(name, part)
    return re.compile(text, re.VERBOSE)


#: A statement, or the head of a block, on one line.
_PLAIN = _pattern(r"""(?P<indent>[ ]*+)
    (?: (?P<head> (?:if|elif|while)[ ] | for[ ][\w, ]+?[ ]in[ ] ) PIECE++ :
      | (?P<definition>def)[ ]\w++\( PARAMETERS \) (?:[ ]->[ ]TYPE)?+ :
      | (?P<imports>(?: from[ ](?!__)[\w.]++[ ] )?+ import[ ][\w., ]++)
      | (?P<text>"{3} [^"\\\s] (?: [^"\\]*+ (?<!\s) )? "{3})
      | (?: (?P<result>return[ ]) | (?=START) ) PIECE++ )""")
#: The first line of a statement with one argument a line, such an argument, and the last line.
_FIRST = _pattern(r"""(?P<indent>[ ]*+)
    (?: (?P<definition>def[ ]\w++\()
      | (?P<imports>from[ ](?!__)[\w.]++[ ]import[ ]\()
      | (?P<result>return[ ])?+ (?: (?=START)[\w., ]++[ ]=[ ] )?+ OPEN )""")
_ARGUMENT = _pattern(r"[ ]++ (?: \*, | \*{0,2} PIECE++, )")
_NESTED = _pattern(r"[ ]++ (?:\w++=)?+ OPEN")
_END = re.compile(r" +[)\]}],")
_LAST = re.compile(r" *[)\]}](?P<definition>(?: -> [\w.\[\], |]++)?:)?")
_STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
#: What opens, closes or hides a bracket. A string of several lines is what remains of its quotes.
_SIGN = re.compile(
    r"""\#|\"{3}(?:[^"\\]|\\.|"(?!""))*+"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*+'{3}|\"{3}|'{3}
    |"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|[()\[\]{}]|\\""",
    re.VERBOSE,
)


def outline(text: str) -> list[str]:
    """``text``, which ruff has formatted, in blocks, with short statements for plain ones.

    Two empty lines are between them, and the end of a line after the last. What an outline
    cannot tell of is given as it is.
    """
    lines = text.removesuffix("\n").split("\n")
    made: list[str] = []
    depth, quotes, place, merged = 0, "", 0, ""
    while place < len(lines):
        line = lines[place]
        if not quotes and not depth:
            short, after = _shortened(lines, place)
            if short:
                # Of several plain statements one after another, one is enough.
                if short != merged:
                    made.append(short)
                merged, place = "" if short.endswith(":") else short, after
                continue
        merged = ""
        # Empty lines of a string are no space between definitions.
        made.append(line or NO_SPACE if quotes else line)
        place += 1
        if quotes:
            quotes = "" if quotes in line else quotes
            continue
        for sign in _SIGN.findall(line):
            if sign == "#":
                break
            if sign == "\\":
                return [text.removesuffix("\n")]
            if sign in ('"""', "'''"):
                quotes = sign
            elif len(sign) == 1:
                depth += 1 if sign in "([{" else -1
    return [block.replace(NO_SPACE, "") for block in "\n".join(made).split(BETWEEN)]


def _shortened(lines: list[str], place: int) -> tuple[str, int]:
    """A short statement for the plain one that starts here, and where the next one starts."""
    line = lines[place]
    if not line.endswith(("(", "[", "{")):
        found = _PLAIN.fullmatch(line)
        return (_short(found), place + 1) if found and _fits(line) else ("", place)
    found = _FIRST.fullmatch(line)
    if not found:
        return "", place
    open_ = 1
    for number in range(place + 1, len(lines)):
        line = lines[number]
        if line.endswith(("(", "[", "{")):
            if not _NESTED.fullmatch(line) or len(line) > WIDTH:
                break
            open_ += 1
        elif open_ > 1 and _END.fullmatch(line):
            open_ -= 1
        elif not line.endswith(","):
            last = _LAST.fullmatch(line)
            if open_ > 1 or not last or bool(last["definition"]) != bool(found["definition"]):
                break
            return _short(found), number + 1
        elif not _ARGUMENT.fullmatch(line) or not _fits(line):
            break
    return "", place


def _short(found: re.Match[str]) -> str:
    """The shortest statement of the sort."""
    parts = found.groupdict()
    indent = parts["indent"]
    if parts.get("definition"):
        return f"{indent}def _():"
    if parts.get("text"):
        return f'{indent}"""_"""'
    if parts.get("imports"):
        return f"{indent}import _"
    if head := parts.get("head"):
        return f"{indent}for _ in _:" if head.startswith("for ") else f"{indent}{head}_:"
    return f"{indent}return _" if parts["result"] else f"{indent}_ = 0"


def _fits(line: str) -> bool:
    """Whether a plain line is whole, and as wide as it has characters."""
    if len(line) > WIDTH or not line.isascii():
        return False
    if '"' in line or "'" in line:
        line = _STRING.sub("", line)
    return all(line.count(a) == line.count(b) for a, b in ("()", "[]", "{}"))
