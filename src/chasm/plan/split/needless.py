"""Steps that no prediction needs are none: they stay as the notebook has them."""

from __future__ import annotations

import ast

from chasm.model import Facts
from chasm.plan.split.callee import names_in
from chasm.plan.split.model import Role, Step
from chasm.plan.split.scalers import Found

#: What a served record, or what is learned for it, may go through.
REPLAYED = (Role.STEP, Role.LEARN, Role.GIVEN, Role.ALIAS)


def without_needless(found: Found, inputs: ast.expr, facts: Facts) -> list[Step]:
    """The steps of ``found`` but for those of which nothing of the model's ``inputs`` is made.

    What only chooses rows, as the distance of each from the mean, needs no learned value of
    its own: a record that is served is not chosen.
    """
    needed = {found.end, *names_in(inputs)}
    for scaler, at in found.scalers:
        needed |= {scaler} | facts.statements[at].reads
    needless: set[int] = set()
    for step in sorted(found.steps, key=lambda step: step.statement, reverse=True):
        s = facts.statements[step.statement]
        made = needed & (s.binds | s.mutates)
        if step.role is Role.STEP and not made:
            needless.add(step.statement)
            continue
        stands_in = {old for new, old in step.same if new in needed}
        replayed = step.role in REPLAYED and made
        needed |= stands_in
        if replayed:
            needed |= s.reads | s.mutates
        for line in step.lines if replayed or stands_in else ():
            needed |= {*names_in(ast.parse(line.code)), *(old for _, old in line.same)}
    return [step for step in found.steps if step.statement not in needless]
