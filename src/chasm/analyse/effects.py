"""What a described call does to values, files, figures, randomness and the world."""

from __future__ import annotations

import ast
import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING

from chasm.analyse.environment import UNSEEDED, Ref
from chasm.analyse.gone import gone_in_call
from chasm.analyse.returned import argument
from chasm.analyse.store import TABLES, change
from chasm.rulebook import Entry

if TYPE_CHECKING:
    from chasm.analyse.interpret import Interpreter

FLAGS = ("prints", "shows", "fits", "predicts", "metric")
ANY_FILE = "*"
#: Some stream of random numbers, nobody knows which.
ANY_STREAM = "*"
WRITING = set("wax+")


def apply_entry(
    run: Interpreter,
    entry: Entry,
    name: str,
    base: Ref | None,
    args: list[Ref],
    named: dict[str, Ref],
    node: ast.Call,
) -> None:
    """Record the effects of a call with this rule."""
    record = run.record
    entry = _of_its_class(run, entry, base)
    record.called.append((name, entry))
    record.entries[id(node)] = (name, entry)
    record.flags |= {flag for flag in FLAGS if getattr(entry, flag)}
    if entry.display:
        record.flags.add("prints")
    if entry.draws:
        record.flags.add("draws")
        if entry.draws == "new" and not (entry.axes and entry.axes in named):
            record.flags.add("opens")
    record.gone |= gone_in_call(run.book, entry, name, base, args, named)
    _files(run, entry, args, named)
    _randomness(run, entry, base, args, named)
    record.state |= set(entry.state)
    _changes(run, entry, base, args, named)


def _of_its_class(run: Interpreter, entry: Entry, base: Ref | None) -> Entry:
    """What a class is for says more than that it is fitted: a scaler, an encoder, a model."""
    if base is None or not base.value.qualname:
        return entry
    if not (entry.fits or entry.predicts or entry.stage):
        return entry
    made = run.book.call(base.value.qualname)
    stage = made.stage if made is not None and made.stage else None
    if stage is None and base.value.kind in ("transformer", "vectorizer"):
        stage = "features"
    return entry if stage in (None, entry.stage) else replace(entry, stage=stage)


def _files(run: Interpreter, entry: Entry, args: list[Ref], named: dict[str, Ref]) -> None:
    record = run.record
    if entry.unpacks:
        # Only who opens the archive knows which; a slash says that it is a folder.
        record.writes.add(ANY_FILE)
        folder = argument(entry, entry.unpacks, args, named)
        if folder is not None and isinstance(folder.label, str) and not is_here(folder.label):
            record.writes.add(f"{folder.label.rstrip('/')}/")
    if entry.opens:
        mode = argument(entry, "mode", args, named, fallback=1)
        label = mode.label if mode is not None else None
        # What follows a colon says how it is compressed.
        writing = isinstance(label, str) and bool(set(label.partition(":")[0]) & WRITING)
        place = argument(entry, "file", args, named, fallback=0)
        (record.writes if writing else record.reads).add(_file(place))
        return
    found: list[str] = []
    for parameter, files in ((entry.reads, record.reads), (entry.writes, record.writes)):
        if parameter:
            place = argument(entry, parameter, args, named, fallback=entry.position)
            if place is not None and place.value.kind != "none":
                found.append(_file(place))
                files.add(found[-1])
    if entry.needs:
        record.needs |= _needed(entry.needs, found)


def _needed(needs: tuple[str, ...], files: list[str]) -> set[str]:
    """The distributions that a call imports by itself to read or write these files.

    After its name stand the endings of the files that take it; the first with such words is
    that for a file with another ending, and for one that nobody knows.
    """
    always = {need for need in needs if " " not in need}
    by_ending = {end: need.split()[0] for need in needs for end in need.split()[1:]}
    endings = {posixpath.splitext(file.partition("?")[0].lower())[1] for file in files}
    told = {by_ending[end] for end in endings if end in by_ending}
    return always | (told or set(list(by_ending.values())[:1]))


def is_here(folder: str) -> bool:
    """Whether a folder is the working directory, where the notebook's own files are as well."""
    return folder.strip("./") == "" and not folder.startswith(("/", ".."))


def _file(place: Ref | None) -> str:
    return place.label if place is not None and isinstance(place.label, str) else ANY_FILE


def _randomness(
    run: Interpreter, entry: Entry, base: Ref | None, args: list[Ref], named: dict[str, Ref]
) -> None:
    record = run.record
    if entry.random and not entry.constructs and not is_given(entry, args, named):
        record.random.add(entry.random)
    if entry.fits and base is not None:
        # Without a seed of its own, an estimator draws from a shared stream when fitted.
        if base.value.qualname is None:
            steady = run.book.fact(base.value.kind, "steady")
            if steady is None or not named.keys().isdisjoint(steady):
                record.random.add(ANY_STREAM)
        elif UNSEEDED in base.value.items:
            made = run.book.call(base.value.qualname)
            record.random.add(made.random if made and made.random else ANY_STREAM)
    if entry.seeds:
        record.seeds.add(entry.seeds)


def is_given(entry: Entry, args: list[Ref], named: dict[str, Ref]) -> bool:
    """Whether the call passes the seed that keeps it off the shared stream."""
    ref = argument(entry, entry.unless, args, named) if entry.unless else None
    return ref is not None and ref.value.kind != "none"


def _changes(
    run: Interpreter, entry: Entry, base: Ref | None, args: list[Ref], named: dict[str, Ref]
) -> None:
    for parameter in entry.mutates:
        ref = base if parameter == "self" else argument(entry, parameter, args, named)
        if ref is not None and entry.fits and parameter == "self":
            ref = _estimators(run, ref)
        if ref is not None:
            change(run, ref)
            if run.book.fact(ref.value.kind, "holds"):
                inner = run.env.sharing(ref.contents, through_views=False)
                run.record.mutated |= inner
                run.record.shared |= inner
    inplace = named.get("inplace")
    if entry.inplace and inplace is not None and inplace.label is not False and base is not None:
        change(run, base)


def _estimators(run: Interpreter, ref: Ref) -> Ref:
    """What of ``ref`` can be fitted: of a tuple with a model and its table not the table."""
    slots = run.env.root().slots
    held = run.env.root().sharing(ref.bases, through_views=False)
    tables = (slots[name] for name in held if slots[name].value.kind in (*TABLES, "array"))
    return replace(ref, bases=ref.bases.difference(*(table.objects for table in tables)))
