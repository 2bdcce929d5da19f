"""Whether packages on the disk are what their notebook gives now."""

from collections.abc import Sequence
from pathlib import Path

from chasm.errors import InputError
from chasm.read.files import printable, read_text

MANIFEST = Path(".chasm", "manifest.json")


def stale_packages(notebook: Path, packages: Sequence[Path]) -> tuple[str, ...]:
    """The folders of ``packages`` that converting ``notebook`` now would change.

    Without ``packages``, of those that chasm has written where ``convert`` writes by default.
    """
    from chasm.api import convert
    from chasm.verify import package_in

    found: dict[Path, str] = {}
    for folder in packages or _usual(notebook):
        if not _is_written(folder):
            if packages:
                raise InputError(f"{printable(str(folder))}: no package that chasm has written")
            continue
        done = convert(notebook, folder, name=package_in(folder), dry_run=True)
        if done.written or done.removed or done.edited:
            found[folder.absolute()] = folder.as_posix()
    return tuple(found.values())


def belonging(notebook: Path, packages: Sequence[Path], alone: bool) -> list[Path]:
    """Of several packages those of this notebook, by their names; ``alone``: all are."""
    from chasm.emit.names import package_name
    from chasm.verify import package_in

    name = package_name(notebook.stem, frozenset())
    return [one for one in packages if alone or package_in(one) == name]


def _usual(notebook: Path) -> list[Path]:
    """Where ``convert`` writes the package by default, and the same beside the notebook."""
    from chasm.emit.names import package_name

    folder = package_name(notebook.stem, frozenset()).replace("_", "-")
    return [Path(folder), notebook.parent / folder]


def _is_written(folder: Path) -> bool:
    try:
        read_text(folder / MANIFEST)
    except InputError:
        return False
    return True
