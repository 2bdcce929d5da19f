"""Predictions that a notebook writes into a file: what its author hands over in the end."""

from __future__ import annotations

from collections.abc import Collection

from chasm.model import Facts
from chasm.plan.graph import Graph


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
