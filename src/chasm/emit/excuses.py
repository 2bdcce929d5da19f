"""Comments that excuse what a linter says of the notebook's own code.

The author's statements stay as they were, so what a linter finds in them stays as well:
an unused name, a comparison with ``== None``. Each such line says so itself. A comment that
says nothing is no statement: it goes, for no other comment can stand behind it.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterable

from chasm.emit.formatting import reformatted

MARK = "  # noqa: "
UNUSED = "RUF100"
EMPTY = "PLR2044"
#: The end of a line on which a call begins.
CALL = re.compile(r"[\w\])]\($")


def excuse(text: str, complaints: Iterable[tuple[int, str]], settled: set[str]) -> str:
    """``text``, formatted, with a ``noqa`` comment on each line that a linter complains of.

    ``settled`` is what :func:`~chasm.emit.formatting.formatted` was given.
    """
    codes: dict[int, set[str]] = {}
    ends = _ends_of_strings(text)
    for row, code in complaints:
        codes.setdefault(ends.get(row, row), set()).add(code)
    lines: list[str | None] = [*text.split("\n")]
    for number, found in codes.items():
        body, mark, old = (lines[number - 1] or "").partition(MARK)
        if UNUSED in found:
            # The formatter moved the comment away from the line that it excuses.
            lines[number - 1] = body
            _hold_open(lines, number - 1)
            continue
        if EMPTY in found:
            body = body.rstrip("# ")
            found.remove(EMPTY)
        if not found:
            lines[number - 1] = body or None
            continue
        if mark:
            found |= {code.strip() for code in old.split(",")}
        lines[number - 1] = f"{body}{MARK}{', '.join(sorted(found))}"
    return reformatted("\n".join(one for one in lines if one is not None), settled)


def _hold_open(lines: list[str | None], last: int) -> None:
    """A comma behind the arguments of a call that ends on line ``last``, below its one other line.

    Without it the formatter would move the comment that belongs to the first line back again.
    """
    if last < 2 or (lines[last] or "").strip() != ")":
        return
    called, inside = (lines[last - 2] or "").partition(MARK)[0].rstrip(), lines[last - 1] or ""
    if not CALL.search(called) or inside.rstrip().endswith(",") or "#" in inside:
        return
    try:
        # A generator alone takes no comma behind it.
        ast.parse(f"_({inside.strip()},)")
    except SyntaxError:
        return
    lines[last - 1] = f"{inside},"


def _ends_of_strings(text: str) -> dict[int, int]:
    """For each line inside a string of several lines, the line on which it ends."""
    ends: dict[int, int] = {}
    starts: list[int] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        name = tokenize.tok_name[token.type]
        if name == "FSTRING_START":
            starts.append(token.start[0])
            continue
        first = starts.pop() if name == "FSTRING_END" and starts else token.start[0]
        if name in ("STRING", "FSTRING_END") and first != token.end[0]:
            ends |= dict.fromkeys(range(first, token.end[0] + 1), token.end[0])
    return ends
