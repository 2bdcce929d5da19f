"""Which modules an environment has, without importing any of them."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from chasm.errors import InputError
from chasm.read.files import printable

TIMEOUT = 60
#: Asks for specifications only: finding a top-level module runs no code of it. The folder in which
#: the interpreter starts is no part of its environment.
ASK = """
import importlib.util, json, sys
sys.path.pop(0)
def there(name):
    try:
        return name in sys.builtin_module_names or importlib.util.find_spec(name) is not None
    except (ImportError, ValueError, AttributeError):
        return False
print(json.dumps([name for name in json.load(sys.stdin) if not there(name)]))
"""


def missing_modules(python: Path, names: Iterable[str], notebook: Path) -> frozenset[str]:
    """The top-level modules that neither the environment nor the notebook's project has."""
    wanted = sorted(name for name in set(names) if not _lies_beside(notebook, name))
    return _missing(interpreter(python), tuple(wanted)) if wanted else frozenset()


def ask_first(python: Path) -> None:
    """An :class:`InputError` when nobody answers there."""
    _missing(interpreter(python), ())


def interpreter(path: Path) -> str:
    """The interpreter that ``path`` is, or that is in the environment ``path``."""
    if path.is_dir():
        inside = [path / "bin" / "python", path / "Scripts" / "python.exe"]
        path = next((one for one in inside if one.is_file()), path)
    if not path.is_file():
        raise InputError(f"{printable(str(path))}: no Python interpreter and no environment")
    return str(path.absolute())


@cache
def _missing(python: str, names: tuple[str, ...]) -> frozenset[str]:
    # Few calls name an environment: the others do not pay for what starts a process.
    import subprocess

    problem = f"{printable(python)}: cannot be asked for its modules"
    try:
        done = subprocess.run(
            [python, "-c", ASK],
            input=json.dumps(names),
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=True,
        )
        return frozenset(json.loads(done.stdout.splitlines()[-1]))
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        raise InputError(problem) from None


def _lies_beside(notebook: Path, name: str) -> bool:
    """Whether the project has a module of this name, in the notebook's folder or above it."""
    for folder in (notebook.absolute().parent, *notebook.absolute().parents[1:]):
        for place in (folder, folder / "src", folder / "lib"):
            try:
                if (place / name).is_dir() or any(place.glob(f"{name}.*")):
                    return True
            except OSError:
                continue
        if (folder / ".git").exists() or (folder / "pyproject.toml").exists():
            return False
    return False
