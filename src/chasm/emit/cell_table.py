"""The table of a package's README: what each code cell held, and where that is now."""

from chasm.emit import text
from chasm.model import CellKind, Statement
from chasm.plan.documents import cells_text
from chasm.plan.group import written_in
from chasm.plan.items import Carried
from chasm.plan.model import Fate, Plan

#: Of what a cell held, as many words are enough to know it by.
MAX_WORDS = 4
#: As the plan says it of what nobody needs; a look is that as well.
LOOK, NEEDLESS = "a look at a value; no result depends on it", "no result depends on it"
HEADS = "the head of the modules that use them"


def cell_rows(plan: Plan) -> list[dict[str, str]]:
    """One row for each code cell: what it held, and where that is now."""
    places: dict[int, str] = {}
    for function in plan.functions:
        places |= dict.fromkeys(function.twins, f"{function.module}.{function.name}")
        for item in function.body:
            if isinstance(item, Carried):
                places[item.statement] = f"{function.module}.{function.name}"
    for learned in plan.transformer.fit if plan.transformer else ():
        if isinstance(learned, Carried) and plan.transformer is not None:
            places[learned.statement] = f"features.{plan.transformer.name}"
    for part in plan.parts:
        places[part.statement] = f"{part.module}.{part.name}"
    members: dict[int, list[Statement]] = {}
    for statement in plan.facts.statements:
        members.setdefault(written_in(statement), []).append(statement)
    dropped: dict[int, list[str]] = {}
    for cell_index, line, reason in plan.facts.notebook.dropped_lines:
        dropped.setdefault(cell_index, []).append(f"line {line}: {reason}")
    written = _written_out(plan)
    rows: list[dict[str, str]] = []
    for cell in plan.facts.notebook.cells:
        if cell.kind is not CellKind.CODE:
            continue
        if not cell.source.strip() and cell.index not in (dropped.keys() | written.keys()):
            continue
        if cell.index in plan.facts.skipped:
            reason = text.markdown(plan.facts.skipped[cell.index])
            rows.append({"cell": str(cell.index), "was": "", "now": f"left out: {reason}"})
            continue
        inside = members.get(cell.index, [])
        row = _row(plan, cell.index, inside, dropped.get(cell.index, []), places)
        if cell.index in written:
            moved = "; ".join(written[cell.index])
            row["now"] = f"{row['now']}; {moved}" if inside else moved
        rows.append(row)
    return _gathered(rows)


def _written_out(plan: Plan) -> dict[int, list[str]]:
    """By their cells, the functions whose bodies stand in other cells, and in which."""
    found: dict[int, list[str]] = {}
    for one in plan.facts.notebook.written_out:
        if one.called != (one.cell,):
            where = f"{text.code(one.name)} is written out in {cells_text(one.called)}"
            found.setdefault(one.cell, []).append(where)
    return found


def _gathered(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows, those that were left out for the same reason as one, at the end."""
    kept: list[dict[str, str]] = []
    left: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        if row["now"].startswith("left out: "):
            left.setdefault(row["now"], []).append(row)
        else:
            kept.append(row)
    for now, alike in left.items():
        words = dict.fromkeys(word for row in alike for word in row["was"].split(", ") if word)
        cells = cells_text([int(row["cell"]) for row in alike]).partition(" ")[2]
        kept.append({"cell": cells, "was": ", ".join(list(words)[:6]), "now": now})
    return kept


def _row(
    plan: Plan, cell: int, members: list[Statement], dropped: list[str], places: dict[int, str]
) -> dict[str, str]:
    now: list[str] = []
    left: dict[str, int] = {}
    for s in members:
        fate, reason = plan.fates[s.id]
        if s.id in places:
            now.append(text.code(places[s.id]))
        elif fate is Fate.SETTING:
            now.append(text.code("config"))
        elif fate is Fate.LEFT_OUT:
            left[reason] = left.get(reason, 0) + 1
    left |= dict.fromkeys(dropped, 1)
    parts = list(dict.fromkeys(now))
    if not parts and any(_is_kept(plan, s) for s in members):
        parts = [HEADS]
    if parts and left.keys() <= {LOOK, NEEDLESS}:
        parts += (
            ["the rest left out" + (": a look" if NEEDLESS not in left else "")] if left else []
        )
    else:
        reasons = dict.fromkeys(NEEDLESS if why == LOOK else why for why in left)
        parts += [f"left out: {text.markdown(reason)}" for reason in reasons]
    nothing = "left out: nothing uses them" if members else "left out: nothing but comments"
    return {"cell": str(cell), "was": _was(members), "now": "; ".join(parts or [nothing])}


def _was(members: list[Statement]) -> str:
    """What a cell held, by its calls; where there are none by what it defines or changes."""
    words = ["imports"] if any(s.imports for s in members) else []
    calls = [s.call.rpartition(".")[2] for s in members if s.call]
    found = calls or [word for s in members for word in _words(s)]
    return ", ".join(words + [text.code(word) for word in dict.fromkeys(found)][:MAX_WORDS])


def _words(s: Statement) -> list[str]:
    """A definition, columns, or names: what a statement without a call is known by."""
    if s.imports:
        return []
    if s.definition is not None:
        return [f"{'class' if s.definition.is_class else 'def'} {s.definition.name}"]
    changed = [name for name in s.ordered if name in s.binds or name in s.mutates]
    return list(s.columns) or changed or [name for name in s.ordered if name in s.reads]


def _is_kept(plan: Plan, s: Statement) -> bool:
    """Whether some module imports what a statement does."""
    kept = {one for imports in plan.imports.values() for one in imports}
    return any(one in kept for one in s.imports)
