"""Small questions about one statement that the making of functions asks."""

from collections.abc import Callable

from chasm.model import Facts, Import, Statement, Value
from chasm.plan.apart import Apart
from chasm.plan.items import Carried, Extend, Item, Report, SaveFigures, Show
from chasm.rulebook import Rulebook


class FigureNames:
    """Names for the figures of one function: its own, and numbered from the second."""

    def __init__(self, name: str) -> None:
        self._name, self._count = name, 0

    def next(self) -> str:
        self._count += 1
        return self._name if self._count == 1 else f"{self._name}_{self._count}"


def place_in(s: Statement) -> Callable[[str], tuple[int, str]]:
    """Sorts names by where they first stand in the statement."""
    places = {name: place for place, name in enumerate(s.ordered)}
    return lambda name: (places.get(name, len(places)), name)


def is_shown(s: Statement) -> bool:
    """Whether the value that the cell showed is a result, and not only what a change gave."""
    if s.shown is None or s.shown.look or s.inplace or s.show_calls:
        return False
    return not s.effects.writes


def rebound(s: Statement) -> set[str]:
    """Names whose change in place becomes an assignment, which no other name notices."""
    return {name for _, name in s.inplace if name is not None and name in s.alone}


def kind_of(constant: object) -> Value:
    if isinstance(constant, bool):
        return Value("bool")
    kinds = {int: "int", float: "float", str: "string", list: "list"}
    return Value(kinds.get(type(constant)))


def needs_output(body: list[Item], apart: Apart) -> bool:
    for item in body:
        if isinstance(item, SaveFigures):
            return True
        if isinstance(item, Carried):
            for rewrite in item.rewrites:
                if isinstance(rewrite, (Show, Report)):
                    return True
                if isinstance(rewrite, Extend) and apart.handles.output in rewrite.extras:
                    return True
    return False


def is_mixed(facts: Facts, folder: str) -> bool:
    """Whether the notebook reads from ``folder`` and writes into it: it has to stay one place."""
    inside = [x for s in facts.statements for x in s.literals if str(x.value).startswith(folder)]
    return {"read", "write"} <= {literal.role for literal in inside}


def displays(book: Rulebook, name: str, imports: tuple[Import, ...] | None) -> bool:
    """Whether ``name``, bound by ``imports`` or by nothing, shows rich values in a notebook."""
    if imports is None:
        entry = book.call(book.ambient.get(name, ""))
        return entry is not None and entry.display
    for imported in imports:
        if imported.name == name:
            entry = book.call(f"{imported.module}.{imported.symbol}")
            return entry is not None and entry.display
    return False
