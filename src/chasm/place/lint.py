"""ruff over a project, in a folder of its own that is gone afterwards."""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ruff.__main__ import find_ruff_bin


@dataclass(frozen=True, slots=True)
class Complaint:
    """What ruff says of one line of one file."""

    path: str
    line: int
    code: str


def ruff_formatted(files: Mapping[str, str]) -> dict[str, str]:
    """``files`` with the Python files among them as ruff formats them."""
    with _written(files) as root:
        command = [find_ruff_bin(), "format", "--isolated", "--no-cache", "--quiet", str(root)]
        subprocess.run(command, capture_output=True, check=False)
        return {
            path: (root / path).read_text(encoding="utf-8") if path.endswith(".py") else text
            for path, text in files.items()
        }


@contextmanager
def _written(files: Mapping[str, str]) -> Iterator[Path]:
    """A temporary folder that holds the Python files among ``files``."""
    with tempfile.TemporaryDirectory(prefix="chasm-") as name:
        root = Path(name).resolve()
        for path, text in files.items():
            if path.endswith(".py"):
                target = root / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8", newline="\n")
        yield root


def ruff_complaints(files: Mapping[str, str]) -> list[Complaint]:
    """Complaints of ruff about the Python files among ``files``."""
    with _written(files) as root:
        command = [
            find_ruff_bin(), "check", "--isolated", "--no-cache", "--quiet",
            "--extend-select", "RUF100", "--output-format", "json", str(root),
        ]  # fmt: skip
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        found = json.loads(done.stdout or "[]")
        return sorted(
            {_complaint(one, root) for one in found}, key=lambda c: (c.path, c.line, c.code)
        )


def _complaint(one: dict[str, object], root: Path) -> Complaint:
    location = one["end_location"] if one.get("code") in ("E701",) else one["location"]
    assert isinstance(location, dict)
    path = Path(str(one["filename"])).resolve().relative_to(root).as_posix()
    return Complaint(path, int(location["row"]), str(one["code"]))
