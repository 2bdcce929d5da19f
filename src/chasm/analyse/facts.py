"""The entrance of the analysis: parse, put in order, interpret."""

import re

from chasm.analyse.order import put_in_order
from chasm.analyse.stateful import stateful_modules
from chasm.analyse.statements import Tree, statements_of
from chasm.analyse.syntax import headings_of, parse_cells
from chasm.analyse.views import parted
from chasm.model import Called, Facts, Notebook
from chasm.rulebook import Rulebook

IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)
STAR = re.compile(r"\bimport\s+\*")
LISTED = re.compile(r"^[ \t]*import[ \t]+(.+)$", re.MULTILINE)


def imported_roots(notebook: Notebook) -> frozenset[str]:
    """Import names of the libraries that the notebook may use, found without parsing.

    ``*`` is one of them when there is a star import.
    """
    roots: set[str] = set()
    for cell in notebook.cells:
        # Most cells have neither word, and words are found sooner than lines that start so.
        if "import" not in cell.source and "from" not in cell.source:
            continue
        roots |= set(IMPORT.findall(cell.source))
        for line in LISTED.findall(cell.source):
            roots |= {part.strip().split(".")[0].split(" ")[0] for part in line.split(",")}
        if STAR.search(cell.source):
            roots.add("*")
    return frozenset(name for name in roots if name.isidentifier() or name == "*")


def analyse(notebook: Notebook, book: Rulebook, trees: list[Tree] | None = None) -> Facts:
    """All that can be known of ``notebook`` without running it; never raises on bad code.

    ``trees`` takes the syntax of the statements, for who has to look closer.
    """
    cells, findings, skipped = parse_cells(notebook)
    cells, more = put_in_order(cells, book)
    headings, title, summary = headings_of(notebook)
    called: dict[int, Called] = {}
    return Facts(
        notebook,
        parted(tuple(statements_of(cells, book, trees, called, stateful_modules(notebook.beside)))),
        (*notebook.findings, *findings, *more),
        skipped,
        headings,
        title,
        summary,
        tuple(node for cell in cells for node in cell.body),
        called,
    )
