"""The entrance of reviews: two versions in, what changed out."""

import ast
from collections import Counter
from collections.abc import Sequence

from chasm.model import CellKind, Statement
from chasm.read.secrets import masked
from chasm.review.align import Alignment, align, renamed_node
from chasm.review.cells import aligned_cells
from chasm.review.commands import changed_commands
from chasm.review.deltas import deltas_of
from chasm.review.findings import compared_findings
from chasm.review.flow import flow_of
from chasm.review.lines import Line, code_cells, lines_of, place_of, respelled
from chasm.review.metrics import has_outputs, metrics_of
from chasm.review.model import Change, How, Move, Part, Place, Review, Version
from chasm.review.package import compared_packages
from chasm.review.words import words_of

PARTS = list(Part)


def compare(old: Version, new: Version) -> Review:
    """What changed from ``old`` to ``new`` in the words of the pipeline."""
    cells = aligned_cells(old.facts.notebook, new.facts.notebook)
    found = align(lines_of(old, new), lines_of(new, old), cells)
    cells |= _cells_of(found, cells)
    changes, reordered = _reordered(found, old, new)
    changes += [_changed(found, a, b, old, new) for a, b in found.changed.items()]
    changes += [_gone(found.old[n], old) for n in found.removed if _counts(found.old[n])]
    changes += [_come(found.new[n], new) for n in found.added if _counts(found.new[n])]
    unread = [*_unread(old, new, cells), *changed_commands(found, old, new, cells)]
    changes += unread
    new_findings, mended = compared_findings(old, new, cells, found.renamed)
    package = compared_packages(old, new, found.renamed)
    return Review(
        new.file,
        old.file,
        How.CHANGED,
        tuple(sorted(changes, key=_rank)),
        metrics_of(old, new, cells),
        new_findings,
        mended,
        _moves(found, cells, reordered),
        tuple(sorted(found.renamed.items())),
        _texts(found, unread, old, new, cells),
        has_outputs(old) and not has_outputs(new),
        package,
        flow_of(new.plan, package),
    )


def _cells_of(found: Alignment, cells: dict[int, int]) -> dict[int, int]:
    """Cells that are too little alike, and yet have most statements in common."""
    taken = set(cells.values())
    votes = Counter(
        (found.old[a].statement.cell, found.new[b].statement.cell) for a, b in found.pairs.items()
    )
    more: dict[int, int] = {}
    for (before, after), _ in votes.most_common():
        if before not in cells and before not in more and after not in taken:
            more[before] = after
            taken.add(after)
    return more


def _counts(line: Line) -> bool:
    """Imports are told as what the package depends on."""
    return not line.statement.imports


def _rank(change: Change) -> tuple[int, int, int]:
    at = change.new_at or change.old_at
    return (PARTS.index(change.part), at.cell if at else 0, at.line if at else 0)


def _changed(found: Alignment, a: int, b: int, old: Version, new: Version) -> Change:
    before, after = found.old[a], found.new[b]
    part, what = words_of(after, new)
    was, what_was = words_of(before, old)
    if PARTS.index(was) < PARTS.index(part) and part is not Part.MODEL:
        # What was more than it is now is told by what it was.
        part, what = was, what_was
    one, other = renamed_node(before.tree.node, found.renamed), after.tree.node
    texts = before.code, after.code
    if ast.unparse(one) == ast.unparse(other):
        # The same words from another library: what they stand for is what changed.
        texts = before.key, after.key
        one, other = (ast.parse(text).body[0] for text in texts)
    return Change(
        part, How.CHANGED, what, *texts, deltas_of(one, other),
        place_of(old, before.statement), place_of(new, after.statement),
    )  # fmt: skip


def _gone(line: Line, old: Version) -> Change:
    part, what = words_of(line, old)
    return Change(part, How.REMOVED, what, line.code, old_at=place_of(old, line.statement))


def _come(line: Line, new: Version) -> Change:
    part, what = words_of(line, new)
    return Change(part, How.ADDED, what, new=line.code, new_at=place_of(new, line.statement))


def _reordered(found: Alignment, old: Version, new: Version) -> tuple[list[Change], set[int]]:
    """Statements that changed places with others which have to do with them."""
    changes: list[Change] = []
    seen: set[int] = set()
    kept = found.kept | found.moved
    for a, b in found.moved.items():
        line = found.new[b]
        passed = (found.new[d].statement for c, d in kept.items() if (c < a) != (d < b))
        if _counts(line) and any(_meet(line.statement, other) for other in passed):
            part, what = words_of(line, new)
            places = place_of(old, found.old[a].statement), place_of(new, line.statement)
            code = found.old[a].code, line.code
            changes.append(Change(part, How.ORDER, what, *code, (), *places))
            seen.add(a)
    return changes, seen


