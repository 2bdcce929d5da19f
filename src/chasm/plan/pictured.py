"""What a figure shows, in words: the columns in it, and how they stand to each other."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chasm.analyse.nodes import nodes_below
from chasm.model import Called
from chasm.plan.tabled import Subject, Tables
from chasm.plan.words import identifier
from chasm.rulebook import Rulebook

#: Kinds of values that draw themselves.
DRAWN = ("frame", "series", "array", "groupby", "series-groupby", "table")


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn: ``noun`` its kind, ``name`` words for a name, ``said`` what it is of.

    ``parts`` are the columns that others of its kind may have in their place, ``against`` what all
    of them stand against; ``many`` says that there are several.
    """

    noun: str
    name: str
    said: str
    parts: tuple[str, ...] = ()
    against: str = ""
    many: bool = False


@dataclass(frozen=True, slots=True)
class _Axes:
    """What stands along the axes of a figure, and what its colours are by."""

    x: Subject | None = None
    y: Subject | None = None
    hue: Subject | None = None
    whole: Subject | None = None
    many: bool = False


def pictures_of(
    statements: Sequence[ast.stmt], called: Mapping[int, Called], tables: Tables
) -> list[Picture]:
    """What each drawing call of ``statements`` draws, as far as its arguments tell."""
    found: list[Picture] = []
    for node in statements:
        loops = [n for n in (node, *nodes_below(node)) if isinstance(n, ast.For)]
        targets = {n.id for loop in loops for n in ast.walk(loop.target) if isinstance(n, ast.Name)}
        inside = replace(tables, targets=frozenset(targets))
        calls = [n for n in nodes_below(node) if isinstance(n, ast.Call)]
        calls.sort(key=lambda call: (call.lineno, call.col_offset))
        for call in calls:
            name = _drawing(call, called, tables.book)
            if name and (one := _picture(call, name, called, inside)) is not None:
                found.append(one)
    return list(dict.fromkeys(found))


def makes_page(node: ast.stmt, called: Mapping[int, Called], book: Rulebook) -> bool:
    """Whether a statement calls what makes an interactive figure."""
    calls = [called[id(n)] for n in nodes_below(node) if id(n) in called]
    libraries = [book.libraries.get(one.name.partition(".")[0]) for one in calls if not one.own]
    return any(library is not None and library.pages for library in libraries)


def assigned(statements: Sequence[ast.stmt]) -> dict[str, ast.expr]:
    """What the names stand for that one plain assignment gives a value."""
    found: dict[str, list[ast.expr]] = {}
    for node in statements:
        match node:
            case ast.Assign([ast.Name(name)], value):
                found.setdefault(name, []).append(value)
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def joined(pictures: Sequence[Picture]) -> Picture | None:
    """Several pictures of one function as one; None where there is none."""
    if len(pictures) < 2:
        return pictures[0] if pictures else None
    first, *others = pictures
    same = all(one.noun == first.noun for one in others)
    parts = [part for one in pictures for part in one.parts]
    if first.against and all(one.against == first.against for one in others):
        return _several(first.noun, parts, f" against {first.against}")
    if same and all(len(one.parts) == 1 and not one.against for one in pictures):
        return _several(f"{first.noun}s", parts, "")
    rest = f"{len(others)} more" if len(others) > 1 else "1 other"
    return Picture(first.noun, f"{first.name} and others", f"{first.said} and {rest}")


def _several(noun: str, parts: Sequence[str], behind: str) -> Picture:
    """Pictures of one kind, which differ in one column."""
    names = list(dict.fromkeys(parts))
    short = " and ".join(names) if len(names) < 3 else f"{names[0]} and others"
    said = short if len(names) < 3 else f"{names[0]}, {names[1]} and {len(names) - 2} more"
    name = f"{short}{behind}" if behind else f"{short} {noun}"
    return Picture(noun, name, f"{said}{behind}", many=len(names) > 1 and not behind)


