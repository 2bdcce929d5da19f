"""Which variables of a notebook a package has as settings, returns and attributes at its end."""

import ast
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from chasm.plan.items import Carried, Copy
from chasm.plan.model import Call, Fate, Function, Plan
from chasm.rulebook import Rulebook

#: What takes the settings in each of the two modules that call all others.
ENTRANCES = {"pipeline": ["train", "prepare"], "report": ["write"]}


@dataclass(frozen=True, slots=True)
class Finals:
    """The cell in which each variable got its last value, and what a recorder has to know."""

    cells: dict[str, int] = field(hash=False)
    watch: dict[str, Any] = field(hash=False)


def finals_of(plan: Plan, book: Rulebook) -> Finals:
    """The variables whose last value both sides have."""
    last = _last_statements(plan, book)
    returns: dict[str, dict[str, Any]] = {}
    names: set[str] = set()
    for function in _called_once(plan):
        carried = {item.statement for item in function.body if isinstance(item, Carried)}
        given = [name for name, _ in function.returns]
        ours = [name for name in given if last.get(name) in carried]
        if ours:
            words = {"names": given, "last": ours}
            returns.setdefault(f"{plan.package}.{function.module}", {})[function.name] = words
            names |= set(ours)
    settings = _settings(plan, last)
    attributes = _attributes(plan, last)
    names |= {*settings.values(), *attributes.values()}
    cells = {name: plan.facts.statements[last[name]].cell for name in sorted(names)}
    watch = {
        "variables": sorted(names),
        "returns": returns,
        "settings": settings,
        "attributes": attributes,
        "callers": [f"{plan.package}.{module}" for module in ENTRANCES],
        "entrances": {f"{plan.package}.{module}": names for module, names in ENTRANCES.items()},
    }
    return Finals(cells, watch)


def _last_statements(plan: Plan, book: Rulebook) -> dict[str, int]:
    """The statement that gave each name its last value, as far as a step could return it."""
    last: dict[str, int] = {}
    homes = {
        item.statement: function
        for function in plan.functions
        for item in function.body
        if isinstance(item, Carried) and not item.rewrites
    }
    for s in plan.facts.statements:
        changed = {name for name in s.mutates if not _in_place(homes.get(s.id), name, book)}
        last |= dict.fromkeys(s.binds | changed, s.id)
        for name in s.deletes:
            last.pop(name, None)
    for name in set(last) & _left_alone(plan):
        del last[name]
    return last


def _left_alone(plan: Plan) -> set[str]:
    """Estimators that the notebook fits, where in the package a copy of each is fitted instead."""
    found: set[str] = set()
    for node in (part for one in plan.facts.nodes for part in ast.walk(one)):
        match node:
            case ast.Attribute(
                value=ast.Call(func=ast.Name(id="deepcopy"), args=[ast.Name(id=name)]), attr="fit"
            ):
                found.add(name)
    return found


def _in_place(function: Function | None, name: str, book: Rulebook) -> bool:
    """Whether a function changes the very value that it is given and that was returned before.

    Whoever keeps that value has the change; of a copy that is not returned nobody has it. What
    is rewritten may work on a copy of its own, and is in no ``function``.
    """
    if function is None or function.twins:
        return False
    # A table is handed on as it is; what can be fitted may have been parted from what it was.
    kinds = [p.value.kind for p in function.parameters if p.name == name]
    given = any(not _fitted(kind, book) for kind in kinds)
    copied = any(isinstance(item, Copy) and item.name == name for item in function.body)
    return given and not copied and all(name != returned for returned, _ in function.returns)


def _fitted(kind: str | None, book: Rulebook) -> bool:
    return any(entry.fits for entry in book.methods.get(kind or "", {}).values())


def _called_once(plan: Plan) -> list[Function]:
    """Functions whose one call gives the values of the notebook's one run."""
    calls = [*plan.pipeline, *plan.report]
    counts = Counter(call.function for call in calls if isinstance(call, Call))
    return [
        function
        for function in plan.functions
        if counts[function.name] == 1 and not function.twins and not function.asynchronous
    ]


def _settings(plan: Plan, last: dict[str, int]) -> dict[str, str]:
    """Fields of the configuration that were variables; a path is another one in each folder."""
    fields = {setting.name: setting for setting in plan.settings if not setting.group}
    found = {}
    for name, number in last.items():
        is_setting = plan.fates.get(number, (None, ""))[0] is Fate.SETTING
        setting = fields.get(name)
        if is_setting and setting and not setting.path and not setting.beside_notebook:
            found[name] = name
    return found


def _attributes(plan: Plan, last: dict[str, int]) -> dict[str, str]:
    """What the transformer learned and a variable held that was bound once and never changed."""
    if plan.transformer is None:
        return {}
    statements = plan.facts.statements
    touched = Counter(name for s in statements for name in s.binds | s.mutates)
    fitted = next((n for n, value in plan.results if value.qualname == plan.transformer.name), None)
    return {
        f"{fitted}.{attribute.name}_": attribute.name
        for attribute in plan.transformer.attributes
        if fitted is not None and touched[attribute.name] == 1
    }
