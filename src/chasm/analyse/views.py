"""Tables that are changed column by column while other names are views of their columns.

A view does not notice that a column is replaced as a whole. So the table may be a copy from there
on, unless a later change of what is in both is seen through either of them. What asks the
table again, as groups do, has to find the one that was changed.
"""

from dataclasses import replace

from chasm.model import Statement


def parted(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """The statements; ``alone`` are also changed names that no view of them meets again."""
    pairs = {view for s in statements for view in s.viewed}
    if not pairs:
        return statements
    changes: dict[str, list[Statement]] = {}
    used: dict[str, int] = {}
    for s in statements:
        used |= dict.fromkeys(s.reads | s.mutates, s.id)
        for name in s.mutates:
            changes.setdefault(name, []).append(s)
    meeting = {
        (name, view, is_data): _last_meeting(name, view, changes) if is_data else len(statements)
        for name, view, is_data in pairs
    }
    found: list[Statement] = []
    for s in statements:
        bound = {v[0] for v in s.viewed if min(meeting[v], used.get(v[1], -1)) > s.id}
        free = {name for name, _, _ in s.viewed} - bound
        found.append(replace(s, alone=s.alone | free) if free else s)
    return tuple(found)


def _last_meeting(name: str, view: str, changes: dict[str, list[Statement]]) -> int:
    """The last statement whose change may be seen through both names."""
    either = (s for one in (name, view) for s in changes.get(one, ()))
    return max((s.id for s in either if {name, view} <= s.mutates or s.effects.unknown), default=-1)
