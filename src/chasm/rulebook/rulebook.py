"""What a library call reads, learns, changes, draws and returns. ``rules/README.md`` explains."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one function, class, method or attribute."""

    name: str = ""
    returns: str | None = None
    stage: str | None = None
    reads: str | None = None
    writes: str | None = None
    place: str | None = None
    unpacks: str | None = None
    position: int = 0
    mutates: tuple[str, ...] = ()
    inplace: bool = False
    draws: str | None = None
    shows: bool = False
    axes: str | None = None
    prints: bool = False
    display: bool = False
    opens: bool = False
    closes: bool = False
    look: bool = False
    result: bool = False
    ranks: bool = False
    wraps: bool = False
    fits: bool = False
    predicts: bool = False
    metric: bool = False
    random: str | None = None
    unless: str | None = None
    seeds: str | None = None
    state: tuple[str, ...] = ()
    view: bool = False
    settings: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    accessor: str | None = None
    needs: tuple[str, ...] = ()
    floats: tuple[str, ...] = ()
    text: bool = False
    gone: str | None = None
    instead: str = ""
    lost: tuple[str, ...] = ()
    constructs: bool = False


UNKNOWN_ENTRY = Entry()


@dataclass(frozen=True, slots=True)
class Library:
    """How a library is imported, installed and called."""

    name: str
    distribution: str
    requires: str = ""
    alias: str | None = None
    figures: bool = False
    pages: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """How a call that looks at other rows is learned once and replayed on any row.

    ``learn`` and ``replay`` are code with gaps: ``{call}``, ``{self}``, ``{module.}``, ``{0}``
    for an argument, ``{keywords}`` for those of ``keywords`` that are given, ``{state}`` for
    what was learned. ``without`` are keywords that the replayed call does not take. ``when``
    is the kind that the second argument must have, ``given`` a literal that the first must be;
    ``once`` is the column that it adds: a second such call does nothing more while that is there.
    ``unless`` are keywords with which the call looks at no other rows, ``of`` the kinds of the
    first argument for which it does; empty for any. ``framed`` maps keywords to the code that the
    replayed call of a frame is given for them where the notebook gives none.
    """

    replay: str
    learn: str = ""
    state: str = "state"
    keywords: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    when: str | None = None
    given: str | None = None
    once: str = ""
    unless: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    framed: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(slots=True)
