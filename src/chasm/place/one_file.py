"""One file whose text changes: all of it or nothing, with the rights that it had."""

import codecs
import os
import stat
import tempfile
from pathlib import Path

from chasm.errors import InputError


def write_report(path: Path, text: str) -> None:
    """Write a report to the file that the user named, over an older one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from None


def append_report(path: Path, text: str) -> None:
    """Add a report to a file that other programs add theirs to."""
    try:
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(text + "\n")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from None


def replace_text(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` at once; through a link the file that it leads to.

    A byte order mark of the file stays.
    """
    target = path.resolve()
    try:
        mode = stat.S_IMODE(target.stat().st_mode)
        with target.open("rb") as old:
            mark = codecs.BOM_UTF8 if old.read(3) == codecs.BOM_UTF8 else b""
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(mark + text.encode("utf-8"))
            os.chmod(name, mode)
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from None
