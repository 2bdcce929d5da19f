"""What a figure shows, in words: the columns in it, and how they stand to each other."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chasm.analyse.nodes import nodes_below
from chasm.model import Called
from chasm.plan.aggregated import Subject
from chasm.plan.tabled import Tables
from chasm.plan.words import identifier
from chasm.rulebook import Rulebook

#: Kinds of values that draw themselves.
DRAWN = ("frame", "series", "array", "groupby", "series-groupby", "table")


NOTHING = Subject("", "")


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn: ``noun`` its kind, ``name`` words for a name, ``said`` what it is of.

    ``of`` is the column that others of its kind may have in its place, ``behind`` what all of them
    stand against, or are parted by; ``many`` says that there are several.
    """

    noun: str
    name: str
    said: str
    of: Subject = NOTHING
    behind: str = ""
    many: bool = False


@dataclass(frozen=True, slots=True)
class _Axes:
    """What stands along the axes of a figure, and what its colours are by.

    ``many`` says that it is one for each column of a table, ``lost`` that the values are not known.
    """

    x: Subject | None = None
    y: Subject | None = None
    hue: Subject | None = None
    whole: Subject | None = None
    many: bool = False
    lost: bool = False


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
    if all(one.noun == first.noun and one.behind == first.behind for one in others):
        return _several(first, pictures)
    if len(others) > 1:
        said = f"{first.said} and {len(others)} more"
        return Picture(first.noun, f"{first.name} and others", said)
    (other,) = others
    if other.of == first.of and other.behind == first.behind:
        name = f"{first.name} and {other.noun}"
        return Picture(f"{first.noun} and a {other.noun}", name, first.said)
    name = f"{first.name} and {other.name}"
    return Picture(first.noun, name, f"{first.said}, and a {other.noun} of {other.said}")


def _several(first: Picture, pictures: Sequence[Picture]) -> Picture:
    """Pictures of one kind, which differ in one column."""
    columns = list(dict.fromkeys(one.of for one in pictures))
    names, words = [one.name for one in columns], [one.said for one in columns]
    short = " and ".join(names) if len(names) < 3 else f"{names[0]} and others"
    said = " and ".join(words)
    if len(words) > 2:
        said = f"{words[0]}, {words[1]} and {len(words) - 2} more"
    plural = f"{first.noun}s" if len(columns) > 1 and not first.behind else first.noun
    name = f"{short}{first.behind}" if first.behind or columns[0].made else f"{short} {plural}"
    return Picture(plural, name, f"{said}{first.behind}", many=plural != first.noun)


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
    along = given.get("y", given.get("height", given.get("values")))
    x, y = tables.column(given.get("x", given.get("names"))), tables.column(along)
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
    if "data" not in given:
        # A text beside values says how the line looks.
        places = [a for a in places if not isinstance(a, ast.Constant)]
    first = [tables.column(a) for a in places[:2]]
    along = along or (places[1] if len(places) > 1 else None)
    x = x or column or (first[0] if first else None)
    y = y or (first[1] if len(first) > 1 else None)
    if along is not None and y is None:
        # What the values are the author may say beside them.
        y = tables.column(given.get("label"))
        return _Axes(x, y, hue, whole, lost=y is None or not y.is_label)
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
    by = f" by {axes.hue.said}" if axes.hue is not None and axes.hue != x else ""
    if axes.lost:
        return None
    if x and y and x != y and relation in ("against", "by"):
        behind = f" {relation} {x.said}"
        name = f"{y.name}{behind}"
        if not (identifier(x.name) and identifier(y.name)):
            name = f"{y.name or x.name} {noun}"
        also = by.replace(" by ", " and ") if relation == "by" else by
        return Picture(noun, name, f"{y.said}{behind}{also}", y, f"{behind}{also}")
    one = x if x and (relation != "by" or not y) else y or x or whole
    if one is None:
        return None
    if relation == "counts":
        counts = f"{one.name} counts" if one.name else "counts"
        return Picture("count plot", f"{counts}{by}", f"{one.said}{by}", one, by)
    if one.made:
        return Picture(noun, one.name, f"{one.said}{by}", one, by)
    many = relation == "spread" and axes.many
    kind = f"{noun}s" if many or one.said.startswith("each ") else noun
    name = f"{one.name} {kind}{by}".strip()
    return Picture(kind if many else noun, name, f"{one.said}{by}", one, by, many)
