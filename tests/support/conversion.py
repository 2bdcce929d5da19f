"""Fixtures, converted."""

from pathlib import Path

from chasm.api import Conversion, convert
from support.folders import copied, source_in

SHELL = "output of a shell command"


def converted(folder: Path, tmp_path: Path) -> Conversion:
    """The package of a copy of the fixture; where it runs shell commands, its data beside it.

    Settings lead to the files that the notebook reads, but no shell command knows of them.
    """
    source = source_in(copied(folder, tmp_path))
    done = convert(source, tmp_path / "package", name=folder.name)
    if any(SHELL in finding.message for finding in done.findings):
        for data in sorted(source.parent.iterdir()):
            if data != source and not (done.folder / data.name).exists():
                (done.folder / data.name).symlink_to(data)
    return done
