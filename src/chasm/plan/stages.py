"""Stages of statements: their own, or that of what they lead up to."""

from chasm.model import Statement
from chasm.plan.group import MODELS

#: The module that each stage of a notebook with a model goes to.
MODULES = {
    "load": "data", "clean": "data", "features": "features", "split": "training",
    "scale": "training", "fit": "training", "predict": "training", "evaluate": "training",
    "save": "training",
}  # fmt: skip


def stages_of(product: list[Statement]) -> dict[int, str]:
    """The stage of each statement: its own, or that of what it leads up to in its cell."""
    found: dict[int, str] = {}
    cells: dict[int, list[Statement]] = {}
    for s in product:
        cells.setdefault(s.cell, []).append(s)
    reached = "load"
    for members in cells.values():
        own = [_own_stage(s) for s in members]
        if "split" in own:
            # What is selected right before the split belongs to it, and nothing above that.
            first = own.index("split")
            for i in range(first - 1, -1, -1):
                if own[i] not in (None, "clean") or not _leads_to(members[i], members[first]):
                    break
                own[i] = "split"
        following: str | None = None
        for i in range(len(own) - 1, -1, -1):
            if own[i] is None and following != "split":
                own[i] = following
            following = own[i]
        previous = _default(reached)
        for s, stage in zip(members, own, strict=True):
            found[s.id] = previous = stage or previous
            if previous == "save":
                # What is saved in between leads to nothing that comes after it.
                continue
            training = [MODULES.get(one) == "training" for one in (previous, reached)]
            if training[0] or not training[1] and previous in MODULES:
                reached = previous
    return found


def _leads_to(s: Statement, split: Statement) -> bool:
    """Whether a statement makes what is split, or says which rows are drawn for it."""
    return bool(s.binds & split.reads or s.effects.seeds & split.effects.random)


def _default(reached: str) -> str:
    return {"load": "clean", "split": "fit", "scale": "fit"}.get(reached, reached)


def _own_stage(s: Statement) -> str | None:
    if s.stage is None and s.columns:
        return "features"
    if s.stage == "split" and s.binds and all(v.kind == "splitter" for v in s.values.values()):
        # It says how to divide rows, and those divide them who are given it.
        return None
    if s.stage is None and any(v.kind in MODELS for v in s.values.values()):
        return "fit"
    if s.stage is None and s.is_constant:
        return None
    return None if s.stage == "plot" else s.stage
