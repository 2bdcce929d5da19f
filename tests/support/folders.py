"""The fixtures as folders, and folders as mappings from path to text."""

import difflib
import shutil
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "fixtures" / "notebooks"
EXPECTED = "expected"
FINDINGS = "expected-findings.txt"
UNSTABLE = "expected-unstable.txt"
CHECKED = "expected-check.txt"
#: chasm's own record of what it wrote; it says nothing that the other files do not say.
MANIFEST = ".chasm/manifest.json"


def fixtures() -> list[Path]:
    """The folder of every fixture, in the order of their names."""
    return sorted(path for path in NOTEBOOKS.iterdir() if path.is_dir() and path.name[0] != ".")


def source_in(folder: Path) -> Path:
    """The notebook in a fixture's folder, of whatever dialect it is."""
    (found,) = folder.glob("notebook.*")
    return found


def copied(folder: Path, parent: Path) -> Path:
    """A copy of a fixture below ``parent``, without its expectations."""
    ignore = shutil.ignore_patterns(EXPECTED, FINDINGS, UNSTABLE, CHECKED, "__pycache__")
    return Path(shutil.copytree(folder, parent / folder.name, ignore=ignore))


def tree(folder: Path) -> dict[str, str]:
    """Every file below ``folder`` by its path, with ``/`` between folders, as text."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def difference(expected: Mapping[str, str], found: Mapping[str, str]) -> str:
    """A unified diff of two trees; empty when they are the same."""
    parts = []
    for path in sorted(expected.keys() | found.keys()):
        old, new = expected.get(path), found.get(path)
        if old == new:
            continue
        if old is None or new is None:
            parts.append(f"{path}: {'not expected' if old is None else 'missing'}")
            continue
        lines = difflib.unified_diff(
            old.splitlines(), new.splitlines(), f"expected/{path}", f"made/{path}", lineterm=""
        )
        parts.append("\n".join(lines) or f"{path}: differs in line ends")
    return "\n\n".join(parts)


def replace_tree(folder: Path, files: Mapping[str, str]) -> None:
    """Make ``folder`` hold ``files`` and nothing else."""
    if folder.exists():
        shutil.rmtree(folder)
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
