"""What a package is for, and what its report holds, in a sentence each."""

from collections.abc import Iterable

from chasm.model import Facts, Statement
from chasm.plan.documents import FOLDERS
from chasm.plan.items import Carried, Report
from chasm.plan.model import Call, Fate, Plan
from chasm.plan.qualified import name_of

#: Files that are named before the others are only counted.
MAX_FILES = 2
MAX_NAME = 60


def description_of(plan: Plan) -> str:
    """What the notebook says of itself; where it says nothing, its name and what it does."""
    words = plan.summary or plan.title
    if not plan.summary and plan.title == name_of(plan.facts):
        done = _done(plan)
        words = f"{words.strip()}: {done}" if done else words
    return words if words.endswith((".", "?", "!", "…")) else f"{words}."


def report_doc(plan: Plan) -> str:
    """The docstring of the function that calls all others of the report."""
    called = {call.function for call in plan.pipeline if isinstance(call, Call)}
    first = [f for f in plan.functions if f.name in called]
    carried = [i.statement for f in first for i in f.body if isinstance(i, Carried)]
    effects = [plan.facts.statements[number].effects for number in carried]
    told = "What the notebook printed, drew and showed"
    if any(one.prints or one.draws for one in effects):
        return f"{told}, but for what the pipeline tells itself."
    return f"{told}, in its order." if _in_order(plan) else f"{told}."


def run_does(plan: Plan) -> str:
    """What comes out of the command that does all that the notebook did."""
    items = [i for f in plan.functions for i in f.body if isinstance(i, Carried)]
    shown = any(isinstance(rewrite, Report) for item in items for rewrite in item.rewrites)
    printed = any(plan.facts.statements[item.statement].effects.prints for item in items)
    words = ["figures"] * plan.draws + ["tables"] * shown + ["prints"] * printed
    kept = " and ".join([", ".join(words[:-1])] * (len(words) > 1) + words[-1:])
    parts = [f"{kept} into reports/"] if kept else []
    parts += ["what is served into artifacts/"] if plan.serving is not None else []
    return "all that the notebook did" + (f": {', '.join(parts)}" if parts else "")


def _in_order(plan: Plan) -> bool:
    """Whether the report calls its functions in the order of the cells that they came from."""
    cells = {function.name: function.cells for function in plan.functions}
    at = 0
    for call in plan.report:
        # What several cells had in common is called for each of them.
        later = [cell for cell in cells[call.function] if cell >= at]
        if not later:
            return False
        at = min(later)
    return True


def _done(plan: Plan) -> str:
    """What comes out of which files, as far as it can be said in a few words."""
    kept = (Fate.PRODUCT, Fate.REPORT)
    carried = [s for s in plan.facts.statements if plan.fates[s.id][0] in kept]
    made = _files(s for s in carried if not s.effects.draws)
    read = [file for file in _files(carried, read=True) if file not in made]
    source = f" from {_listed(read)}" if read else ""
    if plan.serving is not None and plan.serving.target:
        raw = plan.serving.raw
        if raw is not None and len(read) > 1:
            read = _files((s for s in carried if s.cell == raw[1]), read=True)
            source = f" from {_listed(read)}" if read else ""
        return f"predicts {plan.serving.target}{source}"
    if plan.trains:
        return f"fits models to {_listed(read)}" if read else ""
    if made:
        return f"makes {_listed(made)}{source}"
    return f"looks at {_listed(read)}" if read else ""


def _files(statements: Iterable[Statement], read: bool = False) -> list[str]:
    """The names of the files that statements read, or write, in their order."""
    paths = [
        path for s in statements for path in sorted(s.effects.reads if read else s.effects.writes)
    ]
    names = dict.fromkeys(FOLDERS.split(path.partition("?")[0])[-1] for path in paths)
    return [n for n in names if "." in n.strip(".") and "*" not in n and len(n) <= MAX_NAME]


def shows_styled(facts: Facts) -> bool:
    """Whether a cell shows a styled table, which is no table but a page that shows one."""
    return any(s.shown is not None and s.shown.value.kind == "styler" for s in facts.statements)


def _listed(names: list[str]) -> str:
    more = len(names) - MAX_FILES
    if more > 0:
        return f"{', '.join(names[:MAX_FILES])} and {more} more"
    return " and ".join(names)
