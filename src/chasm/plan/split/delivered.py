"""What an author hands over in the end: answers in a file, a model made after a search."""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import TYPE_CHECKING

from chasm.analyse.literals import literal_value
from chasm.analyse.statements import Tree
from chasm.model import Facts
from chasm.plan.graph import Graph
from chasm.plan.split.handed import keyword, made_by

if TYPE_CHECKING:
    from chasm.plan.split.served import Fit

#: What a search is told its candidates by.
GRIDS = ("param_grid", "param_distributions", "search_spaces", "params")


def delivered(facts: Facts, graph: Graph, asking: Collection[int]) -> int | None:
    """The last statement of ``asking`` whose answers are written, by the last that writes any.

    A score, a figure and another model that are made of answers are none.
    """
    for s in reversed(facts.statements):
        if s.stage != "save" or s.effects.draws:
            continue
        queue, seen = [s.id], {s.id}
        found: list[int] = []
        while queue:
            number = queue.pop()
            effects = facts.statements[number].effects
            if effects.metric or effects.draws:
                continue
            if number in asking:
                found.append(number)
            if effects.fits:
                continue
            changed = facts.statements[number].mutates
            before = {n: v for n, v in graph.before[number].items() if n in changed}
            more = {*graph.reads[number].values(), *before.values()} - seen
            seen |= more
            queue += more
        if found:
            return max(found)
    return None


def concludes(fit: Fit, searches: list[Fit], trees: list[Tree], graph: Graph) -> bool:
    """Whether a model that is fitted after all searches is what the last one was for.

    It learns the same, and is made of what the search found; or it is of the class that was
    searched, and told a value that was tried for each setting that the search tries.
    """
    search = searches[-1]
    same = ast.dump(fit.inputs) == ast.dump(search.inputs) and _text(fit) == _text(search)
    if fit.kind == "search" or any(one.at >= fit.at for one in searches) or not same:
        return False
    at, made = _maker(fit, trees, graph)
    told, searcher = _maker(search, trees, graph)
    if made is None or searcher is None:
        return False
    if search.name in _names_behind(made, at, trees, graph):
        return True
    tried = searcher.args[0] if searcher.args else keyword(searcher, "estimator")
    value = trees[told].values.get(id(tried))
    if value is None or value.kind == "pipeline" or value.qualname != fit.learner:
        return False
    return _is_told(made, _candidates(searcher, told, trees, graph))


def _text(fit: Fit) -> str:
    return ast.dump(fit.truth) if fit.truth is not None else ""


def _maker(fit: Fit, trees: list[Tree], graph: Graph) -> tuple[int, ast.Call | None]:
    """The call that makes a model, and its statement."""
    at, made = made_by(ast.Name(fit.name, ast.Load()), fit.at, trees, graph)
    node = trees[fit.at].node
    if made is None and isinstance(node, ast.Assign):
        at, made = fit.at, node.value
    while isinstance(made, ast.Call) and isinstance(made.func, ast.Attribute):
        if made.func.attr != "fit":
            break
        made = made_by(made.func.value, at, trees, graph)[1]
    return at, made if isinstance(made, ast.Call) else None


def _names_behind(made: ast.Call, at: int, trees: list[Tree], graph: Graph) -> set[str]:
    """The names that a call reads, and those that their values were made of."""
    names = [node for node in ast.walk(made) if isinstance(node, ast.Name)]
    behind = (made_by(name, at, trees, graph)[1] for name in names)
    inner = [node for value in behind if value is not None for node in ast.walk(value)]
    return {node.id for node in (*names, *inner) if isinstance(node, ast.Name)}


def _candidates(
    searcher: ast.Call, told: int, trees: list[Tree], graph: Graph
) -> dict[str, list[object] | None]:
    """By settings the values that a search tries; None where the notebook does not list them."""
    given = next((keyword(searcher, name) for name in GRIDS if keyword(searcher, name)), None)
    given = given or (searcher.args[1] if len(searcher.args) > 1 else None)
    grid = made_by(given, told, trees, graph)[1] if given is not None else None
    if not isinstance(grid, ast.Dict):
        return {}
    found: dict[str, list[object] | None] = {}
    for key, values in zip(grid.keys, grid.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            found[key.value] = _values(values)
    return found


def _values(node: ast.expr) -> list[object] | None:
    _, value = literal_value(node)
    return list(value) if isinstance(value, (list, tuple, set)) else None


def _is_told(made: ast.Call, candidates: dict[str, list[object] | None]) -> bool:
    """Whether a model is told one of the candidates for each setting."""
    told = {k.arg: k.value for k in made.keywords if k.arg is not None}
    return bool(candidates) and all(
        name in told
        and (
            values is None
            or not isinstance(told[name], ast.Constant)
            or any(ast.unparse(told[name]) == repr(value) for value in values)
        )
        for name, values in candidates.items()
    )
