"""Statements to groups, each the body of a function: headings first, stages second, size third."""

from chasm.analyse.details import STYLED
from chasm.model import Facts, Statement
from chasm.plan.apart import Apart
from chasm.plan.cuts import cuts_of
from chasm.plan.graph import Graph
from chasm.plan.group import MODELS, Group, selects, visible, written_in
from chasm.plan.model import Fate
from chasm.plan.segments import left_open
from chasm.plan.slices import Slices
from chasm.plan.split.model import Role
from chasm.plan.stages import MODULES, stages_of
from chasm.rulebook import Rulebook

MAX_LINES = 32
RANK = {"data": 0, "features": 1, "training": 2, "report": 3}


def group_statements(
    facts: Facts,
    graph: Graph,
    slices: Slices,
    apart: Apart,
    roles: dict[int, Role],
    rounds: dict[tuple[int, int], tuple[int, str]],
    records: set[tuple[str, int]],
    book: Rulebook,
) -> tuple[list[Group], list[Group]]:
    """The groups of the product and of the report, each in the notebook's order.

    ``roles`` are those of statements on the way of a record to the served model: steps stand
    apart from what only trains, and what learns is in no group. ``rounds`` number the places of
    statements that were the body of one loop or function: those stand together. ``records``
    are versions that have to leave the function that makes them.
    """
    learning = [facts.statements[n] for n, role in roles.items() if role is Role.LEARN]
    without = {n for n, role in roles.items() if role in (Role.LEARN, Role.ALIAS)}
    product = [facts.statements[n] for n in slices.of(Fate.PRODUCT) if n not in without]
    report = [facts.statements[n] for n in slices.of(Fate.REPORT) if n not in without]
    trains = any(s.effects.fits for s in product)
    stages = stages_of(product)
    cuts = cuts_of(graph, product, [*report, *learning], records, without)
    fitting = {s.cell for s in product if s.effects.fits}
    selecting = {s.id for s in product if selects(s, book)}
    drawn = left_open(facts, {s.id for s in product})
    learned = max((s.id for s in learning), default=-1)
    groups: list[Group] = []
    rest: Group | None = None
    for s in product:
        stage = stages[s.id]
        module = MODULES.get(stage, "data") if trains else "data"
        role = roles.get(s.id)
        if role is Role.TRAINING and s.id > learned:
            # No ``fit`` has to repeat it.
            role = None
        if role is Role.STEP:
            module = "features"
        elif role is Role.TRAINING:
            # The transformer goes through it in ``fit``; what it needs stands below it.
            module = "data"
        heading = (facts.headings.get(s.cell) or ("",))[-1]
        last = groups[-1] if groups else None
        turn, named = rounds.get((s.cell, s.nth), (None, ""))
        if turn is not None and module == "data":
            # What is done to a table of records is done to the others of the loop as well.
            module = "features"
        cut = last is not None and any(p.id in cuts[s.id] for p in last.statements)
        if (
            last is None
            or role is not last.role
            or turn != last.round
            or cut
            or rest is last
            and s.cell != last.statements[0].cell
            or (
                turn is None
                and _border(
                    last, s, stage, module, heading, apart, fitting, selecting, s.id - 1 in drawn
                )
            )
        ):
            groups.append(Group(module, stage, heading, role, turn, named, [s]))
            # What is left of a cell behind what was learned stands alone, not with other cells.
            cell = last.statements[-1].cell if last is not None and cut else None
            rest = groups[-1] if role is Role.STEP and s.cell == cell else None
        else:
            last.statements.append(s)
            if _tells_more(stage, last.stage):
                last.stage = stage
    _tell_apart(groups)
    shown = _report_groups(facts, report, graph)
    if not any(_computes(s) for group in groups for s in group.statements):
        # Where all is shown in the end, what only prepares it is no part of the report.
        for group in shown:
            if _prepares(group):
                group.module = "data"
    return groups, shown


def _tell_apart(groups: list[Group]) -> None:
    """Say of each group which columns others change in its cells."""
    changed: dict[int, list[tuple[int, str]]] = {}
    for number, group in enumerate(groups):
        for s in group.statements:
            changed.setdefault(written_in(s), []).extend((number, c) for c in s.columns)
    for number, group in enumerate(groups):
        inside = [one for cell in group.cells for one in changed.get(cell, ())]
        group.beside = frozenset(column for other, column in inside if other != number)


