"""Finds for each event of the notebook the one of the package that answers for it.

The package's events have no cells. What is equal is paired first, in the order in which it
happened; of what is left, events of one name are paired in their order and differ.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from chasm.verify.model import Difference, Event, Result, Status
from chasm.verify.values import Comparison

#: Kinds whose name is part of what they are; the others are told by their content first.
NAMED = ("fit", "predict", "metric")
COMPARED = (*NAMED, "figure", "save")
Pairs = list[tuple[Event, Event | None, Difference | None]]


def paired(
    notebook: Iterable[Event], package: Iterable[Event], comparison: Comparison
) -> tuple[Pairs, list[Event]]:
    """Each event of the notebook with its answer, and the events of the package that are left."""
    free: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in package:
        free[_group(event)].append(event)
    answers: dict[int, tuple[Event | None, Difference | None]] = {}
    wanted = list(notebook)
    for number, event in enumerate(wanted):
        found = _equal(event, free[_group(event)], comparison)
        if found is not None:
            answers[number] = (found, None)
    for number, event in enumerate(wanted):
        if number not in answers:
            answers[number] = _answer(event, free[_group(event)], comparison)
    pairs = [(event, *answers[number]) for number, event in enumerate(wanted)]
    return pairs, [event for events in free.values() for event in events]


def _group(event: Event) -> tuple[str, str]:
    return event.kind, event.name if event.kind in NAMED else ""


def _equal(event: Event, free: list[Event], comparison: Comparison) -> Event | None:
    # A file that the package writes under the same name is the one that counts.
    named = event.kind == "save" and any(other.name == event.name for other in free)
    for number, other in enumerate(free):
        if named and other.name != event.name:
            continue
        if compared(event, other, comparison) is None:
            return free.pop(number)
    return None


def _answer(
    event: Event, free: list[Event], comparison: Comparison
) -> tuple[Event | None, Difference | None]:
    """The event of the same name that comes next, and how it differs."""
    named = [number for number, other in enumerate(free) if other.name == event.name]
    if not named and event.kind != "figure" or not free:
        return None, None
    other = free.pop(named[0] if named else 0)
    return other, compared(event, other, comparison)


def compared(event: Event, other: Event, comparison: Comparison) -> Difference | None:
    """How two events of one kind differ; a model does not see the names of rows."""
    if event.kind not in ("fit", "predict"):
        comparison = comparison.with_names
    return comparison.difference(event.value, other.value)


def unstable_events(
    first: Iterable[Event], second: Iterable[Event], comparison: Comparison
) -> set[int]:
    """Numbers of those events of the first run that the second run did not repeat.

    Within a cell one of several may be another in every run: the rest is no less stable for that.
    """
    again: dict[tuple[Any, ...], list[Event]] = defaultdict(list)
    for event in second:
        again[event.cell, event.kind, event.name].append(event)
    unstable = set()
    for number, event in enumerate(first):
        others = again[event.cell, event.kind, event.name]
        for place, other in enumerate(others):
            if event.text == other.text and compared(event, other, comparison) is None:
                del others[place]
                break
        else:
            unstable.add(number)
    return unstable


def results_of(pairs: Pairs) -> list[Result]:
    """The pairs as results."""
    found = []
    for event, other, difference in pairs:
        status = Status.MISSING if other is None else Status.EQUAL
        if difference is not None:
            status = Status.DIFFERS
        found.append(Result(status, event.kind, event.name, event.cell, difference))
    return found


def split(
    events: Iterable[Event], wanted: Callable[[Event], bool]
) -> tuple[list[Event], list[Event]]:
    """The events that are wanted, and the others."""
    yes: list[Event] = []
    no: list[Event] = []
    for event in events:
        (yes if wanted(event) else no).append(event)
    return yes, no
