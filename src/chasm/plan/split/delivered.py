"""What an author hands over in the end: answers in a file, a model made after a search."""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import TYPE_CHECKING

from chasm.analyse.statements import Tree
from chasm.model import Facts
from chasm.plan.graph import Graph
from chasm.plan.split.handed import keyword, made_by

if TYPE_CHECKING:
    from chasm.plan.split.served import Fit

#: Words in the name of the model that a search was for.
CONCLUDING = {"final", "best", "tuned", "optimized", "optimised", "optimal", "chosen"}


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
    """Whether a model that is fitted after all searches is what one of them was for.

    It is called so, or is of the class that was searched, with what the author read from there.
    """
    if fit.kind == "search" or any(search.at >= fit.at for search in searches):
        return False
    named = CONCLUDING.intersection(fit.name.lower().split("_"))
    return bool(named) or fit.learner in {_tried(search, trees, graph) for search in searches} - {
        ""
    }


def _tried(search: Fit, trees: list[Tree], graph: Graph) -> str:
    """The class of which a search tries settings, by its dotted name; empty when not known."""
    told, maker = made_by(ast.Name(search.name, ast.Load()), search.at, trees, graph)
    if not isinstance(maker, ast.Call):
        return ""
    tried = maker.args[0] if maker.args else keyword(maker, "estimator")
    value = trees[told].values.get(id(tried))
    return value.qualname or "" if value is not None else ""
