"""Literals that the notebook gave a name: fields of the configuration itself."""

from __future__ import annotations

import re
from dataclasses import replace

from chasm.model import Facts, Value
from chasm.plan.apart import Apart
from chasm.plan.graph import Graph
from chasm.plan.interfaces import Made
from chasm.plan.model import Parameter, Setting
from chasm.plan.settings import Settings
from chasm.plan.words import RESERVED, identifier

#: What the name of a file ends with, and what that of a file of data does.
SUFFIX = re.compile(r"\.\w{2,5}$")
DATA_SUFFIX = re.compile(
    r"\.(csv|tsv|txt|dat|json|xlsx?|parquet|pkl|gz|zip|png|jpe?g)$", re.IGNORECASE
)


def constant_settings(
    facts: Facts, graph: Graph, apart: Apart, settings: Settings, made: list[Made], read: set[int]
) -> None:
    """Literals that the notebook gave a name: fields of the configuration itself.

    ``read`` are versions that are read by what is in no function of ``made``.
    """
    files: dict[tuple[str, bool], str] = {}
    used = {v for m in made for v in m.inputs.values()} | read
    groups = {group for group, _ in settings.fields}
    for number, name in sorted(apart.settings.items()):
        if number not in used:
            continue
        s = facts.statements[number]
        beside = _names_files(facts, graph, name, s.constant)
        is_file = _is_file(facts, graph, name, number)
        if is_file and (file := (str(s.constant), beside)) in files:
            apart.fields[number] = files[file]
            continue
        wanted = identifier(name) or "value"
        while wanted in groups or ("", wanted) in settings.fields or wanted in RESERVED:
            wanted += "_"
        apart.fields[number] = wanted
        settings.fields["", wanted] = Setting(
            "", wanted, s.constant, beside_notebook=beside, cell=s.cell
        )
        if is_file:
            files[file] = wanted
            _take_over(settings, made, settings.fields["", wanted])


def _is_file(facts: Facts, graph: Graph, name: str, number: int) -> bool:
    """Whether a constant is the name of a file that is read or written under it."""
    users = [facts.statements[n] for n in graph.users.get((name, number), ())]
    value = facts.statements[number].constant
    return any(value in (*s.effects.reads, *s.effects.writes) for s in users)


def _take_over(settings: Settings, made: list[Made], named: Setting) -> None:
    """Let the same file, where it is written out as a literal, be the setting that names it."""
    group = "data" if named.beside_notebook else "output"
    same = [
        f"{group}.{one.name}"
        for one in settings.fields.values()
        if one.group == group and one.path and one.value == named.value
    ]

    def taken(parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        return tuple(
            (
                replace(p, setting=named.name, value=Value("string"))
                if p.source == "path" and p.setting in same
                else p
            )
            for p in parameters
        )

    if same:
        settings.fields["", named.name] = replace(named, written=group == "output")
    for setting in same:
        del settings.fields[group, setting.partition(".")[2]]
    for one in made if same else ():
        one.function = replace(one.function, parameters=taken(one.function.parameters))
        one.arguments = taken(one.arguments)


def _names_files(facts: Facts, graph: Graph, name: str, value: object) -> bool:
    """Whether a constant is (part of) the names of files that the notebook reads."""
    values = value if isinstance(value, list) else [value]
    texts = [one for one in values if isinstance(one, str)]
    # A column may have a dot in its name; of several names each has to be of a file of data.
    suffix = SUFFIX if not isinstance(value, list) else DATA_SUFFIX
    looks = all("/" in text or suffix.search(text) for text in texts)
    remote = any("://" in text for text in texts)
    if not texts or len(texts) != len(values) or not looks or remote:
        return False
    read = any(name in s.named and s.effects.reads for s in facts.statements)
    written = any(name in s.named and s.effects.writes for s in facts.statements)
    unpacked = any(graph.is_unpacked(text) for text in texts)
    return read and not written and not unpacked
