"""Whether the value that a cell shows last is a result or only a look at a value."""

import ast

from chasm.analyse.environment import Ref
from chasm.analyse.record import Record
from chasm.model import UNKNOWN, Shown, Value
from chasm.rulebook import Entry, Rulebook

#: Kinds whose text says nothing that the code does not say.
MUTE = {
    "none", "axes", "figure", "estimator", "classifier", "regressor", "clusterer", "transformer",
    "search", "pipeline", "module", "function", "symbol", "own", "class", "groupby", "instance",
    "outlier", "sampler", "model", "series-groupby", "iterator", "range", "window", "object",
}  # fmt: skip
TABLES = {"frame", "series", "array", "table", "index", "list", "dict", "tuple", "set", "string"}
NUMBERS = {"number", "scalar", "bool"}
#: What says something of its own when a fit gives it; all else that does is a model.
DATA = TABLES | NUMBERS | {"sparse"}


def shown_value(node: ast.stmt, ref: Ref, record: Record, book: Rulebook) -> Shown | None:
    """What the notebook displays for an expression at a cell's end; None when nothing."""
    assert isinstance(node, ast.Expr)
    if "draws" in record.flags or _in_place(node.value, record):
        return None
    if book.fact(ref.value.kind, "apart"):
        table = _styled(node.value, record)
        shown = _shown(table, record.values.get(id(table), ref.value), record)
        return Shown(shown is None or shown.look, ref.value)
    return _shown(node.value, ref.value, record)


def _styled(node: ast.expr, record: Record) -> ast.expr:
    """The table of which a style is shown; the expression itself where it has a name."""
    inner = node
    while isinstance(inner, (ast.Call, ast.Attribute)):
        if isinstance(inner, ast.Attribute) and id(inner) in record.parts:
            return inner.value
        inner = inner.func if isinstance(inner, ast.Call) else inner.value
    return node


def _in_place(node: ast.expr, record: Record) -> bool:
    """Whether a call changes its receiver, and so gives nothing."""
    if not isinstance(node, ast.Call):
        return False
    _, entry = record.entries.get(id(node), ("", None))
    given = next((k.value for k in node.keywords if k.arg == "inplace"), None)
    told = isinstance(given, ast.Constant) and given.value is True
    return told and entry is not None and entry.inplace


def _shown(node: ast.expr, value: Value, record: Record) -> Shown | None:
    if value.kind in MUTE or isinstance(node, (ast.Constant, ast.JoinedStr)):
        return None
    if isinstance(node, (ast.Tuple, ast.List, ast.Dict)):
        return Shown(_only_looks(node, value, record), value)
    if isinstance(node, ast.Name):
        # A table that was read is a look also where it was given a model's answers.
        read = not value.made or value.predicted and value.kind == "frame"
        return Shown(value.kind in TABLES and read, value)
    if record.flags & {"predicts", "metric"}:
        return Shown(False, value)
    if "fits" in record.flags and value.kind not in DATA:
        # It is the model, by whatever name: the code says as much.
        return Shown(True, value)
    return Shown(_is_look(node, value, record), value)


def _only_looks(node: ast.Tuple | ast.List | ast.Dict, value: Value, record: Record) -> bool:
    """Whether none of the values that are shown together is a result."""
    if any(item.made or item.kind in NUMBERS for item in value.items):
        return False
    parts = node.values if isinstance(node, ast.Dict) else node.elts
    shown = (_shown(part, record.values.get(id(part), UNKNOWN), record) for part in parts)
    return all(one is None or one.look for one in shown)


def _is_look(node: ast.expr, value: Value, record: Record) -> bool:
    chain, end = _chain(node, record)
    if value.made and len(chain) > 1 and chain[-1].look and chain[-2].ranks:
        # The first of what was computed and put in order are what it was computed for.
        return False
    telling = [entry for entry in chain if entry.look or entry.result]
    if not telling:
        if isinstance(end, ast.Name) and value.made:
            # A part or another form of a result, whatever its arguments look up.
            return False
        telling = [entry for _, entry in record.called if entry.look or entry.result]
    if telling and telling[0].look:
        # Whatever is counted or summed over a look is a look as well.
        return True
    if telling and telling[0] in chain and not telling[0].wraps:
        # The first rows of what is computed right here are a look at nothing else.
        return False
    last = record.called[-1][1] if record.called else None
    if last is not None and last.result:
        return False
    if "fits" in record.flags:
        # What is learned and applied in one call was computed nowhere else.
        return False
    if value.kind in NUMBERS and not any(e.look for _, e in record.called):
        return False
    if any(entry.result or entry.metric for _, entry in record.called):
        return bool(last and last.look)
    if value.made:
        return False
    return value.kind in TABLES or any(entry.look for _, entry in record.called)


def _chain(node: ast.expr, record: Record) -> tuple[list[Entry], ast.expr]:
    """The rules of an expression's calls from the innermost receiver on, and what that is of.

    What stands in the arguments of a call says nothing of its value, but for a table that is only
    put around the first one.
    """
    found: list[Entry] = []
    while True:
        match node:
            case ast.Call():
                _, entry = record.entries.get(id(node), ("", None))
                found += [entry] if entry is not None else []
                if isinstance(node.func, ast.Attribute) and not _is_symbol(node.func, record):
                    node = node.func.value
                elif entry is not None and entry.wraps and node.args:
                    node = node.args[0]
                else:
                    return found[::-1], node
            case ast.Attribute():
                found += [record.parts[id(node)]] if id(node) in record.parts else []
                node = node.value
            case ast.Subscript():
                node = node.value
            case _:
                return found[::-1], node


def _is_symbol(function: ast.Attribute, record: Record) -> bool:
    return record.values.get(id(function.value), UNKNOWN).kind == "symbol"
