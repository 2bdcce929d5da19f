"""What a call of ``chasm check`` asks for, on top of the project's settings."""

from dataclasses import dataclass, replace
from pathlib import Path

from chasm.read.settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class Options:
    """None and empty tuples leave the settings as they are.

    ``python`` names the environment of the notebooks. No file of a project can name it: what is
    checked must not choose what is run.
    """

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    extend_exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    fix: bool = False
    cache: bool = True
    config: Path | None = None
    isolated: bool = False
    python: Path | None = None

    def settings(self, start: Path) -> Settings:
        """The settings of the project at ``start`` with what the call asks for."""
        found = Settings(root=Path.cwd()) if self.isolated else load_settings(start, self.config)
        return replace(
            found,
            select=self.select or found.select,
            extend_select=(*found.extend_select, *self.extend_select),
            ignore=(*found.ignore, *self.ignore),
            exclude=self.exclude or found.exclude,
            extend_exclude=(*found.extend_exclude, *self.extend_exclude),
        )


def words(given: tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """``--select A,B --select C`` as one tuple."""
    return tuple(word.strip() for one in given or () for word in one.split(",") if word.strip())
