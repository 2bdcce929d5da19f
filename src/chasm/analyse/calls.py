"""What one call does: by its rule, or by following the notebook's own function."""

import ast
from dataclasses import replace

from chasm.analyse.environment import UNSEEDED, Ref
from chasm.analyse.interpret import Interpreter, argument
from chasm.analyse.names import parameters
from chasm.model import UNKNOWN, Value
from chasm.rulebook import Entry

FLAGS = ("prints", "shows", "fits", "predicts", "metric")
ANY_FILE = "*"


def apply_entry(
    run: Interpreter,
    entry: Entry,
    name: str,
    base: Ref | None,
    args: list[Ref],
    named: dict[str, Ref],
    node: ast.Call,
) -> None:
    """Record what a call with this rule does to values, files, figures and the world."""
    record = run.record
    if base is not None and base.value.qualname and (
        entry.fits or entry.predicts or entry.stage
    ):
        # What a class is for says more than that it is fitted: a scaler, an encoder, a model.
        made = run.book.call(base.value.qualname)
        stage = made.stage if made is not None and made.stage else None
        if stage is None and base.value.kind in ("transformer", "vectorizer"):
            stage = "features"
        entry = replace(entry, stage=stage or entry.stage)
    record.called.append((name, entry))
    record.entries[id(node)] = (name, entry)
    record.flags |= {flag for flag in FLAGS if getattr(entry, flag)}
    _draw(run, entry, named)
    if entry.display:
        record.flags.add("prints")
    if entry.opens:
        mode = argument(entry, "mode", args, named, fallback=1)
        writing = isinstance(mode.label if mode else None, str) and set(str(mode.label)) & set("wax+")  # type: ignore[union-attr]
        place = argument(entry, "file", args, named, fallback=0)
        (record.writes if writing else record.reads).add(_file(place))
    else:
        for parameter, files in ((entry.reads, record.reads), (entry.writes, record.writes)):
            if parameter:
                place = argument(entry, parameter, args, named, fallback=entry.position)
                if place is not None and place.value.kind != "none":
                    files.add(_file(place))
    if entry.random and not entry.constructs and not _given(entry, args, named):
        record.random.add(entry.random)
    if entry.fits and base is not None and _draws_when_fitted(run, base):
        record.random.add("numpy")
    if entry.seeds:
        record.seeds.add(entry.seeds)
    record.state |= set(entry.state)
    _mutate(run, entry, base, args, named, node)


def _draw(run: Interpreter, entry: Entry, named: dict[str, Ref]) -> None:
    if not entry.draws:
        return
    run.record.flags.add("draws")
    if entry.draws == "new" and not (entry.axes and entry.axes in named):
        run.record.flags.add("opens")


def _file(place: Ref | None) -> str:
    return place.label if place is not None and isinstance(place.label, str) else ANY_FILE


def _given(entry: Entry, args: list[Ref], named: dict[str, Ref]) -> bool:
    if entry.unless is None:
        return False
    ref = argument(entry, entry.unless, args, named)
    return ref is not None and ref.value.kind != "none"


def _draws_when_fitted(run: Interpreter, base: Ref) -> bool:
    """Without a seed of its own, an estimator draws from the shared stream when it is fitted."""
    return base.value.qualname is None or UNSEEDED in base.value.items


def _mutate(
    run: Interpreter,
    entry: Entry,
    base: Ref | None,
    args: list[Ref],
    named: dict[str, Ref],
    node: ast.Call,
) -> None:
    for parameter in entry.mutates:
        ref = base if parameter == "self" else argument(entry, parameter, args, named)
        if ref is not None:
            run._change(ref)
            if run.book.fact(ref.value.kind, "holds"):
                run.record.mutated |= run.env.sharing(ref.contents, through_views=False)
    inplace = named.get("inplace")
    if entry.inplace and inplace is not None and inplace.label is not False and base is not None:
        run._change(base)


def call_own_function(
    run: Interpreter,
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    args: list[Ref],
    named: dict[str, Ref],
) -> Ref:
    """Interpret the body of the notebook's own function with these arguments."""
    from chasm.analyse.walk import Walk

    scope = run.env.root().child()
    names = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
    for name in sorted(parameters(node)):
        scope.bind(name, Ref(UNKNOWN, scope.new_object()))
    for name, ref in zip(names, args, strict=False):
        scope.bind(name, ref)
    for name, ref in named.items():
        if name in parameters(node):
            scope.bind(name, ref)
    inner = Interpreter(run.book, scope, run.record, run.depth + 1)
    walk = Walk(inner)
    walk.body(node.body)
    returned = walk.returned
    if not returned:
        return Ref(Value("none"))
    kinds = {ref.value for ref in returned}
    value = kinds.pop() if len(kinds) == 1 else UNKNOWN
    return Ref(
        value,
        frozenset[int]().union(*(r.objects for r in returned)),
        frozenset[int]().union(*(r.bases for r in returned)),
        None,
        frozenset[int]().union(*(r.contents for r in returned)),
    )
