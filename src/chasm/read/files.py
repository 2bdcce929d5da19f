"""Bytes on disk to text, whatever the encoding, refusing what is no notebook."""

import os
import stat
from pathlib import Path

from chasm.errors import InputError

MAX_BYTES = 200_000_000
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_text(path: Path) -> tuple[str, str]:
    """The text of the regular file at ``path``, and what was odd about its encoding.

    Anything but a regular file is an :class:`InputError`.
    """
    shown = printable(str(path))
    try:
        data = _read_bytes(path, shown)
    except FileNotFoundError:
        raise InputError(f"{shown}: no such file") from None
    except OSError as error:
        raise InputError(f"{shown}: cannot be read ({error.strerror})") from None
    except ValueError:
        raise InputError(f"{shown}: not a file name") from None
    return decode(data)


def _read_bytes(path: Path, shown: str) -> bytes:
    # Opening before checking, and without blocking, leaves no gap in which the file could
    # be exchanged for a pipe that never answers.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        info = os.fstat(handle)
        if stat.S_ISDIR(info.st_mode):
            raise InputError(f"{shown}: is a folder, not a notebook")
        if not stat.S_ISREG(info.st_mode):
            raise InputError(f"{shown}: not a regular file")
        if info.st_size > MAX_BYTES:
            raise InputError(f"{shown}: {info.st_size} bytes are more than a notebook holds")
        with os.fdopen(handle, "rb", closefd=False) as file:
            # Room is made for all that is asked for. Files of the system say that they are empty.
            return file.read((info.st_size or MAX_BYTES) + 1)
    finally:
        os.close(handle)


def decode(data: bytes) -> tuple[str, str]:
    """Text of ``data``: by its byte order mark, as UTF-8, or as what older Windows wrote."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            try:
                odd = "" if encoding == "utf-8-sig" else f"the file is not UTF-8 but {encoding}"
                return data.decode(encoding), odd
            except UnicodeDecodeError:
                break
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
        return text, "the file is not UTF-8; it was read as cp1252"


def printable(text: str, limit: int = 200) -> str:
    """``text`` on one line, without anything that a terminal would act on."""
    shown = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
    shown = shown.encode("utf-8", "backslashreplace").decode("utf-8")
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"
