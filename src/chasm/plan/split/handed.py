"""Models that a function makes of inputs and truth, which were put together before it."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from chasm.analyse.statements import Tree
from chasm.plan.graph import Graph
from chasm.rulebook import Rulebook

#: How what puts data together calls its inputs and its truth.
INPUTS, TRUTH = "data", "label"
#: Keywords that say nothing of how inputs are read: they are of the training's rows.
OF_ROWS = {INPUTS, TRUTH, "weight", "base_margin", "reference", "free_raw_data", "nthread"}


@dataclass(frozen=True, slots=True)
class Handed:
    """What a model is fitted to: the statement and the call that put its data together.

    ``holder`` is the class by its dotted name where the fitted model takes its inputs in one
    as well, ``options`` the code of the keywords that it is made with.
    """

    statement: int
    inputs: ast.expr
    truth: ast.expr | None
    holder: str = ""
    options: tuple[tuple[str, str], ...] = ()


def handed_to(
    call: ast.Call, at: int, trees: list[Tree], graph: Graph, book: Rulebook
) -> Handed | None:
    """The data of a call in statement ``at`` that fits a model to what was put together."""
    _, entry = trees[at].entries.get(id(call), ("", None))
    if entry is None or not entry.fits or not (entry.returns or "").endswith("booster"):
        return None
    for given in _places(call, entry.positions):
        statement, made = made_by(given, at, trees, graph)
        if not isinstance(made, ast.Call):
            continue
        name, _ = trees[statement].entries.get(id(made), ("", None))
        if name not in book.checks.get("holds", ()):
            continue
        inputs = made.args[0] if made.args else keyword(made, INPUTS)
        truth = made.args[1] if len(made.args) > 1 else keyword(made, TRUTH)
        options = [(k.arg or "", k.value) for k in made.keywords if k.arg not in OF_ROWS]
        asked = name in book.checks.get("asked", ())
        if inputs is None or len(made.args) > 2 or not all(_is_literal(v) for _, v in options):
            return None
        told = tuple((word, ast.unparse(value)) for word, value in options) if asked else ()
        return Handed(statement, inputs, truth, name if asked else "", told)
    return None


def asked_plainly(node: ast.stmt, name: str) -> bool:
    """Whether all that a statement asks the model ``name`` for is its answer as it is."""
    return all(
        len(n.args) == 1 and not n.keywords
        for n in ast.walk(node)
        if isinstance(n, ast.Call)
        and isinstance(n.func, ast.Attribute)
        and n.func.attr == "predict"
        and isinstance(n.func.value, ast.Name)
        and n.func.value.id == name
    )


def _places(call: ast.Call, positions: tuple[str, ...]) -> Iterable[ast.expr]:
    """What may be the data: the second argument by its place or its name."""
    named = positions[1] if len(positions) > 1 else ""
    return [*call.args[1:2], *(k.value for k in call.keywords if k.arg == named)]


def made_by(
    node: ast.expr, at: int, trees: list[Tree], graph: Graph
) -> tuple[int, ast.expr | None]:
    """The expression that makes what ``node`` is in statement ``at``, and where it stands."""
    if not isinstance(node, ast.Name):
        return at, node
    version = graph.reads[at].get(node.id)
    if version is None:
        return at, None
    made = trees[version].node
    return version, made.value if isinstance(made, ast.Assign) else None


def keyword(node: ast.Call, name: str) -> ast.expr | None:
    """What a call is told under ``name``."""
    return next((k.value for k in node.keywords if k.arg == name), None)


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True
