"""What a verified run tells a project of the versions that it needs."""

import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from chasm.errors import InputError
from chasm.place.folder import MANIFEST, digest

ENVIRONMENT, PROJECT = "environment.toml", "pyproject.toml"
#: What the last run of the notebook saw.
RUN = ".chasm/run.json"
#: A dependency on a line of its own: its name, with a lower bound or none.
DEPENDENCY = re.compile(r'^(  ")([A-Za-z0-9._-]+)(?:>=[0-9][\w.]*)?(",)$', re.MULTILINE)
VERSION = re.compile(r"\d[\w.!]*")


def known_bounds(folder: Path) -> dict[str, str]:
    """The versions of what the notebook imports, as the project's ``environment.toml`` has them."""
    try:
        read = tomllib.loads((folder / ENVIRONMENT).read_text(encoding="utf-8"))
        found = read.get("imported", {})
        return {n: v for n, v in found.items() if VERSION.fullmatch(v)}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def known_run(folder: Path) -> str:
    """What the project keeps of the last run of its notebook; empty where there was none."""
    try:
        return (folder / RUN).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def with_bounds(files: Mapping[str, str], versions: Mapping[str, str]) -> dict[str, str]:
    """``files`` with these versions as the lower bounds of the project's dependencies."""
    if PROJECT not in files:
        return dict(files)
    return {**files, PROJECT: bounded(files[PROJECT], versions)}


def bounded(text: str, versions: Mapping[str, str]) -> str:
    """A ``pyproject.toml`` with lower bounds; what its owner wrote in other words stays."""

    def bound(found: re.Match[str]) -> str:
        before, name, after = found.groups()
        version = versions.get(re.sub("[-_.]+", "-", name).lower())
        return f"{before}{name}>={version}{after}" if version else found[0]

    start = text.find("\ndependencies = [\n")
    end = text.find("\n]", start)
    if start < 0 or end < 0:
        return text
    return text[:start] + DEPENDENCY.sub(bound, text[start:end]) + text[end:]


def keep_environment(folder: Path, text: str, versions: Mapping[str, str]) -> tuple[str, ...]:
    """Write an ``environment.toml`` and the bounds that it gives; the names of what was written.

    A ``pyproject.toml`` that was chasm's stays so: converting again gives the same bounds.
    """
    project = folder / PROJECT
    try:
        _replace(folder / ENVIRONMENT, text)
        before = project.read_bytes().decode("utf-8")
        after = bounded(before, versions)
        if after == before:
            return (ENVIRONMENT,)
        _replace(project, after)
        _acknowledge(folder / MANIFEST, before, after)
    except (OSError, ValueError) as error:
        raise InputError(f"{folder}: cannot be written ({error})") from None
    return ENVIRONMENT, PROJECT


def _acknowledge(manifest: Path, before: str, after: str) -> None:
    """Note the project's new digest, unless somebody had edited it."""
    if not manifest.exists():
        return
    data = json.loads(manifest.read_text(encoding="utf-8"))
    files = data.get("files", {})
    if files.get(PROJECT) == digest(before):
        files[PROJECT] = digest(after)
        _replace(manifest, json.dumps(data, indent=1, sort_keys=True) + "\n")


def _replace(path: Path, text: str) -> None:
    if path.is_symlink():
        raise ValueError(f"{path.name} is a symbolic link")
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8", newline="\n")
    os.replace(new, path)
