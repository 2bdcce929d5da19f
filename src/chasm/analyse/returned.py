"""What a described call gives back."""

from chasm.analyse.environment import Ref
from chasm.model import UNKNOWN, Value
from chasm.rulebook import Entry

#: Kinds of what a search tries with several settings.
INNER = ("classifier", "regressor", "clusterer", "detector", "pipeline")
#: Kinds of what comes from a file or a data set; a table of them is no result.
RAW = ("array", "frame", "bunch", "series", "object", None)

#: The stage of calls that give a model's answers.
PREDICT = "predict"


def returned_value(entry: Entry, base: Ref | None, args: list[Ref], named: dict[str, Ref]) -> Value:
    """The value that ``entry`` says a call returns, given its receiver and arguments."""
    returns = entry.returns
    if returns is None:
        return UNKNOWN
    if returns in ("self", "fitted"):
        return base.value if base else UNKNOWN
    if returns == "halves":
        return Value("list", None, tuple(Value(a.value.kind) for a in args for _ in range(2)))
    if returns == "rounds":
        pair = Value("tuple", None, (Value("array"), Value("array")))
        return Value("iterator", None, (pair,))
    if returns == "reduced":
        return _reduced(entry, base, args, named)
    either = base is not None and base.value.kind == "table"
    if either and returns == "series" and entry.result and not args and not named:
        # Of a frame a statistic is a series, of a series a number.
        return UNKNOWN
    word, colon, rest = returns.partition(":")
    if not colon:
        predicted = bool(entry.predicts and (entry.fits or entry.stage == PREDICT))
        return Value(returns, made=_is_made(entry, base, args, named), predicted=predicted)
    if word == "like":
        ref = base if rest == "self" else argument(entry, rest, args, named, entry.position)
        if ref is not None and ref.value.kind in ("list", "tuple") and ref.value.items:
            # Of several values of one kind, as when frames are put together, one of that kind.
            kinds = {item.kind for item in ref.value.items}
            return Value(kinds.pop()) if len(kinds) == 1 else UNKNOWN
        return Value(ref.value.kind, made=ref.value.made) if ref else UNKNOWN
    if word == "together":
        return _together(argument(entry, rest, args, named, 0), named)
    if word == "unless":
        keyword, kind, *parts = rest.split(",")
        if argument(entry, keyword, args, named) is None:
            return Value(kind, made=_is_made(entry, base, args, named))
        if not parts:
            return UNKNOWN
        # What else is asked for may change of which kind the parts are.
        alone = len(args) + len(named) == 1
        return Value("tuple", None, tuple(Value(part) if alone else UNKNOWN for part in parts))
    if word == "inner":
        found = (item for item in (base.value.items if base else ()) if item.kind in INNER)
        return next(found, Value(rest))
    if word == "elements":
        ref = argument(entry, rest, args, named)
        return ref.value.items[0] if ref and ref.value.items else UNKNOWN
    made = _is_made(entry, base, args, named)
    return Value(word, None, tuple(Value(k.strip(), made=made) for k in rest.split(",")))


def _reduced(entry: Entry, base: Ref | None, args: list[Ref], named: dict[str, Ref]) -> Value:
    """A statistic: a number, of a frame one for each column, along an axis an array."""
    kind = base.value.kind if base else None
    if kind == "frame":
        return Value("series", made=entry.result)
    axis = argument(entry, "axis", args, named)
    along = axis is not None and axis.value.kind != "none"
    return Value("array", made=entry.result) if along else Value("number")


def _together(ref: Ref | None, named: dict[str, Ref]) -> Value:
    """Tables side by side are a frame, and so is whatever is put together with one."""
    beside = "axis" in named and named["axis"].label in (1, "columns")
    parts = ref.value.items if ref is not None and ref.value.kind in ("list", "tuple") else ()
    return Value("frame" if beside or any(p.kind == "frame" for p in parts) else "table")


def _is_made(entry: Entry, base: Ref | None, args: list[Ref], named: dict[str, Ref]) -> bool:
    """Whether a value is a result of the notebook and not only data that it read.

    What is made of a made table is made as well; a table that is only put around raw data is not.
    """
    if entry.predicts or entry.metric:
        return True
    if base is not None:
        return entry.result or base.value.made
    inside = argument(entry, "data", args, named, 0) if entry.wraps else None
    raw = inside is not None and inside.value.kind in RAW and not inside.value.made
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
