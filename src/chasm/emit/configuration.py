"""The settings of a package as files: ``config.py`` and ``config.toml``."""

import posixpath

from chasm.emit import text
from chasm.plan.comments import comment_over
from chasm.plan.documents import without_number
from chasm.plan.model import Fate, Plan, Setting
from chasm.plan.settings import settings_class


def config_values(plan: Plan) -> dict[str, object]:
    """What the template of ``config.py`` takes."""
    groups: dict[str, list[Setting]] = {}
    for setting in plan.settings:
        groups.setdefault(setting.group, []).append(setting)
    top = groups.pop("", [])
    return {
        "uses_path": any(s.path for s in plan.settings),
        "fields": [_field(plan, s) for s in top],
        "groups": [
            {
                "name": name,
                "cls": settings_class(name),
                "fields": [_field(plan, s) for s in members],
            }
            for name, members in groups.items()
        ],
    }


def example_of(plan: Plan) -> str:
    """A setting with another value as an assignment in the environment, without the prefix.

    Empty where there is no setting to turn.
    """
    for setting in plan.settings:
        if isinstance(setting.value, (int, float)) and not isinstance(setting.value, bool):
            return f"{_variable(setting)}={_other(setting.value)}"
    first = next((s for s in plan.settings if isinstance(s.value, str)), None)
    return f"{_variable(first)}=value" if first is not None else ""


def _variable(setting: Setting) -> str:
    name = f"{setting.group}__{setting.name}" if setting.group else setting.name
    return name.upper()


def _other(number: int | float) -> int | float:
    """Another number of the same sort: a share stays a share."""
    if isinstance(number, int):
        return number + 1
    return round(number / 2, 4) if number else 0.5


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


def _comment_of(plan: Plan, setting: Setting) -> list[str]:
    """The comment above the statement that gave a setting its name in the notebook."""
    if setting.group:
        return []
    for s in plan.facts.statements:
        named = s.cell == setting.cell and s.is_constant and s.constant == setting.value
        if named and plan.fates[s.id][0] is Fate.SETTING:
            return text.comment(without_number(comment_over(plan.facts, s)))
    return []


def _field(plan: Plan, setting: Setting) -> dict[str, object]:
    value = setting.value
    named = "float" if setting.real else type(value).__name__
    kind, written = named, repr(value)
    if setting.path:
        kind, written = "Path", f"Path({value!r})"
    elif isinstance(value, list):
        kind = f"list[{type(value[0]).__name__}]"
    elif isinstance(value, tuple):
        kind = "tuple[int | float, ...]"
    comment = _comment_of(plan, setting)
    return {"name": setting.name, "type": kind, "value": written, "comment": comment}
