"""Passwords, keys and tokens, in code, in outputs and in metadata."""

import ast
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

from chasm.analyse.syntax import parse_source
from chasm.checks.check import Check, Hit, Subject
from chasm.findings import Severity
from chasm.model import CellKind, Statement

#: What a reader of documentation puts where a secret goes.
PLACEHOLDER = re.compile(
    r"x{4,}|\*{3,}|\.{3}|<|>|\{|\$|your|my[-_ ]?(api|key|token|secret|pass)|example|dummy|sample|"
    r"fake|placeholder|change[-_ ]?me|todo|insert|redacted|secret_?here|key_?here|token_?here|"
    r"12345|abcde|password|passwd|secret$|token$",
    re.IGNORECASE,
)
NAMED = re.compile(
    r"(^|_)(?<!new_)(?<!old_)(?<!test_)(passw(or)?d|passwd|pwd|secret|"
    r"api_?key|apikey|auth_?token|access_?token|token|"
    r"secret_?key|access_?key|private_?key|client_?secret|credentials?)$",
    re.IGNORECASE,
)
#: A password may be a word; a key or token never is.
WORDY = re.compile(r"passw|pwd", re.IGNORECASE)


@cache
def _patterns(listed: frozenset[str]) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """``mark | what it is: expression``, as the rules have them; every match holds the mark."""
    found = []
    for text in sorted(listed):
        mark, _, rest = text.partition(" | ")
        what, _, expression = rest.partition(": ")
        found.append((mark, what, re.compile(expression)))
    return tuple(found)


def formats_in(texts: Iterable[str], listed: frozenset[str]) -> frozenset[str]:
    """Those of the formats whose mark is in any of the texts: there are many texts, few marks."""
    whole = "\n".join(texts)
    return frozenset(one for one in listed if one.partition(" | ")[0] in whole)


def find_formats(text: str, listed: frozenset[str]) -> Iterator[tuple[int, int, str]]:
    """Secrets that are known by their format: start, end, what it is."""
    for mark, what, pattern in _patterns(listed):
        if mark not in text:
            continue
        for match in pattern.finditer(text):
            group = match.group(match.lastindex or 0)
            if not PLACEHOLDER.search(group) and entropy(group) > 2.5:
                start = match.start(match.lastindex or 0)
                yield start, start + len(group), what


def entropy(text: str) -> float:
    """Bits a character, of the text's own letters."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


def in_source(subject: Subject) -> Iterator[Hit]:
    """Known formats in any cell, and literals that are given to names of secrets."""
    seen: set[tuple[int, int]] = set()
    every = subject.facts.notebook.cells
    listed = formats_in((cell.raw for cell in every), subject.words("secrets"))
    for cell in every:
        if cell.kind is CellKind.OTHER:
            continue
        for start, end, what in find_formats(cell.raw, listed):
            line = cell.raw.count("\n", 0, start) + 1
            column = start - (cell.raw.rfind("\n", 0, start) + 1)
            if (cell.index, line) not in seen:
                seen.add((cell.index, line))
                message = f"{what} stands in the notebook"
                yield Hit(message, cell.index, line, column, line, column + end - start)
    for cell_index, name, value in _taken_out(subject):
        if (cell_index, value.lineno) not in seen and _is_secret(name, str(value.value)):
            seen.add((cell_index, value.lineno))
            message = f"the value of {name!r} stands in the notebook"
            yield Hit(message, cell_index, value.lineno, value.col_offset)
    for index, line, name, value in _unread(subject):
        if (index, line) not in seen and _is_secret(name, str(value.value)):
            seen.add((index, line))
            yield Hit(f"the value of {name!r} stands in the notebook", index, line)
    for statement, name, value in _named(subject):
        if (statement.cell, value.lineno) not in seen and _is_secret(name, str(value.value)):
            seen.add((statement.cell, value.lineno))
            yield subject.at(statement, value, f"the value of {name!r} stands in the notebook")


def _taken_out(subject: Subject) -> Iterator[tuple[int, str, ast.Constant]]:
    """Literals with their names in cells of which reading has taken secrets out."""
    cells = {cell for cell, _, _ in subject.facts.notebook.secrets}
    for cell in subject.code_cells:
        body, problem = parse_source(cell.raw) if cell.index in cells else ([], None)
        for node in [] if problem else [n for s in body for n in ast.walk(s)]:
            for name, value in _given(node):
                yield cell.index, name, value


def _unread(subject: Subject) -> Iterator[tuple[int, int, str, ast.Constant]]:
    """Literals with their names in cells that are no Python as a whole: line by line."""
    cells = {one.cell for one in subject.facts.findings if one.code == "CH003"}
    for cell in subject.code_cells:
        lines = cell.raw.split("\n") if cell.index in cells else []
        for number, line in enumerate(lines, start=1):
            body, _ = parse_source(line.strip()) if "=" in line else ([], None)
            for name, value in (p for s in body for n in ast.walk(s) for p in _given(n)):
                yield cell.index, number, name, value


def _named(subject: Subject) -> Iterator[tuple[Statement, str, ast.Constant]]:
    """Literal texts with the names that they are given to."""
    for statement, node in subject.each(ast.Assign, ast.AnnAssign, ast.keyword, ast.Dict):
        for name, value in _given(node):
            yield statement, name, value


def _given(node: ast.AST) -> Iterator[tuple[str, ast.Constant]]:
    pairs: list[tuple[str, ast.expr | None]] = []
    if isinstance(node, ast.Assign):
        pairs = [(_last(target), node.value) for target in node.targets]
    elif isinstance(node, ast.AnnAssign):
        pairs = [(_last(node.target), node.value)]
    elif isinstance(node, ast.keyword) and node.arg:
        pairs = [(node.arg, node.value)]
    elif isinstance(node, ast.Dict):
        keys = [k.value if isinstance(k, ast.Constant) else "" for k in node.keys]
        pairs = list(zip(map(str, keys), node.values, strict=True))
    for name, value in pairs:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield name, value


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    return ""


def _is_secret(name: str, value: str) -> bool:
    if not NAMED.search(name) or PLACEHOLDER.search(value) or " " in value.strip():
        return False
    if "/" in value and "." in value or value.endswith((".json", ".txt", ".pem", ".key")):
        return False
    if WORDY.search(name):
        return len(value) >= 4 and entropy(value) > 1.5
    # Names of fields and words are no keys: those have digits, and are long and irregular.
    has_digit = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    return len(value) >= 16 and has_digit and entropy(value) > 3


def in_outputs(subject: Subject) -> Iterator[Hit]:
    """Known formats in what the cells printed, and in the metadata."""
    listed = subject.words("secrets")
    shown = (output.text for cell in subject.code_cells for output in cell.outputs)
    likely = formats_in(shown, listed)
    for cell in subject.code_cells:
        for output in cell.outputs:
            found = next(find_formats(output.text[:2_000_000], likely), None)
            if found is not None:
                yield Hit(f"{found[2]} stands in the cell's output", cell.index)
                break
    for key, text in subject.facts.notebook.metadata:
        for _, _, what in find_formats(text, listed):
            yield Hit(f"{what} stands in the notebook's metadata, under {key}")


SOURCE = Check("CH401", "secret-in-source", Severity.ERROR, in_source)
OUTPUT = Check("CH402", "secret-in-output", Severity.ERROR, in_outputs)
