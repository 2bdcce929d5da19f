"""Notebooks written as text: percent format with counts, tags and stored outputs.

``# %% count=3 tags=a,b type=raw`` starts a cell; ``#> text`` is a line that it printed,
``#! Error: message`` the exception in which it ended, ``#*> 500`` so many characters of output.
"""

import json
import re
from pathlib import Path
from typing import Any

from chasm.analyse import analyse, imported_roots
from chasm.checks import CHECKS, Subject, chosen, run_checks
from chasm.findings import Finding
from chasm.read import parse_notebook
from chasm.rulebook import load_rulebook
from support.cells import code, notebook

#: What an environment is said not to have.
MISSING = frozenset({"nobody_has_this"})
MARK = re.compile(r"^# %%(.*)$")


def ipynb(text: str) -> str:
    """The ``.ipynb`` file that ``text`` describes."""
    cells: list[dict[str, Any]] = []
    for line in text.strip("\n").split("\n"):
        if match := MARK.match(line):
            cells.append(_cell(match.group(1)))
        elif line.startswith(("#> ", "#*> ")):
            said = line[3:] if line[1] == ">" else "x" * int(line[4:])
            cells[-1]["outputs"].append(
                {"output_type": "stream", "name": "stdout", "text": [said + "\n"]}
            )
        elif line.startswith("#! "):
            name, _, value = line[3:].partition(": ")
            cells[-1]["outputs"].append(
                {"output_type": "error", "ename": name, "evalue": value, "traceback": []}
            )
        else:
            cells[-1]["source"].append(line + "\n")
    for cell in cells:
        if cell["source"]:
            cell["source"][-1] = cell["source"][-1].rstrip("\n")
    return json.dumps(notebook(*cells), indent=1, ensure_ascii=False) + "\n"


def _cell(words: str) -> dict[str, Any]:
    cell = code([])
    for word in words.split():
        key, _, value = word.partition("=")
        if key == "count":
            cell["execution_count"] = int(value)
        elif key == "tags":
            cell["metadata"] = {"tags": value.split(",")}
        elif key == "type":
            cell["cell_type"] = value
    return cell


def findings_of(text: str, *select: str, depth: int | None = 0) -> tuple[Finding, ...]:
    """What the checks say of the notebook that ``text`` describes."""
    read = parse_notebook(Path("a.ipynb"), ipynb(text))
    book = load_rulebook(imported_roots(read))
    subject = Subject(analyse(read, book), book, depth=depth, missing=MISSING)
    return run_checks(subject, CHECKS, chosen(CHECKS, select or ("ALL",)))