def _drawing(call: ast.Call, called: Mapping[int, Called], book: Rulebook) -> str:
    """The name of what draws, as its kind of figure goes by; empty for other calls."""
    func = call.func
    if (one := called.get(id(call))) is not None and one.own:
        return ""
    name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
    if name not in book.figures:
        return ""
    kinds = [k.value.value for k in call.keywords
             if k.arg == "kind" and isinstance(k.value, ast.Constant)]  # fmt: skip
    return next((str(kind) for kind in kinds if kind in book.figures), name)


def _picture(
    call: ast.Call, name: str, called: Mapping[int, Called], tables: Tables
) -> Picture | None:
    axes = _axes(call, called, tables)
    noun = tables.book.figures[name]
    return _worded(noun, tables.book.drawn.get(name, ""), axes)


def _axes(call: ast.Call, called: Mapping[int, Called], tables: Tables) -> _Axes:
    """What a drawing call puts along its axes: its keywords, its arguments, or what it is of."""
    given = {k.arg: k.value for k in call.keywords if k.arg}
    x = tables.column(given.get("x", given.get("names")))
    y = tables.column(given.get("y", given.get("height", given.get("values"))))
    hue = tables.column(given.get("hue", given.get("by")))
    whole = tables.of(given.get("data"))
    drawn = _receiver(call, called, tables)
    column = tables.column(given.get("column"))
    places = [a for a in call.args if not isinstance(a, ast.Starred)]
    if drawn is not None:
        labels = [tables.column(a) for a in places[:2]]
        labels = [one for one in labels if one is not None and one.is_label]
        x = x or column or (labels[0] if labels else None)
        y = y or (labels[1] if len(labels) > 1 else None)
        one = called.get(id(call))
        frame = one is not None and one.receiver is not None and one.receiver.kind == "frame"
        return _Axes(x, y, hue, drawn, frame and x is None and not drawn.made)
    if places and (x or y or len(places) == 1) and whole is None:
        whole, places = tables.of(places[0]), []
    first = [tables.column(a) for a in places[:2]]
    if "data" not in given:
        # A text beside values says how the line looks.
        first = [None if one is not None and one.is_label else one for one in first]
    x = x or column or (first[0] if first else None)
    y = y or (first[1] if len(first) > 1 else None)
    return _Axes(x, y, hue, whole)


def _receiver(call: ast.Call, called: Mapping[int, Called], tables: Tables) -> Subject | None:
    """The table or column that draws itself."""
    if not isinstance(call.func, ast.Attribute):
        return None
    one, value = called.get(id(call)), call.func.value
    kind = one.receiver.kind if one is not None and one.receiver is not None else None
    if kind in DRAWN or (kind or "").endswith("-plot") or tables.aggregates(value):
        return tables.of(value)
    return None


def _worded(noun: str, relation: str, axes: _Axes) -> Picture | None:
    x, y, whole = axes.x, axes.y, axes.whole
    by = f" by {axes.hue.said}" if axes.hue is not None else ""
    if x and y and x != y and relation in ("against", "by"):
        name = f"{y.name} {relation} {x.name}"
        against = x.said if relation == "against" else ""
        also = f" and {axes.hue.said}" if axes.hue is not None and axes.hue != x else ""
        if not (identifier(x.name) and identifier(y.name)):
            name = f"{y.name or x.name} {noun}"
        return Picture(noun, name, f"{y.said} {relation} {x.said}{also}", (y.said,), against)
    one = x if x and (relation != "by" or not y) else y or x or whole
    if one is None:
        return None
    if relation == "counts":
        counts = f"{one.name} counts" if one.name else "counts"
        return Picture("count plot", f"{counts}{by}", f"{one.said}{by}", (one.said,))
    if one.made:
        return Picture(noun, one.name, f"{one.said}{by}", (one.said,))
    many = relation == "spread" and axes.many
    kind = f"{noun}s" if many or one.said.startswith("each ") else noun
    name = f"{one.name} {kind}{by}".strip()
    return Picture(kind if many else noun, name, f"{one.said}{by}", (one.said,), many=many)