def _meet(s: Statement, t: Statement) -> bool:
    """Whether the order of two statements may matter."""
    if s.imports or t.imports:
        return False
    written, other = s.binds | s.mutates, t.binds | t.mutates
    shared = written & (t.reads | other) | other & s.reads
    if s.effects.random & t.effects.random or s.effects.writes & t.effects.reads:
        return True
    if not s.columns or not t.columns:
        # A definition is looked up when it is called, whatever stands between.
        return bool(shared) and s.definition is None and t.definition is None
    touched = set(s.columns) & {*t.columns, *t.labels} or set(t.columns) & set(s.labels)
    return bool(shared and touched)


def _moves(found: Alignment, cells: dict[int, int], told: set[int]) -> tuple[Move, ...]:
    """By pairs of cells, the statements that stand elsewhere and do what they did."""
    counts: dict[tuple[int, int, bool], int] = {}
    for pairs, reordered in ((found.moved, True), (found.kept, False)):
        for a, b in pairs.items():
            old_cell, new_cell = found.old[a].statement.cell, found.new[b].statement.cell
            if a in told or (not reordered and cells.get(old_cell) == new_cell):
                continue
            key = (old_cell, new_cell, reordered)
            counts[key] = counts.get(key, 0) + 1
    return tuple(
        Move(before, after, count, reordered)
        for (before, after, reordered), count in sorted(counts.items())
    )


def _texts(
    found: Alignment, unread: Sequence[Change], old: Version, new: Version, cells: dict[int, int]
) -> int:
    """Cells of which only words changed: Markdown, comments, the layout of code."""
    before = {c.index: c for c in old.facts.notebook.cells}
    after = {c.index: c for c in new.facts.notebook.cells}
    touched = {found.new[n].statement.cell for n in (*found.added, *found.changed.values())}
    gone = {found.old[n].statement.cell for n in found.removed}
    touched |= {one.new_at.cell for one in unread if one.new_at is not None}
    gone |= {one.old_at.cell for one in unread if one.old_at is not None}
    for a, b in (found.kept | found.moved).items():
        one_cell, other_cell = found.old[a].statement.cell, found.new[b].statement.cell
        if a in found.moved or cells.get(one_cell) != other_cell:
            touched.add(other_cell)
            gone.add(one_cell)
    count = 0
    for a, b in cells.items():
        one, two = before[a], after[b]
        code = one.kind is CellKind.CODE
        was = respelled(one.raw, found.renamed) if code else one.raw
        if was.strip() != two.raw.strip() and not (code and (b in touched or a in gone)):
            count += 1
    apart = [c for c in before.values() if c.index not in cells]
    apart += [c for c in after.values() if c.index not in cells.values()]
    return count + sum(c.kind is CellKind.MARKDOWN and bool(c.raw.strip()) for c in apart)


def _unread(old: Version, new: Version, cells: dict[int, int]) -> list[Change]:
    """Cells that no package can hold, as far as their text changed."""
    home = {b: a for a, b in cells.items()}
    before = {c.index: c for c in old.facts.notebook.cells}
    after = {c.index: c for c in new.facts.notebook.cells}
    found = []
    for n in code_cells(new):
        earlier = before.get(home.get(n, 0))
        if n in new.facts.skipped and (earlier is None or earlier.raw != after[n].raw):
            how = How.ADDED if earlier is None else How.CHANGED
            was = masked(earlier.raw) if earlier is not None else ""
            place = Place(n, 1, *_span(new, n))
            text = "code that chasm cannot read"
            found.append(Change(Part.STEP, how, text, was, masked(after[n].raw), new_at=place))
    for n in code_cells(old):
        if n in old.facts.skipped and n not in cells:
            place = Place(n, 1, *_span(old, n))
            text = "code that chasm cannot read"
            found.append(Change(Part.STEP, How.REMOVED, text, masked(before[n].raw), old_at=place))
    return found


def _span(version: Version, cell: int) -> tuple[int, int]:
    lines = version.lines[cell - 1] if cell <= len(version.lines) else ()
    return (lines[0], lines[-1]) if lines else (1, 1)
