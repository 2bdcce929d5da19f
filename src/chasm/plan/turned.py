"""Literals worth turning: settings of a function, and paths that it is given."""

from __future__ import annotations

from dataclasses import dataclass, field

from chasm.analyse.literals import HERE
from chasm.model import Facts, Literal, Statement, Value
from chasm.plan.details import is_mixed
from chasm.plan.graph import Graph
from chasm.plan.group import Group
from chasm.plan.items import Rewrite
from chasm.plan.model import Parameter
from chasm.plan.moves import Replace
from chasm.plan.settings import Settings, field_name, settings_group
from chasm.plan.split.model import Role
from chasm.plan.words import path_stem


@dataclass(slots=True)
class Turned:
    """The literals of one function: what they became, and what the function is given for them.

    ``config`` is what the function calls its settings; ``paths`` are its parameters for files,
    ``fields`` the settings that it reads.
    """

    facts: Facts
    graph: Graph
    settings: Settings
    config: str
    group: Group
    name: str
    paths: list[Parameter] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)

    def rewrites(self, s: Statement) -> list[Rewrite]:
        """What becomes of the literals of a statement."""
        found: list[Rewrite] = []
        names = {n for member in self.group.statements for n in member.named | member.binds}
        for literal in s.literals:
            if literal.role == "setting":
                group = settings_of(self.group, self.name)
                wanted = field_name(literal, self.group.statements, group)
                chosen = self.settings.add(
                    group, wanted, literal.value, s.cell, owner=literal.owner, real=literal.is_float
                )
                self.fields.append(chosen)
                found.append(Replace(literal.call, literal.argument, f"{self.config}.{chosen}"))
            elif not (literal.is_folder and is_mixed(self.facts, str(literal.value))):
                found.append(self._path(literal, s, names))
        return found

    def _path(self, literal: Literal, s: Statement, names: set[str]) -> Replace:
        value = str(literal.value)
        group = "data" if self._is_read(literal, s) else "output"
        stem = path_stem(value) or ("folder" if value == HERE else "file")
        stem = f"{stem}_folder" if literal.is_folder else stem
        # What the notebook has written before is read from there; before that it is the author's.
        made = self.graph.made(value)
        if made is not None and made <= s.id:
            group = "output"
        remote = "://" in value
        as_path = not (remote or literal.is_folder)
        chosen = self.settings.add(
            group, stem, value, s.cell, path=as_path,
            beside_notebook=group == "data" and not remote,
            unpacked=group == "output" and literal.role == "read" and self.graph.is_unpacked(value),
        )  # fmt: skip
        setting, folder = f"{group}.{chosen}", value if literal.is_folder else ""

        def said(name: str) -> str:
            return f"str({name})" if as_path and literal.as_text else name

        for known in self.paths:
            if known.setting == setting:
                return Replace(literal.call, literal.argument, said(known.name), folder)
        taken = {p.name for p in self.paths} | names
        wanted = f"{chosen}_path" if "path" in taken or self.paths else "path"
        if literal.is_folder:
            wanted = chosen if "folder" in taken else "folder"
        while wanted in taken:
            wanted += "_"
        self.paths.append(
            Parameter(wanted, Value("path" if as_path else "string"), "path", setting)
        )
        return Replace(literal.call, literal.argument, said(wanted), folder)

    def _is_read(self, literal: Literal, s: Statement) -> bool:
        """Whether a path is for reading: it is read, or what is made of it is, and not written."""
        if literal.role != "place":
            return literal.role == "read"
        users = [n for name in s.binds for n in self.graph.users.get((name, s.id), ())]
        effects = [s.effects, *(self.facts.statements[n].effects for n in users)]
        return any(e.reads for e in effects) and not any(e.writes for e in effects)


def settings_of(group: Group, name: str) -> str:
    """Where the settings of a function are; all steps of a record share theirs."""
    return "features" if group.role is Role.STEP else settings_group(name)
