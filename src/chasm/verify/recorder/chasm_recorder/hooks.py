"""Watches the libraries that ``watch.json`` names, from the moment that they are imported."""

import functools
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import ModuleType
from typing import Any

from chasm_recorder import events, finals
from chasm_recorder.state import STATE
from chasm_recorder.whose import measured

_done: set[tuple[int, str]] = set()


def install(watch: dict[str, Any]) -> None:
    """Watch what is imported from now on, and what has been imported already."""
    modules = finals.watched_modules()
    for table in ("functions", "classes", "options"):
        modules |= set(watch[table])
    sys.meta_path.insert(0, _Finder(frozenset(modules)))
    for name in sorted(modules & sys.modules.keys()):
        _patch(sys.modules[name])


class _Finder(importlib.abc.MetaPathFinder):
    """Finds a watched module as the others do, and patches it once it has run."""

    def __init__(self, modules: frozenset[str]) -> None:
        self._modules = modules

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name not in self._modules:
            return None
        for finder in sys.meta_path:
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None and hasattr(spec.loader, "exec_module"):
                    # The loader may be shared by all modules of its kind: this one alone is
                    # changed, and stays what it is for whoever asks.
                    spec.loader = _Loader(spec.loader)
                return spec
        return None


class _Loader(importlib.abc.Loader):
    def __init__(self, real: Any) -> None:
        self._real = real

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        made: ModuleType | None = self._real.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        self._real.exec_module(module)
        STATE.quietly(_patch, module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def _patch(module: ModuleType) -> None:
    name = module.__name__
    finals.watch(module)
    for option, value in STATE.watch["options"].get(name, {}).items():
        # A library asks whether it is in a notebook; both sides print as it does there.
        module.set_option(option, value)
    for function, words in STATE.watch["functions"].get(name, {}).items():
        real = getattr(module, function, None)
        if callable(real) and not isinstance(real, type):
            call = _watched(real, events.of_function(function, words))
            # Pickled by reference, it has to be found where its name says.
            call.__module__, call.__qualname__ = name, function
            setattr(module, function, call)
    for found, methods in STATE.watch["classes"].get(name, {}).items():
        owner = getattr(module, found, None)
        if isinstance(owner, type):
            _watch_class(owner, methods)
            _watch_subclasses(owner, methods)


def _watch_class(owner: type, methods: dict[str, Any]) -> None:
    for base in owner.__mro__:
        for name, words in methods.items():
            real = base.__dict__.get(name)
            # Each method once, where it is defined, for whatever class inherits it.
            if real is None or (id(base), name) in _done:
                continue
            _done.add((id(base), name))
            watcher = events.of_method(name, words)
            if hasattr(real, "__get__") and callable(getattr(real, "fn", None)):
                real.fn = _watched(real.fn, watcher)  # a descriptor that hands out a function
            elif callable(real) and not isinstance(real, type):
                with suppress(TypeError):
                    setattr(base, name, _watched(real, watcher))


def _watch_subclasses(owner: Any, methods: dict[str, Any]) -> None:
    """Let every class that is derived from now on be watched as well."""

    def derived(cls: Any, /, **options: Any) -> None:
        super(owner, cls).__init_subclass__(**options)
        STATE.quietly(_watch_class, cls, methods)

    if "__init_subclass__" not in owner.__dict__:
        # A class that is not written in Python takes no attributes.
        with suppress(TypeError):
            type.__setattr__(owner, "__init_subclass__", classmethod(derived))


def _watched(real: Callable[..., Any], watcher: events.Watcher) -> Callable[..., Any]:
    """``real``, reported to ``watcher`` where no other watched call is under way."""

    @functools.wraps(real)
    def call(*arguments: Any, **options: Any) -> Any:
        caller = sys._getframe(1)
        timed = measured(caller.f_code.co_filename)
        if not STATE.listening() or not (timed or watcher.concerns(arguments, caller)):
            return real(*arguments, **options)
        token = STATE.quietly(watcher.before, real, arguments, options)
        STATE.depth += 1
        try:
            value = real(*arguments, **options)
        finally:
            STATE.depth -= 1
        if not timed:
            STATE.quietly(watcher.after, token, arguments, value)
        return value

    return call
