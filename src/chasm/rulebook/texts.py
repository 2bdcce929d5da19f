"""What ``rules/checks/`` tells of the checks: why they are there and how to mend what they find."""

from dataclasses import dataclass, fields
from pathlib import Path

from chasm.errors import InputError
from chasm.rulebook.load import rules_folder


@dataclass(frozen=True, slots=True)
class CheckText:
    """The words of one check; ``bad`` and ``good`` are notebooks in percent format."""

    code: str
    name: str
    message: str
    why: str
    mend: str
    bad: tuple[str, ...]
    good: tuple[str, ...]


def texts_folder() -> Path:
    """Where the texts are, a file a check."""
    return rules_folder() / "checks"


def text_of(code: str) -> CheckText:
    """The words of the check with this code."""
    import tomllib

    path = texts_folder() / f"{code}.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise InputError(f"{path.name}: no such file among the rules") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path.name}: not valid TOML ({error})") from None
    known = {field.name for field in fields(CheckText)}
    if set(data) != known:
        odd = sorted(set(data) ^ known)[0]
        raise InputError(f"{path.name}: {odd!r} is missing or unknown")
    return CheckText(
        data["code"],
        data["name"],
        data["message"],
        data["why"],
        data["mend"],
        tuple(data["bad"]),
        tuple(data["good"]),
    )
