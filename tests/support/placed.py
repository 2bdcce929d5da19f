"""A small project that is written, and the next version of it."""

from pathlib import Path

from support.folders import MANIFEST, tree

FILES = {"README.md": "one\n", "src/p/a.py": "a = 1\n", "src/p/b.py": "b = 2\n"}
NEXT = {"README.md": "two\n", "src/p/a.py": "a = 1\n", "src/p/c.py": "c = 3\n"}


def contents(folder: Path) -> dict[str, str]:
    """Everything in ``folder`` but chasm's own record."""
    return {path: text for path, text in tree(folder).items() if path != MANIFEST}


def assert_no_leftovers(folder: Path) -> None:
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(".")] == []
