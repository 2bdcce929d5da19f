"""``Facts`` to :class:`~chasm.plan.model.Plan`: what the package holds, and why."""

from chasm.plan.plan import make_plan

__all__ = ["make_plan"]
