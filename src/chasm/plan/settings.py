"""The fields of the configuration: literals of the notebook under a group and a name."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chasm.model import Literal, Statement
from chasm.plan.group import MODELS
from chasm.plan.model import Setting
from chasm.plan.words import RESERVED, camel, identifier, path_stem, snake

#: Attributes of a settings model that a field must not hide.
TAKEN_FIELDS = {"copy", "json", "dict", "schema", "construct", "validate", "fields", "config"}


@dataclass(slots=True)
class Settings:
    """Collects the fields of the configuration, each once."""

    fields: dict[tuple[str, str], Setting] = field(default_factory=dict)
    _known: dict[tuple[str, str, str, str], str] = field(default_factory=dict)
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(
        self, group: str, name: str, value: object, cell: int, *, owner: str = "", **more: bool
    ) -> str:
        """The name of the field that holds ``value``; a clash with another value gets its own.

        So does an equal value of another ``owner``: who turns one model means that one.
        """
        base = identifier(name) if not name.isidentifier() else name
        base = f"{base}_" if base in TAKEN_FIELDS or base.startswith("model_") else base
        base = base.lstrip("_") or "value"
        same = (group, base, owner, f"{type(value).__name__} {value!r}")
        if same not in self._known:
            number = self._numbers.get((group, base), 1)
            self._numbers[group, base] = number + 1
            chosen = base if number == 1 else f"{base}_{number}"
            self._known[same] = chosen
            self.fields[group, chosen] = Setting(group, chosen, value, cell=cell, **more)
        return self._known[same]


def beside_notebook(settings: Settings, value: str, cell: int) -> str:
    """The setting for a file that lies beside the notebook."""
    stem = path_stem(value) or "file"
    return f"data.{settings.add('data', stem, value, cell, path=True, beside_notebook=True)}"


def settings_group(function: str) -> str:
    """The settings of a function: its name without the verb that models share."""
    if function.startswith("split_"):
        return "split"
    for verb in ("fit_", "search_"):
        if function.startswith(verb) and function.removeprefix(verb) not in RESERVED:
            return function.removeprefix(verb)
    return function


def settings_class(group: str) -> str:
    return f"{camel(group)}Config"


def field_name(literal: Literal, statements: Sequence[Statement], group: str) -> str:
    """What a literal is called among those of ``statements``; ``group`` has their settings."""
    owners = {x.owner for s in statements for x in s.literals if x.name == literal.name}
    owner = snake(literal.owner.rpartition(".")[2])
    models = [s for s in statements if any(v.kind in MODELS for v in s.values.values())]
    others = {snake(s.owner.rpartition(".")[2]) for s in models if s.owner} - {owner}
    # A group that is called after another model would say that the setting is that model's.
    another = owner not in group and any(one in group for one in others)
    plain = owner == group or len(owners) < 2 and not another
    return literal.name if plain else f"{owner}_{literal.name}"
