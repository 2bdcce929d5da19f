"""The author's own modules that lie beside a notebook, or that it writes, and that it imports."""

import ast
import os
import re
import sys
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path

from chasm.errors import InputError
from chasm.read.files import read_text

IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(\w+)[\w.]*[ \t]+import\b|import[ \t]+(.+))", re.MULTILINE
)
#: A cell that writes itself into a module beside the notebook.
WRITTEN = re.compile(
    r"\s*%%(?:writefile|file)[ \t]+(?:(-a|--append)[ \t]+)?(?:\./)?(\w+)\.py[ \t]*\n"
)
MAX_FILES = 200
MAX_LENGTH = 2_000_000


def modules_written(cells: Iterable[str]) -> dict[str, str]:
    """The texts of the modules that code cells write beside the notebook, by their names."""
    found: dict[str, str] = {}
    for cell in cells:
        match = WRITTEN.match(cell)
        if match is not None and _is_importable(match[2]):
            before = found.get(match[2], "") if match[1] else ""
            found[match[2]] = f"{before}{cell[match.end() :].rstrip()}\n"
    return found


def modules_beside(
    notebook: Path, sources: Iterable[str], written: Mapping[str, str]
) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    """Python files by their path below the notebook's folder, and why some are missing.

    A module counts when the notebook imports it, or another one that it imports; of a folder
    every Python file belongs to it. Links are not followed. What the notebook has ``written``
    by itself need not lie there, and goes before what does.
    """
    present: dict[str, list[Path]] = _present(notebook)
    present |= {name: [notebook.parent / f"{name}.py"] for name in written}
    found: dict[str, str] = {}
    problems: list[str] = []
    wanted = [root for source in sources for root in _roots(source)] if present else []
    seen: set[str] = set()
    while wanted:
        root = wanted.pop()
        if root in seen or root not in present:
            continue
        seen.add(root)
        for path in present[root]:
            name = path.relative_to(notebook.parent).as_posix()
            text, problem = _read(
                path, written.get(root), sum(map(len, found.values())), len(found)
            )
            if problem:
                problems.append(f"{name}, which the notebook imports, {problem}")
                continue
            found[name] = text
            wanted += _roots(text)
    return tuple(sorted(found.items())), problems


def _present(notebook: Path) -> dict[str, list[Path]]:
    """The files of each module that could be imported from the notebook's folder."""
    found: dict[str, list[Path]] = {}
    try:
        # A folder may hold many files, few of which could be modules.
        names = sorted(one for one in os.listdir(notebook.parent) if _is_importable(one))
    except OSError:
        return {}
    for entry in (notebook.parent / one for one in names):
        name = entry.name.removesuffix(".py")
        try:
            files = _files_of(entry)
        except OSError:
            # What nobody may look into nobody imports.
            continue
        if entry.is_dir() and files:
            # As for Python itself, a package goes before a module of the same name.
            found[name] = files
        elif files and entry.name != notebook.name:
            found.setdefault(name, files)
    return found


def _files_of(entry: Path) -> list[Path]:
    """The file of a module, or those of a package; none of anything else."""
    if entry.is_symlink():
        return []
    if entry.name.endswith(".py") and entry.is_file():
        return [entry]
    if not (entry.is_dir() and (entry / "__init__.py").is_file()):
        return []
    return [
        path for path in sorted(entry.rglob("*.py"))
        if all(part.isidentifier() for part in path.relative_to(entry).parts[:-1])
        and not path.is_symlink()
    ][: MAX_FILES + 1]  # fmt: skip


def _is_importable(file_name: str) -> bool:
    name = file_name.removesuffix(".py")
    return name.isidentifier() and name not in sys.stdlib_module_names


def _roots(source: str) -> list[str]:
    roots: list[str] = []
    for module, listed in IMPORT.findall(source):
        names = [module] if module else re.split(r"[,;]", listed)
        roots += [name.strip().split(".")[0].split(" ")[0] for name in names]
    return roots


def _read(path: Path, written: str | None, length: int, count: int) -> tuple[str, str]:
    """The text of a module, or why it cannot come along."""
    if count >= MAX_FILES or length > MAX_LENGTH:
        return "", "was left out: there is too much of it"
    try:
        text = written if written is not None else read_text(path)[0]
    except InputError:
        return "", "cannot be read"
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(ast.parse(text), path.name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "", "was left out: it is not valid Python"
    return text, ""
