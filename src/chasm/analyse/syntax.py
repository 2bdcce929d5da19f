"""Code cells to syntax trees; a cell that is no Python becomes a finding, never an error."""

import ast
import re
import warnings
from dataclasses import dataclass

from chasm.analyse.names import NameFlow, name_flow
from chasm.findings import Finding, Severity
from chasm.model import Cell, CellKind, Notebook

HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
MAX_SENTENCE = 160
#: What is shorter is a sentence only with the sign of its end.
MIN_WORDS = 6
ENDS = (".", "!", "?", "…", "。", "！", "？")
FENCE = re.compile(r"^\s*(```|~~~)")


@dataclass(frozen=True, slots=True)
class ParsedCell:
    """The statements of one code cell, each with the names that it reads and binds."""

    cell: Cell
    body: tuple[ast.stmt, ...]
    flows: tuple[NameFlow, ...]


def parse_cells(notebook: Notebook) -> tuple[list[ParsedCell], list[Finding], dict[int, str]]:
    """Every readable code cell, what is wrong with the others, and why they are left out."""
    parsed: list[ParsedCell] = []
    findings: list[Finding] = []
    skipped: dict[int, str] = {}
    for cell in notebook.cells:
        if cell.kind is not CellKind.CODE:
            continue
        if "chasm-skip" in cell.tags:
            skipped[cell.index] = "tagged chasm-skip"
        elif cell.left_out is not None:
            skipped[cell.index] = cell.left_out
        else:
            body, problem = parse_source(cell.source)
            if problem is None:
                parsed.append(ParsedCell(cell, tuple(body), tuple(map(name_flow, body))))
            else:
                line, message = problem
                skipped[cell.index] = f"not valid Python: {message}"
                text = f"the cell is left out, it is not valid Python: {message}"
                findings.append(Finding("CH003", Severity.WARNING, text, cell.index, line))
    return parsed, findings, skipped


def parse_source(source: str) -> tuple[list[ast.stmt], tuple[int, str] | None]:
    """The statements of ``source``, or the line and the reason why there are none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(source)
            # Some errors, as a return outside a function, only show when code is made of it.
            # A notebook has an event loop, so that its cells may await.
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            compile(_future_first(tree), "<cell>", "exec", flags, dont_inherit=True)
        except SyntaxError as error:
            return [], (error.lineno or 1, (error.msg or "invalid syntax").split("\n")[0][:120])
        except (ValueError, OverflowError, UnicodeError) as error:
            return [], (1, str(error).split("\n")[0][:120])
        except (RecursionError, MemoryError):
            return [], (1, "nested too deeply")
    return tree.body, None


def _future_first(tree: ast.Module) -> ast.Module:
    """A kernel compiles statements one by one: ``from __future__`` may stand anywhere."""
    rest = [node for node in tree.body if not _is_future(node)]
    return ast.Module([*filter(_is_future, tree.body), *rest], tree.type_ignores)


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def headings_of(notebook: Notebook) -> tuple[dict[int, tuple[str, ...]], str, str]:
    """The headings above each cell; the notebook's title, and the sentence below it."""
    path: list[tuple[int, str]] = []
    found: dict[int, tuple[str, ...]] = {}
    title = summary = ""
    told = False
    # Once there is code a heading is that of a part, but for the highest below the imports.
    deepest = 6
    for cell in notebook.cells:
        if cell.kind is CellKind.CODE and cell.source.strip():
            deepest = min(deepest, 1 if _only_imports(cell.source) else 0)
        if cell.kind is CellKind.MARKDOWN:
            for level, text in _markdown_headings(cell.source):
                path = [(depth, old) for depth, old in path if depth < level]
                path.append((level, text))
                if level <= deepest:
                    title = title or text
            if title and not told:
                # Only what stands below the title says what the whole is for.
                summary, told = _first_sentence(cell.source), True
        found[cell.index] = tuple(text for _, text in path)
    return found, title, summary


def titles_a_part(notebook: Notebook, title: str) -> bool:
    """Whether a title is that of a part: it stands below code, and alone or beside others.

    The title of the whole has headings of parts below its level, or a text of its own.
    """
    levels: list[int] = []
    found: int | None = None
    below = told = False
    for cell in notebook.cells:
        if cell.kind is CellKind.CODE:
            below |= bool(cell.source.strip())
            continue
        for level, text in _markdown_headings(cell.source):
            levels.append(level)
            if found is None and text == title:
                if not below:
                    return False
                found, told = level, bool(_first_sentence(cell.source))
    if found is None:
        return False
    return levels.count(found) > 1 or not told and max(levels) == found


def _only_imports(source: str) -> bool:
    lines = [line for line in source.split("\n") if line.strip()]
    return all(line.startswith(("import ", "from ", "#")) for line in lines)


def _markdown_headings(source: str) -> list[tuple[int, str]]:
    result: list[tuple[int, str]] = []
    if "#" not in source:
        return result
    fenced = False
    for line in source.split("\n"):
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced and (match := HEADING.match(line)):
            text = plain_text(match.group(2))
            if text:
                result.append((len(match.group(1)), text))
    return result


def plain_text(markdown: str) -> str:
    """One line of Markdown without its marks."""
    text = re.sub(r"<[^>]*>", "", markdown)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"[*`~]+|(?<!\w)_+|_+(?!\w)", "", text)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _first_sentence(source: str) -> str:
    for line in source.split("\n"):
        text = plain_text(line)
        if _is_prose(line, text):
            sentence = re.split(r"(?<=[.!?])\s", text)[0]
            if not sentence.endswith(ENDS) and not _is_spoken(sentence.split()):
                # Names of people, or of a place.
                continue
            if len(sentence) > MAX_SENTENCE:
                sentence = f"{sentence[:MAX_SENTENCE].rsplit(' ', 1)[0].rstrip(' ,;:-')}…"
            return sentence
    return ""


def _is_spoken(words: list[str]) -> bool:
    """Whether words are those of a sentence without its end."""
    return len(words) >= MIN_WORDS and 2 * sum(w[:1].isupper() for w in words) <= len(words)


def _is_prose(line: str, text: str) -> bool:
    """Whether a line is a sentence, and no heading, list, table or announcement of one."""
    if HEADING.match(line) or not text[:1].isalpha() or len(text) <= 12:
        return False
    return not text.endswith((":", ";", ",")) and "://" not in line and "|" not in text


def comment_above(lines: list[str], line: int) -> str:
    """The comment lines directly above a statement that starts on ``line``, joined."""
    found: list[str] = []
    number = line - 2
    while number >= 0 and lines[number].lstrip().startswith("#"):
        found.append(lines[number].strip().lstrip("#").strip())
        number -= 1
    return " ".join(reversed(found)).strip()
