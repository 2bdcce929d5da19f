"""What methods and functions make of tables, in words: counts, means, correlations, pivots."""

import ast
from dataclasses import dataclass

from chasm.rulebook import Rulebook

#: A word in a name or a sentence is as long as that at most.
MAX_WORD = 32
#: What is said of shares where they are asked for instead of counts.
SHARES = "normalize"


@dataclass(frozen=True, slots=True)
class Subject:
    """``name`` are words for a name, ``said`` those for a sentence.

    ``is_label`` marks a literal name of a column, ``is_part`` a column that was taken of a table,
    ``made`` what was computed of one, ``missing`` that it marks what is missing.
    """

    name: str
    said: str
    is_label: bool = False
    is_part: bool = False
    made: bool = False
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Groups:
    """The columns ``by`` which rows are grouped, and those whose ``value`` is taken of them."""

    by: str = ""
    value: str = ""

    @property
    def behind(self) -> str:
        return f" by {self.by}" if self.by else ""


def made_of(
    of: Subject, groups: Groups, call: ast.Call, name: str, other: Subject | None, book: Rulebook
) -> Subject | None:
    """What the method ``name`` makes of a table, of its groups or of a column.

    ``other`` is what its first argument is of. None where no words are known.
    """
    behind = groups.behind
    match book.tabled.get(name, ""):
        case "pivoted":
            return pivoted(call)
        case "sizes" if groups.by:
            return _computed(f"counts{behind}")
        case "counts" if not of.made:
            kind = _counts(call)
            if columns := " and ".join(labels_in(call)):
                # Of a table how often the values of some columns meet.
                return _computed(f"{kind} of {columns}")
            return Subject(
                f"{of.name} {kind}{behind}", f"the {kind} of {of.said}{behind}", made=True
            )
        case "correlated" if not of.made:
            if other is None:
                return Subject("correlations", f"the correlations of {of.said}", made=True)
            pair = f"{of.said} and {other.said}"
            return Subject(f"correlation of {pair}", f"the correlation of {pair}", made=True)
        case "missing" if not of.made:
            marked = f"missing {of.name}" if of.name else "missing values"
            return Subject(marked, f"the missing values of {of.said}", made=True, missing=True)
        case "highest" | "lowest" as word if not groups.by:
            column = " ".join(text for arg in call.args[1:2] for text in texts_in(arg)[:1])
            rows = f"the rows with the {word} {column}" if column else f"the {word} of {of.said}"
            return of if of.made else Subject(f"{word} {column or of.name}", rows, made=True)
    return _statistic(of, groups, call, name, book)


def _statistic(
    of: Subject, groups: Groups, call: ast.Call, name: str, book: Rulebook
) -> Subject | None:
    """A value that stands for many: of a column, of a table, of each group."""
    statistic, value = book.statistics.get(name, ""), groups.value
    if book.tabled.get(name) == "several":
        columns, asked = _asked(call)
        value = " and ".join(columns[:2]) or value
        statistic = book.statistics.get(asked[0], "") if len(asked) == 1 else ""
        if groups.by and value and not statistic:
            return Subject(f"{value}{groups.behind}", f"{value}{groups.behind}", made=True)
    if not statistic:
        return None
    plain = statistic.removesuffix(" of")
    if groups.by:
        return _computed(
            f"{statistic} {value}{groups.behind}" if value else f"{plain}{groups.behind}"
        )
    if of.missing:
        # The sum of what is missing is how much is missing.
        return of
    if of.made:
        return None
    said = f"{statistic} {of.said}" if of.is_part else f"{plain} of {of.said}"
    return Subject(f"{statistic} {of.name}" if of.name else plain, f"the {said}", made=True)


def crossed(call: ast.Call, sides: list[Subject]) -> Subject | None:
    """How often the values of two columns meet."""
    if len(sides) != 2 or any(k.arg in ("values", "aggfunc") for k in call.keywords):
        return None
    return _computed(f"{_counts(call)} by {sides[0].said} and {sides[1].said}")


def pivoted(call: ast.Call) -> Subject | None:
    """What a pivot table has in its cells, by what stands at its sides."""
    given = {k.arg: texts_in(k.value) for k in call.keywords if k.arg}
    values = " and ".join(given.get("values", [])[:2])
    sides = " and ".join([*given.get("index", []), *given.get("columns", [])][:3])
    said = f"{values} by {sides}"
    return Subject(said, said, made=True) if values and sides else None


def texts_in(node: ast.expr) -> list[str]:
    """The literal texts of a text or a list."""
    parts = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]
    values = [part.value for part in parts if isinstance(part, ast.Constant)]
    return [" ".join(value.split()) for value in values if isinstance(value, str) and value]


def labels_in(call: ast.Call) -> list[str]:
    """The columns that the arguments of a call name."""
    found: list[str] = []
    for node in [*call.args[:1], *(k.value for k in call.keywords if k.arg == "by")]:
        parts = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]
        for part in parts:
            match part:
                case ast.Constant(str(label)) | ast.Subscript(_, ast.Constant(str(label))):
                    found.append(label)
                case ast.Attribute(ast.Name(), label):
                    found.append(label)
    return [label for label in found if len(label) <= MAX_WORD]


def _computed(text: str) -> Subject:
    return Subject(text, f"the {text}", made=True)


def _counts(call: ast.Call) -> str:
    return "shares" if any(k.arg == SHARES for k in call.keywords) else "counts"


def _asked(call: ast.Call) -> tuple[list[str], list[str]]:
    """The columns that an aggregation names, and the statistics that it asks of them."""
    columns: list[str] = []
    statistics: list[str] = []
    for node in (*call.args[:1], *(k.value for k in call.keywords if k.arg != "axis")):
        match node:
            case ast.Dict(keys, values):
                columns += [text for key in keys if key is not None for text in texts_in(key)]
                statistics += [text for value in values for text in texts_in(value)]
            case ast.Tuple([column, statistic]):
                columns += texts_in(column)
                statistics += texts_in(statistic)
            case _:
                statistics += texts_in(node)
    return list(dict.fromkeys(columns)), list(dict.fromkeys(statistics))
