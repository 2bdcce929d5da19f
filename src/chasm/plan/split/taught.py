"""What the model is taught to say, where that is not the column as it was read."""

from __future__ import annotations

import ast

from chasm.analyse.statements import Tree
from chasm.model import Facts
from chasm.plan.graph import Graph
from chasm.plan.split.drops import strings
from chasm.plan.split.handed import made_by
from chasm.plan.split.served import Served
from chasm.plan.split.target import column_of, definitions_of
from chasm.rulebook import Rulebook

ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)


def rescaled(
    served: Served, facts: Facts, trees: list[Tree], graph: Graph, book: Rulebook
) -> list[int]:
    """Statements that put the target on another scale, as by a logarithm: so is the answer."""
    fit, target = served.fit, served.target
    found = {
        at
        for node, at in definitions_of(fit.truth, fit.statement, trees, graph, book)
        if at != fit.statement and _changes_scale(node, trees[at], book)
    }
    if target is not None and target.label is not None:
        # A column of this name in a table that the model never sees is another one.
        found |= {
            number
            for number in _needed(fit.statement, graph)
            if isinstance(node := trees[number].node, ast.Assign)
            and (
                target.label == _column_set(node)
                and _changes_scale(node.value, trees[number], book)
                or target.label in _columns_set(node, number, trees, graph)
                and _scales(node.value, trees[number], book)
            )
        }
    return sorted(found)


def _column_set(node: ast.Assign) -> str | None:
    made = column_of(node)
    return made[1] if made is not None else None


def _columns_set(node: ast.Assign, number: int, trees: list[Tree], graph: Graph) -> set[str]:
    """The columns that a statement gives values by a list of them."""
    match node.targets:
        case [ast.Subscript(slice=where)]:
            listed = made_by(where, number, trees, graph)[1]
            return set(strings(listed)) if isinstance(listed, (ast.List, ast.Tuple)) else set()
    return set()


def _needed(number: int, graph: Graph) -> set[int]:
    """The earlier statements on which the statement ``number`` depends."""
    found: set[int] = set()
    waiting = [number]
    while waiting:
        at = waiting.pop()
        for earlier in (*graph.reads[at].values(), *graph.before[at].values()):
            if earlier < number and earlier not in found:
                found.add(earlier)
                waiting.append(earlier)
    return found


def undone(
    served: Served, scale: list[int], facts: Facts, trees: list[Tree], graph: Graph, book: Rulebook
) -> tuple[str, int] | None:
    """The function by which the notebook puts predictions back, and the statement that does.

    ``scale`` is what :func:`rescaled` found; None where nothing in the notebook undoes it.
    """
    pairs = [pair.split() for pair in book.checks.get("undoes", ())]
    if len(scale) != 1 or any(isinstance(n, ast.BinOp) for n in ast.walk(trees[scale[0]].node)):
        return None
    made = {entry for entry, _ in trees[scale[0]].entries.values()}
    back = {after for after, before in pairs if before in made}
    for s in facts.statements[served.fit.at + 1 :]:
        if served.name in s.binds or (s.effects.fits and served.name in s.mutates):
            return None
        for call in ast.walk(trees[s.id].node):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            name, _ = trees[s.id].entries.get(id(call), ("", None))
            given = definitions_of(call.args[0], s.id, trees, graph, book)
            if name in back and any(_predicts(node, served.name) for node, _ in given):
                return name, s.id
    return None


def _predicts(node: ast.expr, model: str) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="predict")):
            return name == model
    return False


def is_made(served: Served, trees: list[Tree], start: int) -> bool:
    """Whether the target's column is made after ``start``, so that no raw record has it."""
    target = served.target
    if target is None or target.label is None:
        return False
    for tree in trees[start + 1 : served.fit.statement]:
        made = column_of(tree.node)
        if made is not None and made[1] == target.label and isinstance(tree.node, ast.Assign):
            read = list(ast.walk(tree.node.value))
            labels = {n.value for n in read if isinstance(n, ast.Constant)}
            return target.label not in labels | {
                n.attr for n in read if isinstance(n, ast.Attribute)
            }
    return False


def _changes_scale(node: ast.expr, tree: Tree, book: Rulebook) -> bool:
    """Whether a value is another one on a scale of its own: by arithmetic, a function, a scaler."""
    computed = (isinstance(n, ast.BinOp) and isinstance(n.op, ARITHMETIC) for n in ast.walk(node))
    return any(computed) or _scales(node, tree, book)


def _scales(node: ast.expr, tree: Tree, book: Rulebook) -> bool:
    """Whether a function or a scaler puts a value on another scale."""
    for part in ast.walk(node):
        if not isinstance(part, ast.Call):
            continue
        if tree.entries.get(id(part), ("", None))[0] in book.checks.get("rescales", ()):
            return True
        if isinstance(part.func, ast.Attribute) and part.func.attr == "fit_transform":
            scaler = tree.values.get(id(part.func.value))
            if scaler is not None and scaler.qualname in book.checks.get("learns", ()):
                return True
    return False