class Rulebook:
    """The rules of the libraries that a notebook imports, ready for look-ups."""

    libraries: dict[str, Library] = field(default_factory=dict)
    calls: dict[str, Entry] = field(default_factory=dict)
    same: dict[str, tuple[str, ...]] = field(default_factory=dict)
    methods: dict[str, dict[str, Entry]] = field(default_factory=dict)
    kinds: dict[str, dict[str, Any]] = field(default_factory=dict)
    distributions: dict[str, str] = field(default_factory=dict)
    platforms: dict[str, str] = field(default_factory=dict)
    provided: dict[str, str] = field(default_factory=dict)
    stars: dict[str, frozenset[str]] = field(default_factory=dict)
    ambient: dict[str, str] = field(default_factory=dict)
    verbs: dict[str, str] = field(default_factory=dict)
    phrases: dict[str, tuple[str, str]] = field(default_factory=dict)
    promises: dict[str, tuple[str, ...]] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)
    drawn: dict[str, str] = field(default_factory=dict)
    tabled: dict[str, str] = field(default_factory=dict)
    statistics: dict[str, str] = field(default_factory=dict)
    spoken: dict[str, str] = field(default_factory=dict)
    closing: frozenset[str] = frozenset()
    concluding: frozenset[str] = frozenset()
    observing: frozenset[str] = frozenset()
    opening: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()
    compared: frozenset[str] = frozenset()
    ahead: frozenset[str] = frozenset()
    back: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    roles: dict[str, frozenset[str]] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)
    noise: frozenset[str] = frozenset()
    mute: frozenset[str] = frozenset()
    naming_keywords: frozenset[str] = frozenset()
    naming_values: frozenset[str] = frozenset()
    row_words: dict[str, dict[str, str]] = field(default_factory=dict)
    serving: dict[str, tuple[str, ...]] = field(default_factory=dict)
    cannot: frozenset[str] = frozenset()
    gone_modules: dict[str, str] = field(default_factory=dict)
    pairs: dict[str, dict[str, Pair]] = field(default_factory=dict)
    checks: dict[str, frozenset[str]] = field(default_factory=dict)
    _harmless: dict[str, Entry | None] = field(default_factory=dict)
    _families: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def platform(self, module: str) -> str | None:
        """The hosted notebook that alone has ``module``, if there is one."""
        while module:
            if module in self.platforms:
                return self.platforms[module]
            module = module.rpartition(".")[0]
        return None

    def phrase(self, word: str, receiver: str) -> tuple[str, str] | None:
        """Verb and noun of a call, by the kind or the library that it is of where that matters."""
        verb, noun = self.phrases.get(f"{receiver}.{word}", self.phrases.get(word, ("", "")))
        return (verb, noun) if verb else None

    def distribution(self, name: str) -> str:
        """What is installed for the library that a dotted name is of."""
        root = name.partition(".")[0]
        library = self.libraries.get(root)
        return library.distribution if library is not None else root

    def call(self, qualname: str) -> Entry | None:
        """The entry of the function or class with this dotted name."""
        entry = self.calls.get(qualname)
        if entry is None:
            # Some modules only hand on what others define.
            for module, others in self.same.items():
                if qualname.startswith(f"{module}."):
                    rest = qualname.removeprefix(f"{module}.")
                    for other in others:
                        entry = entry or self.call(f"{other}.{rest}")
        return entry

    def method(self, kind: str, name: str) -> Entry | None:
        """The entry of a method or attribute of a kind, or of a kind that it is like."""
        for one in self._family(kind):
            entry = self.methods.get(one, {}).get(name)
            if entry is not None:
                return entry
        return None

    def rows(self, kind: str | None, name: str) -> str | None:
        """How ``name`` treats the rows of a value of this kind: ``each``, ``reduce``, ``filter``…

        For a value of unknown kind what all kinds of tables that have it agree on.
        """
        family = [k for k in self._family(kind or "") if k in self.row_words]
        if family:
            return next(
                (self.row_words[k][name] for k in family if name in self.row_words[k]), None
            )
        found = {
            self.row_words[k][name]
            for k in ("frame", "series", "array", "sparse")
            if name in self.row_words.get(k, {})
        }
        return found.pop() if len(found) == 1 else None

    @property
    def learning(self) -> set[str]:
        """The last names of all that is learned once and replayed, but for what fills holes."""
        found = {name for known in self.pairs.values() for name in known}
        return {name.partition("[")[0].rpartition(".")[2] for name in found}

    def pair(self, kind: str | None, name: str) -> Pair | None:
        """How a call of this method, or of the function ``name`` of kind ``call``, is learned."""
        for one in self._family(kind or ""):
            if (pair := self.pairs.get(one, {}).get(name)) is not None:
                return pair
        return None

    def _family(self, kind: str) -> tuple[str, ...]:
        """A kind and all that it is like, nearest first."""
        known = self._families.get(kind)
        if known is not None:
            return known
        found: list[str] = []
        queue = [kind]
        while queue:
            current = queue.pop(0)
            if current not in found:
                found.append(current)
                queue += self.kinds.get(current, {}).get("like", [])
        self._families[kind] = family = tuple(found)
        return family

    def method_of_unknown(self, name: str) -> Entry | None:
        """What a method does on every kind that has it, for a receiver of unknown kind.

        None when no kind has it, or when only some of them put something out; the entry carries
        only what all kinds agree on, and changes its receiver when one of them says so.
        """
        if name not in self._harmless:
            found = [
                table[name]
                for kind, table in self.methods.items()
                if name in table and not self.fact(kind, "rare")
            ]
            self._harmless[name] = _agreed(name, found) if _alike(found) else None
        return self._harmless[name]

    def fact(self, kind: str | None, name: str) -> Any:
        """A fact of a kind by its word, as ``item`` or ``arithmetic``; None when not given."""
        return self.kinds.get(kind, {}).get(name) if kind else None

    def copyable(self, kind: str | None) -> bool:
        """Whether a value of this kind can be copied by its ``copy`` method."""
        return bool(kind and self.kinds.get(kind, {}).get("copy"))


def _alike(found: list[Entry]) -> bool:
    """Whether a method prints or writes for all kinds, or for none; what shows may well draw."""
    shows = any(entry.shows for entry in found)
    return shows or len({(entry.prints, bool(entry.writes)) for entry in found}) == 1


def _agreed(name: str, found: list[Entry]) -> Entry:
    first = found[0]
    shows = any(entry.shows for entry in found)

    def same(attribute: str) -> Any:
        values = {getattr(entry, attribute) for entry in found}
        return values.pop() if len(values) == 1 else getattr(UNKNOWN_ENTRY, attribute)

    return Entry(
        name=name,
        returns=same("returns"),
        stage=same("stage"),
        mutates=("self",) if any("self" in entry.mutates for entry in found) else (),
        inplace=any(entry.inplace for entry in found),
        writes=first.writes if all(entry.writes for entry in found) else None,
        unpacks=next((entry.unpacks for entry in found if entry.unpacks), None),
        position=same("position"),
        draws="current" if shows or any(entry.draws for entry in found) else None,
        # What was drawn before, by methods of which nothing is known, has to be shown in its turn.
        state=("figures",) if shows else same("state"),
        prints=same("prints"),
        look=all(entry.look for entry in found),
        result=all(entry.result for entry in found),
        fits=any(entry.fits for entry in found),
        predicts=any(entry.predicts for entry in found),
        metric=same("metric"),
        random=next((entry.random for entry in found if entry.random), None),
        unless=next((entry.unless for entry in found if entry.unless), None),
        settings=same("settings"),
        positions=same("positions"),
        needs=same("needs"),
        view=any(entry.view for entry in found),
    )
