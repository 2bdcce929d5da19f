"""The last values of variables that became settings, returns or attributes of a package."""

import ast
import functools
import inspect
import sys
import textwrap
from collections.abc import Callable
from types import ModuleType
from typing import Any

from chasm_recorder.raw import keep
from chasm_recorder.state import STATE

#: Kinds of descriptions that say too little of a value to compare it.
VAGUE = ("object", "text")
#: What the functions of the package gave last, under the notebook's names.
_last: dict[str, Any] = {}
#: The settings that its entrances took, and the results that they gave.
_settings: list[Any] = []
_results: list[Any] = []


def watched_modules() -> set[str]:
    """The modules of the package whose functions give such values."""
    wanted = STATE.watch.get("finals") or {}
    return set(wanted.get("returns", {})) | set(wanted.get("entrances", {}))


def watch(module: ModuleType) -> None:
    """Listen to the functions of a module of the package, where they are what was planned."""
    wanted = STATE.watch.get("finals") or {}
    for name, words in wanted.get("returns", {}).get(module.__name__, {}).items():
        real = getattr(module, name, None)
        if inspect.isfunction(real) and _returned(real) == words["names"]:
            setattr(module, name, _kept(real, words["names"], set(words["last"])))
    for name in wanted.get("entrances", {}).get(module.__name__, ()):
        real = getattr(module, name, None)
        if inspect.isfunction(real):
            setattr(module, name, _entered(real))


def _returned(function: Callable[..., Any]) -> list[str]:
    """The names that stand in the last line of a function, after ``return``."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return []
    last = getattr(tree.body[0], "body", [None])[-1]
    value = getattr(last, "value", None) if isinstance(last, ast.Return) else None
    parts = value.elts if isinstance(value, ast.Tuple) else [value]
    return [part.id for part in parts if isinstance(part, ast.Name)]


def _kept(real: Callable[..., Any], names: list[str], last: set[str]) -> Callable[..., Any]:
    callers = (STATE.watch.get("finals") or {}).get("callers", ())

    @functools.wraps(real)
    def call(*arguments: Any, **options: Any) -> Any:
        value = real(*arguments, **options)
        # A transformer goes the same steps again, with records of its own.
        if sys._getframe(1).f_globals.get("__name__") in callers:
            values = value if len(names) > 1 else (value,)
            # Only kept: as in the notebook, what counts is what it is in the end.
            _last.update((n, v) for n, v in zip(names, values, strict=True) if n in last)
        return value

    return call


def _entered(real: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(real)
    def call(*arguments: Any, **options: Any) -> Any:
        _settings.extend(value for value in arguments if type(value).__name__ == "Config")
        value = real(*arguments, **options)
        if value is not None:
            _results.append(value)
        return value

    return call


def record_package() -> None:
    """The values that the package ends with, under the names that the notebook has for them."""
    wanted = STATE.watch.get("finals") or {}
    if STATE.watch.get("raw"):
        for result in _results:
            keep(getattr(result, "records", None))
    found = dict(_last)
    for field, name in wanted.get("settings", {}).items():
        for one in _settings:
            if hasattr(one, field):
                found[name] = getattr(one, field)
    for path, name in wanted.get("attributes", {}).items():
        part, _, attribute = path.partition(".")
        for result in _results:
            owner = getattr(result, part, None)
            if hasattr(owner, attribute):
                found[name] = getattr(owner, attribute)
    _record(found)


def record_notebook(namespace: dict[str, Any]) -> None:
    """The values that the notebook ends with."""
    wanted = (STATE.watch.get("finals") or {}).get("variables", ())
    _record({name: namespace[name] for name in wanted if name in namespace})


def _record(found: dict[str, Any]) -> None:
    for name in sorted(found):
        STATE.quietly(_record_one, name, found[name])


def _record_one(name: str, value: Any) -> None:
    described = STATE.described(value)
    if described["t"] not in VAGUE:
        STATE.emit("variable", name, described)
