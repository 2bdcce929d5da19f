"""Files that own functions name in their code: whoever calls them hands the path in."""

import re

from chasm.model import Definition, Facts, Literal
from chasm.plan.graph import Graph

NO_WORD = re.compile(r"\W+")


def files_of_owns(
    facts: Facts, graph: Graph, owns: dict[int, Definition]
) -> dict[int, dict[str, str]]:
    """For each own function, what it calls the paths that it is given, and the files they name."""
    taken = {n for s in facts.statements for n in s.binds | s.named}
    taken |= {n for s in facts.statements if s.definition for n in s.definition.inside}
    written = {f for d in owns.values() for f in d.effects.writes}
    names: dict[str, str] = {}
    found: dict[int, dict[str, str]] = {}
    for number, definition in owns.items():
        for value in dict.fromkeys(str(x.value) for x in named_files(definition)):
            if value in written or graph.made(value) is not None or "://" in value:
                continue
            if value not in names:
                names[value] = _free(value, taken)
                taken.add(names[value])
            found.setdefault(number, {})[names[value]] = value
    return found


def named_files(definition: Definition) -> tuple[Literal, ...]:
    """The names of files that a function reads; the methods of a class are called by others."""
    return () if definition.is_class else definition.files


def _free(value: str, taken: set[str]) -> str:
    words = NO_WORD.sub("_", re.split(r"[/\\]", value)[-1].partition(".")[0]).strip("_").lower()
    stem = f"{words}_file" if words and not words[0].isdigit() else "file"
    name, count = stem, 1
    while name in taken:
        count += 1
        name = f"{stem}_{count}"
    return name
