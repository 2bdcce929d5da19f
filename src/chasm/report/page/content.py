"""What the page shows, as plain values for its template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from chasm.findings import Finding
from chasm.model import Cell, CellKind, Notebook
from chasm.plan.documents import cells_text
from chasm.plan.model import Fate, Plan
from chasm.plan.origin import Origin
from chasm.report.page import revealed
from chasm.report.page.colours import coloured, plain
from chasm.report.page.prose import prose
from chasm.report.text import printable
from chasm.verify.model import Verdict

#: The order in which a package is read; what is not named follows by its path.
READING = ("data", "features", "training", "report", "pipeline", "config")
MAX_PRINTED = 12
#: Passages with no more than so many lines from one to the next are told as one.
NEAR = 3


@dataclass(frozen=True, slots=True)
class Subject:
    """All that a page is made of; ``texts`` are the cells as they may be shown.

    ``printed`` are the lines that a cell printed when it was last run.
    """

    notebook: Notebook
    texts: Mapping[int, str]
    printed: Mapping[int, Sequence[str]]
    plan: Plan
    files: Mapping[str, str]
    origins: Mapping[str, Sequence[Origin]]
    findings: Sequence[Finding]
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of a file that come from the same cells; of no cell when ``cells`` is empty."""

    id: str
    start: int
    end: int
    cells: tuple[int, ...]
    told: str
    carried: bool
    html: Markup


@dataclass(frozen=True, slots=True)
class File:
    """A file of the package; ``numbers`` are those of its lines, one below the other."""

    id: str
    path: str
    name: str
    blocks: tuple[Block, ...]
    numbers: str
    lines: int
    made: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A file that lines of a cell are in now: for each run of lines a link and its numbers."""

    file: str
    spots: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as the page has it."""

    index: int
    code: bool
    count: int | None
    html: Markup
    printed: str
    drew: bool
    places: tuple[Place, ...]
    left: tuple[str, ...]
    findings: tuple[Finding, ...]


def files_of(subject: Subject) -> list[File]:
    """The files of the package: those with code of the notebook first, in reading order."""
    base = f"src/{subject.plan.package}/"

    def rank(path: str) -> tuple[bool, int, str]:
        name = path.removeprefix(base).removesuffix(".py")
        place = READING.index(name) if name in READING else len(READING)
        return (path not in subject.origins, place, path)

    found = []
    for number, path in enumerate(sorted(subject.files, key=rank), start=1):
        found.append(_file(f"f{number}", path, subject.files[path], subject.origins.get(path, ())))
    return found


def _file(name: str, path: str, text: str, origins: Sequence[Origin]) -> File:
    text = text.removesuffix("\n")
    lines = coloured(text) if path.endswith(".py") else plain(text)
    blocks: list[Block] = []
    last = 0
    for one in [*origins, Origin(len(lines) + 1, len(lines), (), False)]:
        if one.start > last + 1:
            blocks.append(_block(name, lines, Origin(last + 1, one.start - 1, (), False)))
        if one.start <= one.end:
            blocks.append(_block(name, lines, one))
        last = one.end
    numbers = "\n".join(str(number) for number in range(1, len(lines) + 1))
    short = path.rpartition("/")[2]
    return File(name, path, short, tuple(_joined(blocks)), numbers, len(lines), bool(origins))


def _block(name: str, lines: list[Markup], one: Origin) -> Block:
    told = f"from {cells_text(one.cells)}" if one.cells else ""
    # Every line ends with its break, so that empty ones at the end have their height as well.
    html = Markup("").join(line + Markup("\n") for line in lines[one.start - 1 : one.end])
    return Block(f"{name}-{one.start}", one.start, one.end, one.cells, told, one.carried, html)


def _joined(blocks: list[Block]) -> list[Block]:
    """Neighbours of the same origin as one block."""
    found: list[Block] = []
    for one in blocks:
        last = found[-1] if found else None
        if last and (last.cells, last.carried) == (one.cells, one.carried):
            html = last.html + one.html
            found[-1] = Block(
                last.id, last.start, one.end, one.cells, one.told, one.carried, html
            )  # fmt: skip
        else:
            found.append(one)
    return found


def cells_of(subject: Subject, files: Sequence[File]) -> list[Shown]:
    """Every cell of the notebook, with where it went."""
    left = _left_out(subject.plan, subject.notebook)
    places = _places(files)
    found: dict[int, list[Finding]] = {}
    for finding in subject.findings:
        if finding.cell is not None:
            found.setdefault(finding.cell, []).append(finding)
    return [
        _cell(
            subject, cell, tuple(places.get(cell.index, ())), tuple(left.get(cell.index, ())),
            tuple(found.get(cell.index, ())),
        )
        for cell in subject.notebook.cells
    ]  # fmt: skip


def _cell(
    subject: Subject,
    cell: Cell,
    places: tuple[Place, ...],
    left: tuple[str, ...],
    findings: tuple[Finding, ...],
) -> Shown:
    text = subject.texts[cell.index].strip("\n")
    code = cell.kind is CellKind.CODE
    if code:
        html = Markup("\n").join(coloured(text))
    elif cell.kind is CellKind.MARKDOWN:
        html = prose(text)
    else:
        html = Markup("<pre>{}</pre>").format(revealed.code(text))
    lines = [printable(line) for line in subject.printed.get(cell.index, ())]
    more = len(lines) - MAX_PRINTED
    if more > 1:
        # To tell of a single line takes as much room as to show it.
        lines = [*lines[:MAX_PRINTED], f"… {more} more lines"]
    return Shown(
        cell.index,
        code,
        cell.execution_count,
        html,
        "\n".join(lines),
        cell.drew,
        places,
        left,
        findings,
    )


def _places(files: Sequence[File]) -> dict[int, list[Place]]:
    """For each cell the lines that it became: its own statements, no calls of them."""
    found: dict[int, list[Place]] = {}
    for file in files:
        runs: dict[int, list[tuple[Block, int]]] = {}
        for block in file.blocks:
            for cell in block.cells if block.carried else ():
                known = runs.setdefault(cell, [])
                if known and block.start - known[-1][1] <= NEAR:
                    known[-1] = (known[-1][0], block.end)
                else:
                    known.append((block, block.end))
        for cell, blocks in runs.items():
            spots = tuple((f"#{first.id}", _numbers(first.start, end)) for first, end in blocks)
            found.setdefault(cell, []).append(Place(file.name, spots))
    return found


def _numbers(start: int, end: int) -> str:
    return f"{start}–{end}" if end > start else str(start)


def _left_out(plan: Plan, notebook: Notebook) -> dict[int, list[str]]:
    """For each cell what of it is not in the package, and why."""
    reasons: dict[int, dict[str, list[int]]] = {}
    for index, reason in plan.facts.skipped.items():
        reasons.setdefault(index, {})[reason] = []
    for statement in plan.facts.statements:
        fate, reason = plan.fates[statement.id]
        if fate is Fate.LEFT_OUT and statement.cell not in plan.facts.skipped:
            reasons.setdefault(statement.cell, {}).setdefault(reason, []).append(statement.line)
    for index, line, reason in notebook.dropped_lines:
        reasons.setdefault(index, {}).setdefault(reason, []).append(line)
    return {index: [printable(reason) for reason in found] for index, found in reasons.items()}
