"""What the tests of a package have to know of its files and of its environment."""

from collections.abc import Iterable, Set

from chasm.model import Statement
from chasm.plan.model import Plan, Setting


def secrets_of(plan: Plan, carried: Iterable[Statement]) -> list[str]:
    """The environment variables without which some step of the package cannot run."""
    places = [(s.cell, range(s.line, s.end_line + 1)) for s in carried]
    return sorted(
        {
            name
            for cell, line, name in plan.facts.notebook.secrets
            if name and any(cell == at and line in lines for at, lines in places)
        }
    )


def reads_anywhere(s: Statement, told: Set[str]) -> bool:
    """Whether a statement reads a file that is none of ``told``, which settings tell of."""
    return bool(s.effects.reads - told) and not any(one.role == "read" for one in s.literals)


def resolved(setting: Setting) -> str:
    """The line of a test that keeps a path valid when the working folder changes."""
    place = f"config.{setting.group}.{setting.name}" if setting.group else f"config.{setting.name}"
    if setting.path:
        return f"{place} = {place}.resolve()"
    if isinstance(setting.value, list):
        return f"{place} = [str(Path(path).resolve()) for path in {place}]"
    tail = ' + "/"' if str(setting.value).endswith("/") else ""
    return f"{place} = str(Path({place}).resolve()){tail}"
