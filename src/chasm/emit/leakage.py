"""What the README of a package says of leaks that were to be mended."""

from chasm.emit import text
from chasm.plan.leakage.model import Leakage, Learning
from chasm.plan.model import Plan


def leakage_values(plan: Plan) -> dict[str, object] | None:
    """What the README takes as ``leakage``; None where nobody asked to have leaks mended."""
    leakage = plan.leakage
    if leakage is None:
        return None
    return {
        "nothing": leakage.nothing,
        "split": leakage.split,
        "mended": [_line(one) for one in leakage.mended],
        "kept": [_line(one) for one in leakage.kept],
        "drawn": leakage.drawn,
        "others": leakage.others,
        "stored": leakage.stored if not leakage.after else (),
        "metrics": _side_by_side(leakage),
    }


def _line(one: Learning) -> dict[str, object]:
    return {
        "cell": one.cell,
        "line": one.line,
        "statement": text.code(one.statement),
        "reason": text.markdown(one.reason),
    }


def _side_by_side(leakage: Leakage) -> list[tuple[str, str, str]]:
    """A row for each metric that one of both runs has."""
    before, after = dict(leakage.before), dict(leakage.after)
    return [
        (text.code(name), _number(before.get(name)), _number(after.get(name)))
        for name in sorted(before | after)
    ]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"
