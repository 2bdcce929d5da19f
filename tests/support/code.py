"""chasm's own modules as syntax trees, for the tests of what may stand in them."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from support.folders import ROOT

PACKAGE = ROOT / "src" / "chasm"


@dataclass(frozen=True)
class Module:
    """One module of chasm; ``layer`` is the first part of its name within chasm."""

    name: str
    layer: str
    text: str
    tree: ast.Module

    def imported(self) -> set[str]:
        """Dotted names of all modules that it imports, inside functions as well."""
        found = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.name}: a relative import"
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
        return found

    def imported_layers(self) -> set[str]:
        parts = [name.split(".") for name in self.imported() if name.startswith("chasm.")]
        return {part[1] for part in parts} - {"__version__"}

    def imported_roots(self) -> set[str]:
        return {name.partition(".")[0] for name in self.imported()}

    def dotted(self) -> set[str]:
        """Every longest chain of names joined by dots."""
        chains = [n for n in ast.walk(self.tree) if isinstance(n, ast.Attribute) and is_chain(n)]
        middle = {id(node.value) for node in chains}
        return {ast.unparse(node) for node in chains if id(node) not in middle}


def is_chain(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


@cache
def modules() -> tuple[Module, ...]:
    """All modules of chasm."""
    return tuple(_module(path) for path in sorted(PACKAGE.rglob("*.py")))


def _module(path: Path) -> Module:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    text = path.read_text(encoding="utf-8")
    return Module(".".join(parts), parts[0], text, ast.parse(text))


def called(tree: ast.AST) -> tuple[set[str], set[str]]:
    """Names that are called, and attributes that are called or raised."""
    names, attributes = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                names.add(node.func.id)
            elif isinstance(node.func, ast.Attribute):
                attributes.add(node.func.attr)
    return names, attributes


def words_of(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The words of every name and string with their lines; docstrings are for people."""
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if id(node) in documents:
            continue
        for text in _texts(node):
            for word in re.split(r"[^A-Za-z0-9]+", text):
                yield word.casefold(), getattr(node, "lineno", 0)


def _texts(node: ast.AST) -> list[str]:
    found = [
        value
        for field in ("id", "attr", "arg", "name", "asname", "module")
        if isinstance(value := getattr(node, field, None), str)
    ]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        found.append(node.value)
    return found
