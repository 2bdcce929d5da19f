"""What a described call gives back."""

from chasm.analyse.environment import Ref
from chasm.model import UNKNOWN, Value
from chasm.rulebook import Entry

#: Kinds of what comes from a file or a data set; a table of them is no result.
RAW = ("array", "frame", "bunch", "series", "object", None)


def returned_value(entry: Entry, base: Ref | None, args: list[Ref], named: dict[str, Ref]) -> Value:
    """The value that ``entry`` says a call returns, given its receiver and arguments."""
    returns = entry.returns
    if returns is None:
        return UNKNOWN
    if returns in ("self", "fitted"):
        return base.value if base else UNKNOWN
    if returns == "halves":
        return Value("list", None, tuple(Value(a.value.kind) for a in args for _ in range(2)))
    if returns == "reduced":
        return _reduced(entry, base, args, named)
    word, colon, rest = returns.partition(":")
    if not colon:
        return Value(returns, made=_is_made(entry, base, args))
    if word == "like":
        ref = base if rest == "self" else argument(entry, rest, args, named, entry.position)
        if ref is not None and ref.value.kind in ("list", "tuple") and ref.value.items:
            # Of several values of one kind, as when frames are put together, one of that kind.
            kinds = {item.kind for item in ref.value.items}
            return Value(kinds.pop()) if len(kinds) == 1 else UNKNOWN
        return Value(ref.value.kind) if ref else UNKNOWN
    if word == "elements":
        ref = argument(entry, rest, args, named)
        return ref.value.items[0] if ref and ref.value.items else UNKNOWN
    return Value(word, None, tuple(Value(kind.strip()) for kind in rest.split(",")))


def _reduced(entry: Entry, base: Ref | None, args: list[Ref], named: dict[str, Ref]) -> Value:
    """A statistic: a number, of a frame one for each column, along an axis an array."""
    kind = base.value.kind if base else None
    if kind == "frame":
        return Value("series", made=entry.result)
    axis = argument(entry, "axis", args, named)
    return Value("array" if axis is not None and axis.value.kind != "none" else "number")


def _is_made(entry: Entry, base: Ref | None, args: list[Ref]) -> bool:
    """Whether a value is a result of the notebook and not only data that it read.

    What is made of a made table is made as well; a table put around raw data is not, while
    several values together, as a test gives them, are.
    """
    if entry.predicts or entry.metric:
        return True
    if base is not None:
        return entry.result or base.value.made
    raw = args and args[0].value.kind in RAW and entry.returns != "tuple"
    return entry.result and not raw


def argument(
    entry: Entry, name: str, args: list[Ref], named: dict[str, Ref], fallback: int | None = None
) -> Ref | None:
    """The argument for the parameter ``name``, passed by keyword or by position."""
    if name in named:
        return named[name]
    place = entry.positions.index(name) if name in entry.positions else fallback
    if place is not None and place < len(args):
        return args[place]
    return None
