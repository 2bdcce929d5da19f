"""Whether the value that a cell shows last is a result or only a look at a value."""

import ast

from chasm.analyse.environment import Ref
from chasm.analyse.record import Record
from chasm.model import Shown
from chasm.rulebook import Rulebook

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
    value = ref.value
    if value.kind in MUTE or isinstance(node.value, (ast.Constant, ast.JoinedStr)):
        return None
    if "draws" in record.flags:
        return None
    if isinstance(node.value, (ast.Tuple, ast.List, ast.Dict)):
        return Shown(not any(i.made or i.kind in NUMBERS for i in value.items), value)
    if isinstance(node.value, ast.Name):
        return Shown(value.kind in TABLES and not value.made, value)
    if record.flags & {"predicts", "metric"}:
        return Shown(False, value)
    if "fits" in record.flags and value.kind not in DATA:
        # It is the model, by whatever name: the code says as much.
        return Shown(True, value)
    last = record.called[-1][1] if record.called else None
    telling = [entry for _, entry in record.called if entry.look or entry.result]
    if telling and telling[0].look:
        # Whatever is counted or summed over a look is a look as well.
        return Shown(True, value)
    if last is not None and last.result:
        return Shown(False, value)
    if "fits" in record.flags:
        # What is learned and applied in one call was computed nowhere else.
        return Shown(False, value)
    if value.kind in NUMBERS and not any(e.look for _, e in record.called):
        return Shown(False, value)
    if any(entry.result or entry.metric for _, entry in record.called):
        return Shown(bool(last and last.look), value)
    looks = any(entry.look for _, entry in record.called)
    return Shown(looks or value.kind in TABLES, value)
