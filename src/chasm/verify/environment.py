"""The environment of a verdict, written down so that it can be repeated."""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from chasm.errors import InputError

ENVIRONMENT = "environment.toml"
#: Versions and names of distributions as packaging allows them, and nothing else.
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!-]*\Z")
#: The name that a requirement starts with.
NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
SECONDS = 120
#: Asks an environment for some distributions and for all that they take in turn.
QUESTION = """
import importlib.metadata, json, platform, re, sys
found, waiting = {}, sys.argv[1:]
while waiting:
    name = re.sub("[-_.]+", "-", waiting.pop()).lower()
    if name in found:
        continue
    try:
        one = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        continue
    found[name] = one.version
    for line in one.requires or ():
        wanted, _, condition = line.partition(";")
        if "extra" not in condition:
            waiting.append(re.match("[A-Za-z0-9._-]+", wanted)[0])
system = sys.platform + " " + platform.machine()
print(json.dumps([platform.python_version(), system, found]))
"""


@dataclass(frozen=True, slots=True)
class Environment:
    """The text of ``environment.toml``, and the versions of what the notebook itself imports."""

    text: str
    imported: dict[str, str] = field(hash=False)


def requirements_in(folder: Path) -> list[str]:
    """What the project in ``folder`` says that it depends on."""
    path = folder / "pyproject.toml"
    try:
        project = tomllib.loads(path.read_text(encoding="utf-8")).get("project", {})
        found = project.get("dependencies", [])
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, AttributeError) as error:
        raise InputError(f"{path}: no project can be read from it ({error})") from None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise InputError(f"{path}: dependencies is no list of texts")
    for one in found:
        # In a list of requirements a line may also be an option, which no dependency is.
        if not NAME.match(one) or "\n" in one:
            raise InputError(f"{path}: {one!r} is no dependency")
    return found


def normal(name: str) -> str:
    """The name of a distribution as registries compare it."""
    return re.sub("[-_.]+", "-", name).lower()


def installed_versions(
    folder: Path, imported: Iterable[str], python: str | None, notebook: str
) -> Environment:
    """The versions of what the package and the notebook take, in the environment of a run."""
    asked = [match[1] for one in requirements_in(folder) if (match := NAME.match(one))]
    own = {normal(name) for name in imported}
    command = [python or sys.executable, "-c", QUESTION, *asked, *sorted(own)]
    try:
        with tempfile.TemporaryDirectory() as place:
            done = subprocess.run(
                command, cwd=place, capture_output=True, text=True, timeout=SECONDS, check=True,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
        version, system, found = json.loads(done.stdout.splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        raise InputError(f"{command[0]}: does not tell what is installed") from None
    found = {n: v for n, v in sorted(found.items()) if WORD.match(n) and WORD.match(v)}
    ours = {name: found[name] for name in sorted(own & found.keys())}
    rest = {name: found[name] for name in found if name not in ours}
    text = (
        f"# In this environment the package does what {json.dumps(notebook)} does.\n"
        "# `chasm verify NOTEBOOK PACKAGE --install` makes it again.\n"
        f'python = "{version}"\nsystem = "{system}"\n'
        "\n# What the notebook imports: lower bounds of the package's dependencies.\n"
        f"[imported]\n{_table(ours)}"
        "\n# What else the package and those take.\n"
        f"[installed]\n{_table(rest)}"
    )
    return Environment(text, ours)


def _table(versions: dict[str, str]) -> str:
    return "".join(f'{name} = "{version}"\n' for name, version in versions.items())


def recorded_versions(folder: Path) -> dict[str, str]:
    """The versions that the ``environment.toml`` in ``folder`` names; none where there is none."""
    path = folder / ENVIRONMENT
    if not path.exists():
        return {}
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        found = {**read.get("imported", {}), **read.get("installed", {})}
    except (OSError, ValueError, TypeError):
        raise InputError(f"{path}: no environment can be read from it") from None
    for name, version in found.items():
        if not (WORD.match(name) and isinstance(version, str) and WORD.match(version)):
            raise InputError(f"{path}: {name} = {version!r} is no version of a distribution")
    return found
