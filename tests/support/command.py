"""The command line in this process, and notebooks for it to convert."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from chasm.cli.commands import app

PRINTS = ["x = 1", "print(x)"]


def write(name: str, *cells: str) -> Path:
    """A notebook with these code cells."""
    listed: list[dict[str, object]] = [
        {"cell_type": "code", "source": c, "metadata": {}, "outputs": [], "execution_count": None}
        for c in cells or PRINTS
    ]
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"cells": listed, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    path.write_text(text, encoding="utf-8")
    return path


def chasm_(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)


def error_line(result: Result) -> str:
    """The one line of an error; the exit code is 2 and nothing else was said."""
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    return line


def folders() -> list[str]:
    return sorted(path.name for path in Path().iterdir() if path.is_dir())
