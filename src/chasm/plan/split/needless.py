"""Steps that no prediction needs are none: they stay as the notebook has them."""

from __future__ import annotations

import ast

from chasm.model import Facts
from chasm.plan.split.model import Role, Step
from chasm.plan.split.scalers import Found

#: What a served record, or what is learned for it, may go through.
REPLAYED = (Role.STEP, Role.LEARN, Role.GIVEN, Role.ALIAS)


def without_needless(steps: list[Step], found: Found, inputs: ast.expr, facts: Facts) -> list[Step]:
    """``steps`` without those of which nothing of the model's ``inputs`` is made.

    What only chooses rows, as the distance of each from the mean, needs no learned value of
    its own: a record that is served is not chosen.
    """
    needed = {found.end} | _names(inputs)
    needed |= {
        name for scaler, at in found.scalers for name in (scaler, *facts.statements[at].reads)
    }
    kept: list[Step] = []
    for step in sorted(steps, key=lambda step: step.statement, reverse=True):
        s = facts.statements[step.statement]
        if step.role is Role.STEP and not needed & (s.binds | s.mutates):
            continue
        kept.append(step)
        stands_in = {old for new, old in step.same if new in needed}
        replayed = step.role in REPLAYED and needed & (s.binds | s.mutates)
        needed |= stands_in
        if replayed:
            needed |= s.reads | s.mutates
        if replayed or stands_in:
            needed |= {name for line in step.lines for name in _names(ast.parse(line.code))}
            needed |= {old for line in step.lines for _, old in line.same}
    order = {step.statement: place for place, step in enumerate(steps)}
    return sorted(kept, key=lambda step: order[step.statement])


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
