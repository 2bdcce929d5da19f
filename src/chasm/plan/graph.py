"""Which statement gave each name the value that a later statement reads."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from chasm.model import Facts, Statement

Version = int


@dataclass(slots=True)
class Graph:
    """Def-use edges between statements.

    ``reads[s][name]`` is the statement that made the version of ``name`` which ``s`` reads,
    ``before[s][name]`` the version that ``s`` supersedes by binding or changing it. A
    version is the number of the statement that made it. ``written`` has for each file the first
    statement that writes it; a folder into which an archive is unpacked ends with a slash.
    """

    reads: list[dict[str, Version]] = field(default_factory=list)
    before: list[dict[str, Version]] = field(default_factory=list)
    users: dict[tuple[str, Version], list[int]] = field(default_factory=dict)
    last: dict[str, Version] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)

    def made(self, path: str) -> Version | None:
        """The first statement that writes a file, or unpacks an archive into a folder above it."""
        below = posixpath.normpath(path) + "/"
        folders = [v for w, v in self.written.items() if _is_above(w, below)]
        found = [*folders, *([self.written[path]] if path in self.written else [])]
        return min(found, default=None)

    def is_unpacked(self, path: str) -> bool:
        """Whether a file is there once an archive was unpacked, and nobody writes it by name."""
        return path not in self.written and self.made(path) is not None

    def back(self, name: str, version: Version | None) -> Iterator[Version]:
        """A version of ``name`` and those that it superseded, from the newest."""
        while version is not None:
            yield version
            version = self.before[version].get(name)

    def left_behind(self, name: str, version: Version) -> bool:
        """Whether a version is the last of ``name`` and nobody reads it: a result of its own.

        What is called ``_`` nobody wanted.
        """
        unread = self.last.get(name) == version and (name, version) not in self.users
        return unread and bool(name.strip("_"))

    def found(self, name: str, at: Version) -> Version | None:
        """The version of ``name`` that statement ``at`` finds, which need not read it."""
        if name in self.reads[at]:
            return self.reads[at][name]
        return next((v for v in self.back(name, self.last.get(name)) if v < at), None)

    def inside(self, own: str, number: Version, name: str) -> Version | None:
        """The version of ``name`` that ``own``, which statement ``number`` defines, finds when
        it is first called; where nothing calls it, the last one."""
        found = (self.reads[user].get(name) for user in self.users.get((own, number), ()))
        return next((v for v in found if v is not None), self.last.get(name))


def build_graph(facts: Facts) -> Graph:
    """The def-use graph of the statements, in their order."""
    graph = Graph()
    live = _live_after(facts)
    current: dict[str, Version] = {}
    for statement in facts.statements:
        reads = {
            name: current[name] for name in sorted(_needed(statement, live)) if name in current
        }
        changed = statement.binds | statement.mutates
        graph.reads.append(reads)
        graph.before.append({n: current[n] for n in sorted(changed) if n in current})
        for name, version in reads.items():
            graph.users.setdefault((name, version), []).append(statement.id)
        for name in changed:
            if name in current or name in statement.binds:
                current[name] = statement.id
        for name in statement.deletes:
            current.pop(name, None)
        for path in statement.effects.writes:
            graph.written.setdefault(path, statement.id)
    graph.last = current
    return graph


def _is_above(written: str, below: str) -> bool:
    """Whether what was written is a folder, and ``below`` that folder or one below it."""
    return written.endswith("/") and below.startswith(posixpath.normpath(written) + "/")


def _needed(statement: Statement, live: list[frozenset[str]]) -> frozenset[str]:
    """Names whose earlier value matters: read, changed in place, or kept on some path."""
    kept = statement.maybe & live[statement.id]
    return statement.reads | (statement.mutates & statement.named) | kept


def _live_after(facts: Facts) -> list[frozenset[str]]:
    """For each statement the names that are read after it before they are bound anew."""
    found: list[frozenset[str]] = []
    live: frozenset[str] = frozenset()
    for statement in reversed(facts.statements):
        found.append(live)
        live = statement.reads | (live - (statement.binds - statement.maybe))
    return found[::-1]
