"""The settings of a package as files: ``config.py`` and ``config.toml``."""

import posixpath

from chasm.emit import text
from chasm.plan.model import Plan, Setting
from chasm.plan.settings import settings_class


def config_values(plan: Plan) -> dict[str, object]:
    """What the template of ``config.py`` takes."""
    groups: dict[str, list[Setting]] = {}
    for setting in plan.settings:
        groups.setdefault(setting.group, []).append(setting)
    top = groups.pop("", [])
    return {
        "uses_path": any(s.path for s in plan.settings),
        "fields": [_field(s) for s in top],
        "groups": [
            {"name": name, "cls": settings_class(name), "fields": [_field(s) for s in members]}
            for name, members in groups.items()
        ],
    }


def example_of(plan: Plan) -> str:
    """One setting as an assignment in the environment, without the prefix."""
    for setting in plan.settings:
        if isinstance(setting.value, (int, float)) and setting.group:
            name = f"{setting.group}__{setting.name}".upper()
            return f"{name}={setting.value}"
    first = next(iter(plan.settings), None)
    if first is None:
        return "NAME=value"
    name = f"{first.group}__{first.name}" if first.group else first.name
    return f"{name.upper()}=value"


def config_toml(plan: Plan, notebook_folder: str) -> str:
    """``config.toml``: where the files beside the notebook are, seen from the project."""
    lines = [f"# Only what differs from the defaults in src/{plan.package}/config.py."]
    groups: dict[str, list[str]] = {}
    for setting in plan.settings:
        if not setting.beside_notebook or not notebook_folder:
            continue
        several = isinstance(setting.value, list)
        values = setting.value if isinstance(setting.value, list) else [str(setting.value)]
        paths = [_from_project(value, notebook_folder) for value in values]
        if paths != values:
            written = ", ".join(map(text.toml, paths))
            line = f"{setting.name} = [{written}]" if several else f"{setting.name} = {written}"
            groups.setdefault(setting.group, []).append(line)
    lines += groups.pop("", [])
    for group, members in groups.items():
        lines += [f"[{group}]", *members]
    return "\n".join(lines) + "\n"


def _from_project(value: str, notebook_folder: str) -> str:
    """A path that the notebook names, as it is seen from the project."""
    if value.startswith(("/", "~")) or ":" in value[:3]:
        return value
    path = posixpath.normpath(posixpath.join(notebook_folder, value.replace("\\", "/")))
    return f"{path}/" if value.endswith("/") else path


def _field(setting: Setting) -> dict[str, str]:
    value = setting.value
    if setting.path:
        return {"name": setting.name, "type": "Path", "value": f"Path({value!r})"}
    if isinstance(value, list):
        return {
            "name": setting.name, "type": f"list[{type(value[0]).__name__}]", "value": repr(value)
        }  # fmt: skip
    named = "float" if setting.real else type(value).__name__
    return {"name": setting.name, "type": named, "value": repr(value)}
