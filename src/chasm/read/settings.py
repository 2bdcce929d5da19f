"""``[tool.chasm]`` of the nearest ``pyproject.toml``; a key that nobody knows is an error."""

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from chasm.errors import InputError
from chasm.read.files import printable

FILE = "pyproject.toml"
TABLE = "per-file-ignores"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a project asks of chasm; ``root`` is the folder that its paths are relative to.

    Patterns are those of ``.gitignore``. ``select`` takes codes, prefixes of codes, names and
    ``ALL``.
    """

    root: Path = Path()
    select: tuple[str, ...] = ("ALL",)
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exclude: tuple[str, ...] = (".git", ".venv", "venv", "node_modules", "site-packages")
    extend_exclude: tuple[str, ...] = ()
    output_format: str = "full"
    max_cell_lines: int = 200
    max_output_size: int = 2_000_000


KEYS = tuple(f.name.replace("_", "-") for f in fields(Settings) if f.name != "root")


def load_settings(start: Path, file: Path | None = None) -> Settings:
    """The settings in ``file``, or in the nearest ``pyproject.toml`` above ``start`` with any."""
    if file is not None:
        table = _table(file)
        return _settings(table if table is not None else {}, file)
    for folder in (start.absolute(), *start.absolute().parents):
        table = _table(folder / FILE) if (folder / FILE).is_file() else None
        if table is not None:
            return _settings(table, folder / FILE)
    return Settings(root=Path.cwd())


def _table(path: Path) -> dict[str, Any] | None:
    import tomllib

    shown = printable(str(path))
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{shown}: not valid TOML ({error})") from None
    except OSError as error:
        raise InputError(f"{shown}: cannot be read ({error.strerror})") from None
    tool = data.get("tool")
    table = tool.get("chasm") if isinstance(tool, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        raise InputError(f"{shown}: [tool.chasm] is no table")
    return table


def _settings(table: dict[str, Any], path: Path) -> Settings:
    shown = printable(str(path))
    settings = Settings(root=path.absolute().parent)
    changes: dict[str, Any] = {}
    for key, value in table.items():
        if key not in KEYS:
            raise InputError(f"{shown}: [tool.chasm]: unknown key {key!r} (of {', '.join(KEYS)})")
        changes[key.replace("-", "_")] = _value(key, value, settings, shown)
    return replace(settings, **changes)


def _value(key: str, value: Any, settings: Settings, shown: str) -> Any:
    if key == TABLE:
        if not isinstance(value, dict):
            raise InputError(f"{shown}: [tool.chasm]: {key} is no table")
        return tuple((glob, _texts(f"{key}.{glob}", codes, shown)) for glob, codes in value.items())
    default = getattr(settings, key.replace("-", "_"))
    if isinstance(default, tuple):
        return _texts(key, value, shown)
    if not isinstance(value, type(default)) or isinstance(value, bool):
        wanted = "a number" if isinstance(default, int) else "a text"
        raise InputError(f"{shown}: [tool.chasm]: {key} is not {wanted}")
    return value


def _texts(key: str, value: Any, shown: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise InputError(f"{shown}: [tool.chasm]: {key} is no list of texts")
    return tuple(value)
