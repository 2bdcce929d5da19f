"""What a watched call is to the record: a fit, a prediction, a metric, a file, a figure."""

import inspect
import os
from collections.abc import Callable
from types import FrameType
from typing import Any

from chasm_recorder import figures, printing
from chasm_recorder.state import STATE
from chasm_recorder.whose import by_the_user


class Watcher:
    """Reports calls of one function or method; this one reports nothing."""

    def __init__(self, name: str, words: dict[str, Any]) -> None:
        self.name = name
        self.words = words

    def concerns(self, arguments: tuple[Any, ...], caller: FrameType) -> bool:
        """Whether a call with these arguments from there is an event."""
        return True

    def before(
        self, real: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]
    ) -> Any:
        """What has to be known from before the call, since the call may change it."""

    def after(self, token: Any, arguments: tuple[Any, ...], value: Any) -> None:
        """Report the call."""


def of_function(name: str, words: dict[str, Any]) -> Watcher:
    """The watcher of a function."""
    kinds = {"metric": Value, "predict": Value, "fit": Training, "save": Save, "end": EndOfFigures}
    return kinds.get(words["kind"], Shown)(name, words)


def of_method(name: str, words: dict[str, Any]) -> Watcher:
    """The watcher of a method; within a look at a model, nothing that it does is an event."""
    kinds = {"metric": Result, "predict": Result, "fit": Fit, "save": Save, "look": Watcher}
    return kinds.get(words["kind"], OfFigure)(name, words)


class Value(Watcher):
    """A function whose value is a result."""

    def concerns(self, arguments: tuple[Any, ...], caller: FrameType) -> bool:
        return by_the_user(caller.f_code.co_filename)

    def after(self, token: Any, arguments: tuple[Any, ...], value: Any) -> None:
        STATE.emit(self.words["kind"], self.name, STATE.described(value))


class Training(Value):
    """A function that trains a model from its arguments."""

    def before(
        self, real: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]
    ) -> Any:
        return STATE.described(_named(real, arguments, options))

    def after(self, token: Any, arguments: tuple[Any, ...], value: Any) -> None:
        STATE.emit("fit", self.name, token)


class _OfModel(Watcher):
    """A method of a model that a library defines.

    What only puts others together, and what the notebook or the package derived itself, is
    looked through: the models inside are what counts, however they are wrapped.
    """

    def concerns(self, arguments: tuple[Any, ...], caller: FrameType) -> bool:
        if not arguments:
            return False
        for base in type(arguments[0]).__mro__:
            if f"{base.__module__}.{base.__qualname__}" in STATE.watch["transparent"]:
                return False
        root = type(arguments[0]).__module__.partition(".")[0]
        return root in STATE.watch["libraries"]


class Result(_OfModel):
    """A prediction, or a score."""

    def after(self, token: Any, arguments: tuple[Any, ...], value: Any) -> None:
        name = f"{type(arguments[0]).__name__}.{self.name}"
        STATE.emit(self.words["kind"], name, STATE.described(value))


class Fit(_OfModel):
    """A fit: class, parameters and data; and what it gave besides the model."""

    def before(
        self, real: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]
    ) -> Any:
        model = arguments[0]
        found: dict[str, Any] = {}
        if hasattr(model, "get_params"):
            found["parameters"] = model.get_params(deep=False)
        for name in STATE.watch["data"]:
            if (data := getattr(model, name, None)) is not None:
                found[name] = data
        return STATE.described(found | _named(real, arguments, options, skip=1))["items"]

    def after(self, token: Any, arguments: tuple[Any, ...], value: Any) -> None:
        if token is None:
            return
        model = arguments[0]
        for owner in (model, value):
            for name in STATE.watch["learned"]:
                learned = getattr(owner, name, None)
                if learned is not None and not callable(learned):
                    token[f"learned {name}"] = STATE.described(learned)
        STATE.emit("fit", type(model).__name__, {"t": "dict", "items": token})
        what = self.name.partition("_")[2]
        if value is not model and what:
            # ``fit_transform`` is a fit and a transform, so that the two may be parted.
            STATE.emit("predict", f"{type(model).__name__}.{what}", STATE.described(value))


class Save(Watcher):
    """A call that writes a value to a file: the value, and the name of the file."""

    def concerns(self, arguments: tuple[Any, ...], caller: FrameType) -> bool:
        return by_the_user(caller.f_code.co_filename)

    def before(
        self, real: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]
    ) -> Any:
        target = _target(self.words["writes"], _named(real, arguments, options))
        if not arguments or not isinstance(target, (str, os.PathLike)):
            return None
        figure = arguments[0]
        if hasattr(figure, "get_axes"):
            figures.record(figure, target)
            return None
        return os.path.basename(os.fspath(target)), STATE.described(_model_of(arguments[0]))

    def after(self, token: Any, arguments: tuple[Any, ...], value: Any) -> None:
        if token is not None:
            STATE.emit("save", str(token[0]), token[1])


class OfFigure(Watcher):
    """A method that shows the figure that it belongs to, or saves a picture of it."""

    def before(
        self, real: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]
    ) -> Any:
        writes = self.words.get("writes")
        named = _named(real, arguments, options) if writes else {}
        figures.record(arguments[0], _target(writes, named))


class EndOfFigures(Watcher):
    """A function that shows or closes the open figures."""

    def before(
        self, real: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]
    ) -> Any:
        figures.record_all()


class Shown(Value):
    """A function that displays its arguments."""

    def before(
        self, real: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]
    ) -> Any:
        for value in arguments:
            printing.shown(value)

    def after(self, token: Any, arguments: tuple[Any, ...], value: Any) -> None:
        """All was said before the call."""


def _target(writes: str | None, named: dict[str, Any]) -> Any:
    """What a call writes to: a path, or what an open file is called."""
    found = named.get(writes or "")
    return getattr(found, "name", found)


def _model_of(value: Any) -> Any:
    """The model of whatever is saved: the last step, however much of its way is saved too."""
    for _ in range(5):
        steps = getattr(value, "steps", None)
        if not steps or not isinstance(steps, list):
            break
        value = steps[-1][1]
    return value


def _named(
    real: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any], skip: int = 0
) -> dict[str, Any]:
    """The arguments by the names of their parameters; what is ``None`` was not given."""
    try:
        found = dict(inspect.signature(real).bind(*arguments, **options).arguments)
    except (TypeError, ValueError):
        found = {f"argument {n}": value for n, value in enumerate(arguments)} | options
    parts = list(found.items())[skip:]
    flat: dict[str, Any] = {}
    for name, value in parts:
        if isinstance(value, dict) and name not in options and name.endswith(("params", "kwargs")):
            flat |= value
        else:
            flat[name] = value
    return {name: value for name, value in flat.items() if value is not None}