def _tells_more(stage: str, than: str) -> bool:
    return than in ("", "clean", "predict", "evaluate") and stage in ("fit", "split", "load")


def _border(
    last: Group,
    s: Statement,
    stage: str,
    module: str,
    heading: str,
    apart: Apart,
    fitting: set[int],
    selecting: set[int],
    unfinished: bool,
) -> bool:
    """Whether a new function starts with ``s``; a figure may be ``unfinished`` above it."""
    if any(start < s.id <= end for start, end in apart.glued):
        return False
    previous = last.statements[-1]
    new_cell = s.cell != previous.cell
    if module != last.module:
        return True
    if stage == "load" and s.effects.reads:
        return True
    if last.stage == "load" and (new_cell or stage != "load"):
        return new_cell or bool(s.binds - set().union(*(p.binds for p in last.statements)))
    if _starts_model(last, s, new_cell and s.cell in fitting):
        return True
    if new_cell and s.id in selecting and previous.id not in selecting:
        return True
    if new_cell and (heading != last.heading or (bool(s.comment) and last.lines > 3)):
        return True
    if stage != last.stage and (new_cell or "split" in (stage, last.stage)):
        return not (stage in ("predict", "evaluate") and last.stage == "fit")
    return not unfinished and last.lines + s.end_line - s.line + 1 > MAX_LINES


def _starts_model(last: Group, s: Statement, new_fit: bool) -> bool:
    """A second model gets a function of its own, with what its cell prepares for it."""
    if not any(p.effects.fits for p in last.statements):
        return False
    makes = any(v.kind in MODELS for v in s.values.values()) and s.owner is not None
    return makes or new_fit


def _report_groups(facts: Facts, report: list[Statement], graph: Graph) -> list[Group]:
    groups: list[Group] = []
    closed = True
    for s in report:
        last = groups[-1] if groups else None
        heading = (facts.headings.get(s.cell) or ("",))[-1]
        new = last is None or closed or last.statements[-1].cell != s.cell
        if not new and last is not None:
            new = _changes_subject(last, s) or _loads(last) and visible(s)
            new = new or _reads_another(graph, last.statements, [s])
        if new or last is None:
            groups.append(Group("report", "report", heading, statements=[s]))
        else:
            last.statements.append(s)
        closed = s.closes or s.shown is not None
    return _join_leading(groups, graph)


def _reads_another(graph: Graph, before: list[Statement], others: list[Statement]) -> bool:
    """Whether ``others`` read what has changed since ``before`` read it, which a function of both
    could be given once only."""
    inside = {s.id for s in (*before, *others)}
    read = {
        name: version
        for s in before
        for name, version in graph.reads[s.id].items()
        if version not in inside
    }
    return any(
        read.get(name, version) != version
        for s in others
        for name, version in graph.reads[s.id].items()
        if version not in inside
    )


def _computes(s: Statement) -> bool:
    """Whether a statement is more than a seed or a constant that nobody reads."""
    return bool(s.effects.reads or s.effects.writes or s.effects.fits or s.binds and s.reads)


def _prepares(group: Group) -> bool:
    """Whether a group makes values, and shows none of them."""
    makes = all(s.binds or s.mutates for s in group.statements)
    return makes and not any(visible(s) or s.effects.state & STYLED for s in group.statements)


def _loads(group: Group) -> bool:
    """Whether a group reads a file, and shows nothing of it."""
    return _prepares(group) and any(s.effects.reads for s in group.statements)


def _changes_subject(last: Group, s: Statement) -> bool:
    """From printing to drawing, or back, within a cell."""
    drew = any(p.effects.draws for p in last.statements)
    printed = any(p.effects.prints for p in last.statements)
    if s.shown is not None and not s.shown.look and not s.effects.draws:
        return drew or printed
    if s.effects.draws and not s.effects.prints:
        return printed and not drew
    return bool(s.effects.prints and not s.effects.draws and drew and not _open(last))


def _open(group: Group) -> bool:
    """Whether the group's figure may still be drawn on."""
    return any(p.effects.draws for p in group.statements)


def _join_leading(groups: list[Group], graph: Graph) -> list[Group]:
    """Preparations that nothing is reported in go with the group that follows in their cell."""
    joined: list[Group] = []
    for group in groups:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.statements[-1].cell == group.statements[0].cell
            and not any(visible(s) for s in before.statements)
            and not _loads(before)
            and not _reads_another(graph, before.statements, group.statements)
        ):
            before.statements += group.statements
        else:
            joined.append(group)
    return joined
