"""Recordings of a notebook and of its package to results."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from chasm.model import Cell
from chasm.verify.files import file_results
from chasm.verify.matching import (
    COMPARED,
    compared,
    paired,
    results_of,
    split,
    unstable_events,
)
from chasm.verify.model import Difference, Event, Result, Run, Status, Stored
from chasm.verify.printed import NUMBER, Lines, same_line, words_of
from chasm.verify.values import Comparison

KINDS = (*COMPARED, "shown", "print")


def judged(first: Run, again: Sequence[Run], package: Run, wanted: frozenset[int]) -> list[Result]:
    """Every result of the notebook, in its order, and what the package has beside them.

    ``again`` has further runs of the notebook: what one of them does not repeat is unstable.
    """
    events = [event for event in first.events if event.kind in KINDS]
    unstable: set[int] = set()
    for run in again:
        repeated = [event for event in run.events if event.kind in KINDS]
        unstable |= unstable_events(events, repeated, Comparison(first.values, run.values))
    stable = [event for number, event in enumerate(events) if number not in unstable]
    moving = [event for number, event in enumerate(events) if number in unstable]
    results = [
        Result(Status.UNSTABLE, event.kind, name_of(event), event.cell)
        for event in moving
        if event.kind != "shown" or event.cell in wanted
    ]
    results += _compared(stable, moving, package, Comparison(first.values, package.values), wanted)
    saved = frozenset(event.name for event in first.events if event.kind == "save")
    results += file_results(first, again, package, saved)
    return sorted(results, key=lambda result: (result.cell is None, result.cell or 0))


def final_results(
    first: Run, again: Sequence[Run], package: Run, cells: Mapping[str, int]
) -> Iterator[Result]:
    """The last values of variables that both have, in the cells where they got them.

    Nobody knows what the last values would have been where one of them did not end. Without
    a second run nothing is known of what changes from run to run.
    """
    if any(run.failure for run in (first, package, *again)):
        return
    unstable = {name for run in again for name in _other_finals(first, run)}
    others = {event.name: event for event in package.events if event.kind == "variable"}
    comparison = Comparison(first.values, package.values, indexed=True)
    for event in first.events:
        if event.kind != "variable" or event.name not in others:
            continue
        cell = cells.get(event.name)
        if event.name in unstable:
            yield Result(Status.UNSTABLE, "variable", event.name, cell)
            continue
        difference = comparison.difference(event.value, others[event.name].value)
        status = Status.DIFFERS if difference else Status.EQUAL
        yield Result(status, "variable", event.name, cell, difference)


def _other_finals(first: Run, again: Run) -> Iterator[str]:
    """Variables whose last values another run of the notebook does not repeat."""
    repeated = {event.name: event for event in again.events if event.kind == "variable"}
    comparison = Comparison(first.values, again.values, indexed=True)
    for event in first.events:
        if event.kind != "variable":
            continue
        other = repeated.get(event.name)
        if other is None or comparison.difference(event.value, other.value):
            yield event.name


def uncompared(first: Run, package: Run, cells: Mapping[str, int]) -> list[str]:
    """Variables whose last values were to be compared, and that the package did not hand over."""
    if first.failure or package.failure:
        return []
    held = {event.name for event in first.events if event.kind == "variable"}
    given = {event.name for event in package.events if event.kind == "variable"}
    return sorted((held & cells.keys()) - given)


def _compared(
    stable: list[Event],
    moving: list[Event],
    package: Run,
    comparison: Comparison,
    wanted: frozenset[int],
) -> Iterator[Result]:
    others = [event for event in package.events if event.kind in COMPARED]
    valued, spoken = split(stable, lambda event: event.kind in COMPARED)
    pairs, left = paired(valued, others, comparison)
    yield from results_of(pairs)
    shown, printed = split(spoken, lambda event: event.kind == "shown")
    lines = Lines(package.lines, package.logged)
    yield from _printed(printed, lines)
    yield from _shown(shown, left, lines, comparison, wanted)
    yield from _extra(left, moving, lines)


def _printed(events: list[Event], lines: Lines) -> Iterator[Result]:
    waiting = []
    swapped = _swapped(events, lines)
    for event in events:
        if lines.take(event.text or ""):
            difference = swapped.get(id(event))
            status = Status.DIFFERS if difference else Status.EQUAL
            yield Result(status, "print", name_of(event), event.cell, difference)
        else:
            waiting.append(event)
    for event in waiting:
        found = lines.take_alike(event.text or "")
        if found is None:
            yield Result(Status.MISSING, "print", name_of(event), event.cell)
        else:
            difference = Difference("line", event.text or "", found)
            yield Result(Status.DIFFERS, "print", name_of(event), event.cell, difference)


def _swapped(events: list[Event], lines: Lines) -> dict[int, Difference]:
    """Lines of one cell that were all printed, and in another order.

    It counts where they say the same words of other figures: nothing else tells which is which.
    """
    groups: dict[tuple[int | None, str], list[Event]] = defaultdict(list)
    for event in events:
        groups[event.cell, words_of(event.text or "")].append(event)
    found = {}
    for group in groups.values():
        texts = [event.text or "" for event in group]
        if len(set(texts)) < 2:
            continue
        for event, other in zip(group, lines.as_printed(texts), strict=True):
            if not same_line(event.text or "", other):
                found[id(event)] = Difference("line", event.text or "", other)
    return found


def _shown(
    events: list[Event],
    left: list[Event],
    lines: Lines,
    comparison: Comparison,
    wanted: frozenset[int],
) -> Iterator[Result]:
    """A shown value is a table that the package keeps, or a text that it prints.

    A mere look is none of the package's business, unless it shows it: it takes what is left over.
    """
    tables = [event for event in left if event.kind == "save"]
    waiting = []
    for event in sorted(events, key=lambda event: event.cell not in wanted):
        pairs, rest = paired([as_saved(event)], tables, comparison)
        if pairs[0][1] is not None and pairs[0][2] is None:
            tables = rest
            left.remove(pairs[0][1])
        elif not lines.take_text(event.text or ""):
            if event.cell in wanted:
                waiting.append(event)
            continue
        yield Result(Status.EQUAL, "shown", event.name, event.cell)
    for event in waiting:
        found = lines.take_alike((event.text or "").split("\n")[0])
        kind = event.value["t"] if event.value else ""
        same_kind = [table for table in tables if table.value and table.value["t"] == kind]
        if same_kind:
            left.remove(same_kind[0])
            tables.remove(same_kind[0])
            difference = compared(event, same_kind[0], comparison)
            yield Result(Status.DIFFERS, "shown", event.name, event.cell, difference)
        elif found is not None:
            difference = Difference("text", (event.text or "").split("\n")[0], found)
            yield Result(Status.DIFFERS, "shown", event.name, event.cell, difference)
        else:
            yield Result(Status.MISSING, "shown", event.name, event.cell)


def as_saved(event: Event) -> Event:
    """A shown value as if it had been saved."""
    return Event("save", event.name, event.cell, event.value, event.text)


def _extra(left: list[Event], moving: list[Event], lines: Lines) -> Iterator[Result]:
    """What only the package did; what answers for an unstable result is none of it."""
    for event in moving:
        if event.kind == "print":
            lines.take_alike(event.text or "")
            continue
        for other in left:
            if (other.kind, other.name) == (event.kind, event.name):
                left.remove(other)
                break
    for event in left:
        yield Result(Status.EXTRA, event.kind, event.name, None)
    for line in lines.left():
        yield Result(Status.EXTRA, "print", line[:80], None)


def name_of(event: Event) -> str:
    """What an event is called in a table."""
    return (event.text or "")[:80] if event.kind == "print" else event.name


def stored_results(
    cells: Iterable[Cell], package: Run, results: Iterable[Result]
) -> Iterator[Stored]:
    """The lines with figures that the notebook's file holds, beside what the package printed.

    A line that is another in every run says nothing.
    """
    lines = Lines(package.lines, package.logged)
    moving = {
        words_of(r.name) for r in results if r.status is Status.UNSTABLE and r.kind == "print"
    }
    waiting = []
    for cell in cells:
        for line in cell.printed:
            if not any("." in number for number in NUMBER.findall(line)):
                continue
            if words_of(line[:80]) in moving:
                continue
            if lines.take(line) or lines.take_text(line):
                yield Stored(cell.index, line, Status.EQUAL)
            else:
                waiting.append((cell.index, line))
    for index, line in waiting:
        found = lines.take_alike(line)
        status = Status.MISSING if found is None else Status.DIFFERS
        yield Stored(index, line, status, found or "")
